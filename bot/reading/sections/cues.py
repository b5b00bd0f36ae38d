"""Words that tell what kind of piece a story is, whatever it is about.

A newsletter has a few hundred past stories: too few to learn from each word alone what "tutorial" or
"acquires" mean. So the words of one meaning count together; what they say about a desk's sections is learnt
from its past like everything else. Written for articles on technology in Chinese and English.
"""

import re

_MOST = 3
"""Times that a cue counts in a text: an article that says "library" ten times is no more about one."""
_LONG_TITLE = 60
_LONG_TEXT = 400

_CUES = {
    "open source": r"开源|源码|源代码|github|gitee|open.?sourc",
    "tool": r"框架|工具|引擎|库(?![存里])|插件|sdk|toolkit|library|framework|toolbox",
    "paper": r"论文|arxiv|研究者|研究人员|作者提出|本文提出|文章提出|提出了?一种|方法|sota|state.of.the.art"
    r"|we propose|paper",
    "venue": r"cvpr|iccv|eccv|neurips|nips|iclr|icml|aaai|ijcai|\bacl\b|emnlp|kdd|sigmod|osdi|sysml|mlsys"
    r"|isca|asplos|micro\b|interspeech|icassp|顶会",
    "launch": r"发布|推出|宣布|亮相|上线|上市|发售|曝光|release|launch|announce|unveil",
    "business": r"收购|融资|亿美?元|股价|市值|财报|营收|上市公司|出货|市场份额|投资|ceo"
    r"|acqui|funding|billion|million",
    "teaching": r"教程|入门|详解|解析|指南|手把手|一文|原理|浅谈|浅析|深入|解读|总结|笔记|技巧|剖析|概述"
    r"|tutorial|guide|introduction|explained|how to|deep dive",
    "practice": r"实践|部署|优化|经验|实战|加速|踩坑|案例|方案|practice|lessons",
    "question": r"[?？]|如何|为什么|怎么|什么是|怎样|why|what is",
    "opinion": r"如何看待|如何评价|怎么看|热议|观点|思考|访谈|对话|专访|opinion|interview",
    "measure": r"评测|跑分|对比|测评|排行|榜|benchmark|compar|versus|\bvs\b",
    "device": r"手机|处理器|芯片|旗舰|骁龙|麒麟|soc|gpu|npu|chip|phone",
    "version": r"\bv?\d+\.\d+",
    "sum": r"\d+(?:\.\d+)?\s*(?:亿|万元|美元|%)",
    "course": r"课程|公开课|书|报告|大会|讲座|视频|slides|course|book|talk",
}
_PATTERNS = {cue: re.compile(words) for cue, words in _CUES.items()}


def cues(title: str, text: str) -> dict[str, float]:
    """Weigh each cue from 0 to 1, in the title and in the text, both in lower case; zeros are left out."""
    found: dict[str, float] = {}
    for cue, pattern in _PATTERNS.items():
        found[f"title {cue}"] = float(pattern.search(title) is not None)
        found[f"text {cue}"] = min(len(pattern.findall(text)), _MOST) / _MOST
    letters = sum(letter.isascii() and letter.isalpha() for letter in title)
    found["title length"] = min(len(title), _LONG_TITLE) / _LONG_TITLE
    found["title letters"] = letters / max(len(title), 1)
    found["text length"] = min(len(text), _LONG_TEXT) / _LONG_TEXT
    found["no text"] = float(not text)
    return {cue: weight for cue, weight in found.items() if weight}

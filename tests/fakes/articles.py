"""Texts of our own making, long enough to be compared, and what reposting does to them."""

import random
import re

_WORDS = (
    "the moon rises over a harbour where boats carry letters between islands that nobody has mapped since "
    "rain began and engineers count every wave with a small device built from copper glass and patience "
    "because signals travel slowly through fog while models learn from noise what sailors always knew"
)
_CHARACTERS = (
    "月亮升起港湾小船送信岛屿无人绘制雨季开始工程师用铜与玻璃做成装置"
    "数每一道浪信号穿雾缓慢模型从噪声中学会水手早已知晓的事"
)
HEADER = "来源：海风通讯 作者：小林 编辑：阿哲 点击上方蓝字关注我们，设为星标，第一时间收到。"
FOOTER = "推荐阅读：灯塔的一百年。长按识别二维码加入读者群，点个在看支持一下。"


def english(seed: int, *, sentences: int = 40) -> str:
    """An English text, always the same for a seed, unlike those of other seeds."""
    chance = random.Random(seed)
    made = [" ".join(chance.choices(_WORDS.split(), k=12)).capitalize() + "." for _ in range(sentences)]
    return "\n".join(" ".join(made[start : start + 4]) for start in range(0, sentences, 4))


def chinese(seed: int, *, sentences: int = 30) -> str:
    """A Chinese text, likewise."""
    chance = random.Random(seed)
    return "\n".join("".join(chance.choices(_CHARACTERS, k=24)) + "。" for _ in range(sentences))


def reposted(text: str, *, seed: int = 1) -> str:
    """The same with a header, a footer, wide letters, and every tenth sentence gone."""
    chance = random.Random(seed)
    kept = [part for part in re.split(r"(?<=[.。])", text) if chance.random() > 0.1]
    wide = "".join(chr(ord(letter) + 0xFEE0) if "a" <= letter <= "z" else letter for letter in "".join(kept))
    return f"{HEADER}\n{wide}\n{FOOTER}"

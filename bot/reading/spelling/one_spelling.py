"""A link's one spelling as an address: what every spelling of it becomes where somebody wants one to keep."""

from urllib.parse import quote

from bot.reading.spelling.numbered_sites import NUMBERED_SITES

_WHOLE = {
    **{site.kind: site.whole for site in reversed(NUMBERED_SITES)},
    "wx:signature": "https://mp.weixin.qq.com/s?signature={}",
    "wx:tempkey": "https://mp.weixin.qq.com/s?tempkey={}",
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "openreview": "https://openreview.net/forum?id={}",
    "github": "https://github.com/{}",
    "yt": "https://www.youtube.com/watch?v={}",
    "bili": "https://www.bilibili.com/video/{}",
    "weibo": "https://m.weibo.cn/status/{}",
    "baijiahao": "https://baijiahao.baidu.com/s?id={}",
}
_LONGEST_FIRST = sorted(_WHOLE, key=len, reverse=True)


def spelled_out(key: str) -> str:
    """Return the address for a key that was not shortened.

    It is made of what names the article and nothing else; WeChat's long form would need its `sn` to open.
    """
    if key.startswith("wx:") and not key.startswith(("wx:signature:", "wx:tempkey:")):
        return _wechat(key.split(":")[1:])
    for kind in _LONGEST_FIRST:
        if key.startswith(f"{kind}:"):
            name, part = key.removeprefix(f"{kind}:"), ""
            if kind == "bili":
                name, mark, number = name.partition("?p=")  # of a film in parts
                part = mark + number
            return _WHOLE[kind].replace("{}", quote(name, safe="/")) + part
    return key


def _wechat(names: list[str]) -> str:
    quoted = [quote(name, safe="") for name in names]
    match quoted:
        case ["album", account, album]:
            return f"https://mp.weixin.qq.com/mp/appmsgalbum?__biz={account}&action=getalbum&album_id={album}"
        case [account, message, index]:
            return f"https://mp.weixin.qq.com/s?__biz={account}&mid={message}&idx={index}"
        case _:
            return f"https://mp.weixin.qq.com/s/{quote(':'.join(names), safe='')}"

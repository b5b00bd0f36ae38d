"""Pages of realistic size, Chinese and English in turn, made from a seed: no text of anybody's."""

import random
from collections.abc import Callable, Mapping
from functools import cache

COUNT = 300
_HAN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自"
    "二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变"
    "条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指"
    "几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安"
    "场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连"
    "断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属"
    "圆包火住调满县局照参红细引听该铁价严"
)
_LATIN = [
    "board",
    "chip",
    "model",
    "sensor",
    "weights",
    "memory",
    "energy",
    "radio",
    "battery",
    "sample",
    "signal",
    "window",
    "layer",
    "train",
    "measure",
    "quantized",
    "small",
    "quiet",
    "edge",
    "network",
    "spring",
    "team",
    "paper",
    "release",
    "compiler",
    "kernel",
    "cycle",
    "latency",
    "the",
    "a",
    "of",
    "on",
    "in",
    "with",
    "for",
    "and",
    "that",
    "it",
    "reads",
    "keeps",
    "sends",
    "wakes",
    "sleeps",
    "fits",
    "needs",
    "shows",
    "costs",
    "saves",
    "before",
    "after",
    "while",
]


@cache
def pages(count: int = COUNT) -> Mapping[str, bytes]:
    """Return path → page. The sizes, 15 to 120 KB, are those of articles with a site's frame around them."""
    return {f"/{'zh' if n % 2 else 'en'}/{n}": _page(n) for n in range(count)}


def _page(number: int) -> bytes:
    chance = random.Random(number)
    write = _chinese if number % 2 else _english
    title = write(chance, 8)[:-1]
    language = "zh-CN" if number % 2 else "en"
    paragraphs = "".join(
        f'<p class="text">{_paragraph(chance, write)}</p>\n' for _ in range(chance.randint(15, 45))
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:site_name" content="Site {number % 7}">'
        f'<meta name="author" content="Author {number % 31}">'
        f'<meta property="article:published_time" content="2026-05-{number % 28 + 1:02}T08:00:00Z">'
        f"{_frame(chance, 'style', 60)}</head><body>{_frame(chance, 'nav', 80)}"
        f"<article><h1>{title}</h1>{paragraphs}</article>{_frame(chance, 'footer', 120)}</body></html>"
    ).encode()


def _paragraph(chance: random.Random, write: Callable[[random.Random, int], str]) -> str:
    return "".join(write(chance, chance.randint(8, 24)) for _ in range(chance.randint(2, 6)))


def _frame(chance: random.Random, element: str, lines: int) -> str:
    """Return what surrounds an article: links, or rules of style."""
    if element == "style":
        rules = (f".c{n}{{margin:{n}px;color:#{chance.randrange(16**6):06x}}}" for n in range(lines))
        return f"<style>{''.join(rules)}</style>"
    links = (f'<li class="c{n}"><a href="/page/{n}">{chance.choice(_LATIN)}</a></li>' for n in range(lines))
    return f"<{element}><ul>{''.join(links)}</ul></{element}>"


def _chinese(chance: random.Random, words: int) -> str:
    return "".join(chance.choices(_HAN, k=words * 2)) + f"，共{chance.randint(2, 99)}项。"


def _english(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_LATIN, k=words)).capitalize() + f" {chance.randint(2, 99)} times. "

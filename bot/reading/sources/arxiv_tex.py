"""TeX in a paper's title and abstract, as plain text where that is simple; what is not is left as it is."""

import re

_MARK_UP = re.compile(
    r"\\(?:emph|textit|textbf|texttt|textsc|textsf|textrm|text|mathrm|mathbf|mathcal|mathbb|mbox|underline|url)"
    r"\s*\{([^{}]*)\}"
)
_LINK = re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_FORMULA = re.compile(r"\$(?!\s)([^$]{1,80})(?<!\s)\$")
"""Between two dollar signs, but not between two sums of money."""
_SIGNS = {
    r"\times": "×",
    r"\sim": "~",
    r"\approx": "≈",
    r"\leq": "≤",
    r"\le": "≤",
    r"\geq": "≥",
    r"\ge": "≥",
    r"\pm": "±",
    r"\cdot": "·",
    r"\rightarrow": "→",
    r"\to": "→",
    r"\infty": "∞",
    r"\ell": "ℓ",
    r"\alpha": "α",
    r"\beta": "β",
    r"\gamma": "γ",
    r"\delta": "δ",
    r"\epsilon": "ε",
    r"\lambda": "λ",
    r"\mu": "μ",
    r"\pi": "π",
    r"\sigma": "σ",
    r"\%": "%",
}
_SIGN = re.compile(r"\\(?:[A-Za-z]+|%)")
_ESCAPED = re.compile(r"\\([%&_#${}])")
_SIMPLE = re.compile(r"[\w\s.,:+\-−×~≈≤≥±·→∞/%()<>=*|α-ω]+")
"""What a formula is made of that reads as well without its dollar signs."""


def without_tex(text: str) -> str:
    r"""Return TeX as text: `\emph{fast}` is fast, `$3\times$` is 3×, `5\%` is 5 %, ``so'' is “so”."""
    text = _LINK.sub(r"\2 (\1)", text)
    for _ in range(3):  # one inside another
        text = _MARK_UP.sub(r"\1", text)
    text = _FORMULA.sub(_without_dollars, text)
    text = text.replace("``", "“").replace("''", "”")
    text = _ESCAPED.sub(r"\1", text)
    return re.sub(r"(?<=\w)~(?=\w)", " ", text)


def _without_dollars(formula: re.Match[str]) -> str:
    plain = _SIGN.sub(lambda sign: _SIGNS.get(sign[0], sign[0]), formula[1])
    plain = re.sub(r"\{([^{}]*)\}", r"\1", plain)
    return plain.strip() if _SIMPLE.fullmatch(plain) else formula[0]

"""Numbers that sites also write as names: Bilibili's videos, Weibo's posts."""

import re
import string

_BILI_LETTERS = "FcwAPNKTMug3GV5Lj7EJnHpWsx4tb8haYeviqBz6rkCy12mUSDQX9RdoZf"
_BILI_MASK, _BILI_TOP = 23442827791579, 1 << 51
_BILI_DIGITS = 9
_WEIBO_LETTERS = string.digits + string.ascii_lowercase + string.ascii_uppercase
_WEIBO_FIGURES = 10_000_000  # of the number, for each four letters of the name


def video_of_number(video: str) -> str:
    """Return Bilibili's name of a video (`BV…`) for its old number (`av…`); a name as the site writes it.

    The rule is public since 2020: the number, masked, to base 58 in a shuffled order.
    """
    number = re.fullmatch(r"av([0-9]{1,15})", video, re.IGNORECASE)
    if number is None:
        return re.sub(r"^bv(?=1\w{9}$)", "BV", video, flags=re.IGNORECASE)
    rest = (_BILI_TOP | int(number[1])) ^ _BILI_MASK
    letters = [""] * _BILI_DIGITS
    for place in range(_BILI_DIGITS - 1, -1, -1):
        rest, letter = divmod(rest, len(_BILI_LETTERS))
        letters[place] = _BILI_LETTERS[letter]
    for one, other in ((0, 6), (1, 4)):
        letters[one], letters[other] = letters[other], letters[one]
    return "BV1" + "".join(letters)


def weibo_name(number: int) -> str:
    """Return Weibo's name of a post for its number: every seven figures are four letters to base 62."""
    name = ""
    while number:
        number, part = divmod(number, _WEIBO_FIGURES)
        letters = ""
        while part or (number and len(letters) < 4):
            part, letter = divmod(part, len(_WEIBO_LETTERS))
            letters = _WEIBO_LETTERS[letter] + letters
        name = letters + name
    return name

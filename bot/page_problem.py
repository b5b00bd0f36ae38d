"""Why a page could not be read, and what people can do about it, in their language. Pure."""

from collections.abc import Mapping

from bot.reading.verdict import Reason, Verdict, reason_of, reference_in
from bot.wording import Wording

ADVICE: Mapping[Verdict, str] = {
    Verdict.THIN: "more",
    Verdict.GONE: "paste",
    Verdict.LOGIN: "open",
    Verdict.VERIFICATION: "person",
    Verdict.NOT_ARTICLE: "write",
    Verdict.BLOCKED: "paste",
    Verdict.TOO_BIG: "gist",
    Verdict.TOO_SLOW: "retry",
    Verdict.UNREADABLE: "retry",
}
"""What helps after each verdict."""

OWN_ADVICE: Mapping[Reason, str] = {
    Reason.PICTURES_ONLY: "describe",
    Reason.VIDEO: "describe",
    Reason.METADATA_ONLY: "open",
    Reason.PDF: "gist",
    Reason.PDF_WITHOUT_TEXT: "gist",
    Reason.PDF_ENCRYPTED: "gist",
    Reason.PDF_BROKEN: "link",
    Reason.ACCOUNT_MOVED: "link",
    Reason.LINK_EXPIRED: "link",
    Reason.BAD_LINK: "link",
    Reason.UNKNOWN_HOST: "link",
    Reason.NOT_A_WEB_ADDRESS: "link",
    Reason.TOO_MANY_REDIRECTS: "link",
    Reason.BAD_REDIRECT: "link",
    Reason.PRIVATE_ADDRESS: "allow",
    Reason.ROBOTS: "open",
    Reason.HTTP_401: "open",
    Reason.HTTP_402: "open",
    Reason.HTTP_403: "open",
    Reason.HTTP_429: "retry",
    Reason.READING_TIME: "gist",
    Reason.TOO_MANY_TAGS: "gist",
    Reason.NOT_TEXT: "open",
    Reason.READER_FAILED: "open",
    Reason.READER_CRASHED: "gist",
    Reason.OUT_OF_MEMORY: "gist",
    Reason.CERTIFICATE: "open",
    Reason.BUG: "bug",
}
"""What helps where the verdict's advice does not fit."""


def page_problem(verdict: str, reason: str, *, number: int, wording: Wording) -> str:
    """Say in a sentence what was found, and in another what to do.

    `reason` may be a code of an older release: then the verdict speaks alone.
    """
    known = reason_of(reason)
    advice = OWN_ADVICE.get(known, ADVICE[Verdict(verdict)]) if known else ADVICE[Verdict(verdict)]
    said = wording.say(f"advice_{advice}", number=number, reference=reference_in(reason))
    return wording.paragraph([reason_in_words(verdict, reason, wording), said])


def reason_in_words(verdict: str, reason: str, wording: Wording) -> str:
    """Say in a sentence why a page's reading ended as it did."""
    known = reason_of(reason)
    if known is None:
        return wording.say(f"verdict_{verdict}")
    return wording.say(f"reason_{known}", reference=reference_in(reason))

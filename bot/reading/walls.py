"""What stands before a page: a test for people, a way to the login."""

import re
from urllib.parse import urlsplit

CHALLENGED_STATUSES = frozenset({403, 405, 429, 503})
"""With these statuses challenges are served: Cloudflare's 403 and 503, AWS's 405, most others' 403."""

_CHALLENGE = re.compile(
    r"_cf_chl_opt|cf-chl-widget|<title>\s*just a moment|attention required! \| cloudflare"  # Cloudflare
    r"|captcha-delivery\.com|px-captcha|_incapsula_resource|awswaf\.com|sec-if-cpt-container"
    r"|verify(ing)? (that )?you are (a )?human|complete the (security check|captcha)|g-recaptcha|h-captcha"
    r"|环境异常|完成验证后即可继续访问|人机验证|滑动验证|安全验证|请输入验证码",
    re.IGNORECASE,
)
"""Marks of the tests that are common; of each, what stands on no page that only refuses."""

_LOGIN_PATH = re.compile(
    r"/(log[-_]?in|sign[-_]?in|passport|servicelogin|sso|authwall|oauth2?|cas)(\.\w+)?(/|$)", re.IGNORECASE
)
_LOGIN_HOST = re.compile(r"(login|signin|passport|sso|accounts?|auth)\.", re.IGNORECASE)


def challenge_in(body: bytes) -> bool:
    """Tell whether a refusal asks for a proof that a person is reading."""
    return _CHALLENGE.search(body.decode("utf-8", "replace")) is not None


def sent_to_login(asked: str, final: str) -> bool:
    """Tell whether a redirect ended at a page for signing in that was not asked for."""
    return asked != final and is_login(final) and not is_login(asked)


def is_login(url: str) -> bool:
    """Tell whether an address is a site's page for signing in, by its host or path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_LOGIN_PATH.search(parts.path) or _LOGIN_HOST.match(parts.hostname or ""))

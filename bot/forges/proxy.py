"""The proxy that the environment names for an address; its user's password file (.netrc) is never read.

aiohttp's own `trust_env` reads both: what .netrc says of a host would go there beside our token, or in its
place.
"""

from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL


def proxy_for(address: str) -> dict[str, Any]:
    """Return what aiohttp is to be told of a proxy: nothing where there is none; raises ValueError."""
    asked = URL(address)
    named = getproxies().get(asked.scheme, "")
    if not named or proxy_bypass(asked.host or ""):
        return {}
    proxy = URL(named if "://" in named else f"http://{named}")
    if proxy.user is None:
        return {"proxy": proxy}
    # aiohttp makes a Proxy-Authorization of it, for a tunnel and for a plain request alike.
    login = {"Authorization": aiohttp.encode_basic_auth(proxy.user, proxy.password or "")}
    return {"proxy": proxy.with_user(None), "proxy_headers": login}

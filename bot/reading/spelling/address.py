"""A web address taken apart, and put together in one way, whatever site it belongs to."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, unquote_plus, urlsplit

_TRACKING = re.compile(
    r"utm(_.*)?|spm(_.*|\..*)?|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|igsh"
    r"|mc_cid|mc_eid|mkt_tok|_hs.*|hsa_.*|vero_.*|oly_.*|_ga|_gl|ref|ref_.*|referrer|referer|from|fromsource"
    r"|isappinstalled|share|share_.*|sharer_.*|source|si|scm|pvid|vd_source|unique_k|tt_from|wxshare_count"
    r"|nsukey|weibo_id|cmpid|ncid|campaign_id|trk|trkinfo|sr_share|smid|smtyp|at_(medium|campaign).*|__s"
    r"|ck_subscriber_id|s_kwcid|ef_id|rb_clickid|wickedid|guce.*|depth_1-.*|mpshare|srcid|clicktime|enterid"
    r"|amp|outputtype|hmsr|hmpl|hmcu|hmkw|hmci|bd_vid|mtm_.*"
    r"|pk_.*|piwik_.*|matomo_.*|itm_.*|xtor|wt_mc"
    r"|mibextid|srsltid|wprov|li_fat_id|rdt_cid|epik|_branch_.*|__twitter_impression|_openstat|elqtrack(id)?"
    r"|dm_i|sc_cid|bsft_.*|_kx|__hs(sc|tc|fp)|hsctatracking|zanpid|iclid|nr_email_referer|ml_subscriber.*"
    r"|from_source|from_spmid|usg|ved|sfnsn|share_?from|share_?uid|buvid|seid|plat_id|is_story_h5"
    r"|is_from_webapp|share_token|chksm|pass_ticket|wx_header|hss_channel|linkid|soc_(src|trk)",
    re.IGNORECASE,
)
"""Query names that say how the reader came, never which article; cf. ClearURLs and 980 newsletter links."""
_ROUTE = re.compile(r"!?/")
_INDEX = re.compile(r"/(index|default)\.(html?|php|aspx?|jsp)$", re.IGNORECASE)
_AMP = re.compile(r"(/[^/\d-]*[-\d][^/]*)(?:/amp/?|\.amp(?=\.html?$)|\.amp$)", re.IGNORECASE)
"""The quick copy for phones, behind a path that looks like an article's; `/guitars/amp` does not."""
_PATH_SAFE = "/~!$&'()*+,;=:@-._"
_QUERY_SAFE = "~!$'()*,;:@-._/"
_AMP_HOST = re.compile(r"^amp\.(?=[^.]+\.[^.])")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class NoAddressError(ValueError):
    """What was given is not an http(s) address."""


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address in parts. User name and password are left out: they are never printed nor sent."""

    scheme: str
    host: str
    """Lower-case ASCII, IDNA-encoded; an IPv6 address in brackets."""
    port: int | None
    """None when it is the scheme's own."""
    path: str
    """As given."""
    query: str
    """As given."""
    fragment: str

    @property
    def site(self) -> str:
        """The host without `www.`."""
        return self.host.removeprefix("www.")

    @property
    def parts(self) -> list[str]:
        """The path's segments, decoded, without empty ones."""
        return [unquote(part) for part in self.path.split("/") if part]

    @property
    def pairs(self) -> dict[str, str]:
        """The query by name; the last of several with one name counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.host}{self.port_suffix}"

    @property
    def port_suffix(self) -> str:
        """The port as it stands in an address, or nothing."""
        return "" if self.port is None else f":{self.port}"


def address_in(url: str) -> Address:
    """Take an address apart.

    Raises NoAddressError where it is not http(s), or its host or port cannot be one.
    """
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise NoAddressError(url) from error
    if split.scheme not in _DEFAULT_PORTS:
        raise NoAddressError(url)
    return Address(
        scheme=split.scheme,
        host=_host(split),
        port=None if port in (None, _DEFAULT_PORTS[split.scheme]) else port,
        path=split.path or "/",
        query=split.query,
        fragment=split.fragment,
    )


def _host(split: SplitResult) -> str:
    host = (split.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise NoAddressError(split.netloc) from error
    if not re.fullmatch(r"[a-z0-9._-]+", host):
        raise NoAddressError(split.netloc)
    return host


def without_tracking(address: Address) -> str:
    """Return the address as given, less query names that only track and a fragment that is no route."""
    kept = [
        pair
        for pair in address.query.split("&")
        if pair and not _tracks(unquote_plus(pair.partition("=")[0]))
    ]
    query = "?" + "&".join(kept) if kept else ""
    fragment = f"#{address.fragment}" if _ROUTE.match(address.fragment) else ""
    return f"{address.origin}{address.path}{query}{fragment}"


def plain_key(address: Address) -> str:
    """Return the one spelling of an address on a site we have no rule for.

    https, no `www.`, no default port, dot segments resolved, index file and last slash dropped, one
    percent-encoding, query sorted without tracking names. A `#/` or `#!` route stays: it names the page.
    """
    pairs = sorted(
        (name, value) for name, value in parse_qsl(address.query, keep_blank_values=True) if not _tracks(name)
    )
    query = "&".join(
        f"{quote(name, safe=_QUERY_SAFE)}={quote(value, safe=_QUERY_SAFE)}" for name, value in pairs
    )
    fragment = f"#{_one_encoding(address.fragment)}" if _ROUTE.match(address.fragment) else ""
    host = f"{_AMP_HOST.sub('', address.site)}{_key_port(address)}"
    return f"https://{host}{key_path(address.path)}{'?' if query else ''}{query}{fragment}"


def is_front_page(url: str) -> bool:
    """Tell whether an address is a site's own, to which many of its pages may lead."""
    address = address_in(url)
    return key_path(address.path) == "/" and not address.query and not _ROUTE.match(address.fragment)


def is_same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are on one host, be it as the site for phones or the quick copy of it."""
    try:
        return _site_of(address_in(one)) == _site_of(address_in(other))
    except NoAddressError:
        return False


def _site_of(address: Address) -> str:
    return re.sub(r"^(?:(?:www|m|mobile|wap|amp)\.)+(?=[^.]+\.)", "", address.host)


def _key_port(address: Address) -> str:
    return "" if address.port in (80, 443) else address.port_suffix


def key_path(path: str) -> str:
    """Return the one spelling of a path."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    resolved = _AMP.sub(r"\1", _INDEX.sub("/", "/" + "/".join(segments)))
    return _one_encoding(resolved).rstrip("/") or "/"


def _one_encoding(text: str) -> str:
    """Encode what must be, and nothing else; an encoded slash stays one, since it divides nothing."""
    parts = re.split("%2f", text, flags=re.IGNORECASE)
    plain = (unquote(part, errors="surrogateescape") for part in parts)
    return "%2F".join(quote(part, safe=_PATH_SAFE, errors="surrogateescape") for part in plain)


def _tracks(name: str) -> bool:
    return _TRACKING.fullmatch(name) is not None

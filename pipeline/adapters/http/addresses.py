"""Which addresses may be connected to: names are resolved here, every address is checked, and the connection goes to
a checked one. A name that resolves differently a moment later (DNS rebinding) therefore changes nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore
import httpx

from pipeline.errors import SettingsError

Network = IPv4Network | IPv6Network

_REFUSED = tuple(map(ip_network, (
    "100.64.0.0/10",  # carrier-grade NAT
    "192.0.0.0/24", "3fff::/20", "5f00::/16", "fec0::/10",  # protocols, documentation, segment routing, site-local
    "192.88.99.0/24", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16",
)))  # fmt: skip
"""What Python's `is_global` lets through; the last line are the ways in which IPv6 reaches any IPv4 address."""


class ForbiddenAddressError(Exception):
    """A name resolves to an address that must not be connected to; `str(error)` says which."""


class AddressRules:
    """Public addresses, and the networks that are explicitly allowed.

    `allowed` are networks in CIDR form.

    Raises:
        SettingsError: one of them is no network.
    """

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        try:
            self._allowed: tuple[Network, ...] = tuple(ip_network(network) for network in allowed)
        except ValueError as error:
            raise SettingsError(f"allow_addresses: {error}; write networks such as 10.1.0.0/16") from error

    def check(self, host: str, addresses: Iterable[str]) -> None:
        """Pass when every one of the addresses may be connected to.

        Raises:
            ForbiddenAddressError: one may not.
        """
        for address in addresses:
            if not self._may(address):
                shown = host if host == address else f"{host} is {address}"
                raise ForbiddenAddressError(
                    f"{shown}, not a public address; allow its network in BAYAN_ALLOW_ADDRESSES if it is meant"
                )

    def _may(self, text: str) -> bool:
        address = ip_address(text.partition("%")[0])
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._allowed):
            return True
        return address.is_global and not address.is_multicast and not any(address in net for net in _REFUSED)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks and connects in one step; everything else is httpcore's own."""

    def __init__(self, rules: AddressRules) -> None:
        self._rules = rules
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address of `host`, tried in the resolver's order."""
        addresses = await _resolve(host, port, timeout)
        self._rules.check(host, addresses)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Httpcore's own waiting between its attempts."""
        await self._inner.sleep(seconds)


async def _resolve(host: str, port: int, within: float | None) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(f"{host} was not resolved in {within:g} s") from error
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or error
        raise httpcore.ConnectError(f"{host} cannot be resolved: {said}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedTransport(httpx.AsyncHTTPTransport):
    """The transport of httpx over a pool whose connections are guarded."""

    def __init__(self, rules: AddressRules, *, connections: int) -> None:
        super().__init__(trust_env=False)
        # httpx has no argument for a network backend, and rewriting the URL to the checked address instead would let
        # two names on one address share a TLS connection that was verified for one of them.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5.0,
            network_backend=GuardedBackend(rules),
        )

"""What went wrong, in our words: errors of httpx and statuses of servers become `FetchError`."""

from __future__ import annotations

import ssl

import httpx

from pipeline.adapters.http.addresses import ForbiddenAddressError
from pipeline.errors import FetchError
from pipeline.records import Response

_TRANSIENT = frozenset({408, 425, 429})


def status_error(url: str, answer: Response) -> FetchError:
    """The error of an answer whose status is not 2xx."""
    status = answer.status
    retryable = status >= 500 or status in _TRANSIENT
    where = "" if answer.final_url == url else f" from {answer.final_url}"
    phrase = f" {answer.reason}" if answer.reason else ""
    remedy = "try again later" if retryable else "check the address in a browser"
    detail = f"the server answered {status}{phrase}{where}; {remedy}"
    return FetchError(url, "status", detail, status=status, retryable=retryable)


def fetch_error(url: str, error: Exception) -> FetchError:
    """The error of a try that gave no answer."""
    if isinstance(error, ForbiddenAddressError):
        return FetchError(url, "forbidden-address", str(error))
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return FetchError(url, "protocol", f"no address that can be fetched ({error}); correct it")
    if isinstance(error, httpx.TimeoutException):
        return FetchError(url, "timeout", f"{_TIMEOUTS[type(error)]}; try again later", retryable=True)
    if isinstance(error, httpx.ConnectError) and _is_tls(error):
        return FetchError(url, "tls", f"no trusted TLS connection ({error}); check the server's certificate")
    if isinstance(error, (httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.CloseError)):
        return FetchError(url, "unreachable", f"no connection ({_said(error)}); try again later", retryable=True)
    return FetchError(url, "protocol", f"no valid HTTP answer ({_said(error)}); try again later", retryable=True)


_TIMEOUTS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "no connection in time",
    httpx.ReadTimeout: "the server stopped answering",
    httpx.WriteTimeout: "the server stopped taking the request",
    httpx.PoolTimeout: "no free connection in time",
}


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__

"""Webhooks: an alert as signed JSON, posted to the address of a subscription. Implements the port `Webhooks`.

The signature proves sender and content: HMAC-SHA256 over `<unix time>.<body>` with the subscription's own key, which is
derived from the installation's. A receiver compares it in constant time, refuses old times, and takes a `delivery_id`
once: like a mail, an alert comes twice when the line dies before the answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

import httpx

from pipeline.errors import MailError

TIMEOUT_SECONDS = 15.0
SIGNATURE = "X-Bayan-Signature"
_MAY_PASS_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


def subscription_key(key: str, subscription_id: str) -> str:
    """The key by which the receiver of one subscription checks signatures, hexadecimal: of no use for any other."""
    return hmac.new(key.encode(), f"bayan-webhook:{subscription_id}".encode(), hashlib.sha256).hexdigest()


def signature(body: bytes, *, key: str, at: datetime) -> str:
    """`t=<unix time>,v1=<hexadecimal HMAC>`."""
    stamp = str(int(at.timestamp()))
    digest = hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


class WebhookPoster:
    """Posts alerts; redirects are not followed, certificates are verified, the environment's proxies are left alone.

    Args:
        key: of the installation; the keys of the subscriptions are derived from it.
    """

    def __init__(self, *, key: str) -> None:
        self._key = key

    def post(self, url: str, payload: Mapping[str, object], *, subscription_id: str, now: datetime) -> None:
        """Hand over one alert.

        Raises:
            MailError: no answer, or another than 2xx; retryable for lost lines, 408, 425, 429 and 5xx.
        """
        body = json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        key = subscription_key(self._key, subscription_id)
        headers = {"Content-Type": "application/json", SIGNATURE: signature(body, key=key, at=now)}
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client:
                status = client.post(url, content=body, headers=headers).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            what = " ".join(str(error).split()) or type(error).__name__
            raise MailError(f"webhook: no answer ({what}); it is tried again") from error
        if not HTTPStatus(200) <= status < HTTPStatus(300):
            retryable = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _MAY_PASS_LATER
            remedy = "it is tried again" if retryable else "correct the address in the subscription"
            raise MailError(f"webhook: answered {status}; {remedy}", code=None, retryable=retryable)

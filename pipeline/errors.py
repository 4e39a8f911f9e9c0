"""Every error that Bayan raises on purpose.

An error carries its facts as attributes, names the thing and the remedy in one line, and says whether a retry can help:
Airflow and the HTTP client decide by `retryable` and never by the text. Errors of one package stand in that package
only when nobody else catches them.
"""

from __future__ import annotations


class BayanError(Exception):
    """The root. `str(error)` is one line: what is wrong, where, and what to do.

    Attributes:
        retryable: whether the same call can succeed later with nothing changed by a person.
    """

    retryable = False


class UsageError(BayanError):
    """The command or its input was wrong; the process exits with 2."""


class SettingsError(UsageError):
    """A setting is missing or has a value that cannot be used."""


class SourcesError(UsageError):
    """A sources file or folder is missing or broken."""


class RulesError(BayanError):
    """A rule pack cannot be used.

    Attributes:
        problems: one line a problem, each `path:line: what is wrong; remedy`, all of a pack at once.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class SubscriptionsError(UsageError):
    """A subscriptions file is missing or broken.

    Attributes:
        problems: one line a problem, each `path:line: what is wrong; remedy`, all of a folder at once.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class FetchError(BayanError):
    """A URL gave no usable response.

    Attributes:
        url: the address asked for.
        reason: a short code: `unreachable`, `timeout`, `tls`, `status`, `too-large`, `forbidden-address`, `protocol`,
            `robots` (the site asks not to fetch it), `asked-to-wait` (the server asked for a pause that is not over).
        status: the HTTP status, if a response came.
        retryable: true for timeouts, lost connections, 408, 425, 429 and 5xx.
        retry_after: seconds after which the server wants to be asked again, if it said so.
    """

    retry_after: float | None = None

    def __init__(
        self, url: str, reason: str, detail: str, *, status: int | None = None, retryable: bool = False
    ) -> None:
        self.url = url
        self.reason = reason
        self.status = status
        self.retryable = retryable
        super().__init__(f"{url}: {detail}")


class ParseError(BayanError):
    """Bytes that are not what they were taken for: no feed, no article.

    Attributes:
        reason: a short code: `not-a-feed`, `not-a-sitemap`, `not-a-channel`, `no-article`.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


class WarehouseError(BayanError):
    """The warehouse cannot be used as it stands (older schema, damaged file, read-only)."""


class WarehouseUnavailableError(WarehouseError):
    """The warehouse does not answer now: down, locked."""

    retryable = True


class ArchiveError(BayanError):
    """Evidence could not be written to or read from the archive."""


class GateError(BayanError):
    """The quality gate itself could not judge; nothing of the batch is loaded."""


class MailError(BayanError):
    """A mail was not accepted.

    Attributes:
        code: the SMTP reply code, or None when no reply came.
        retryable: true for 4xx and lost connections.
        refusals: (address, code, the server's words) of each recipient, where it was they who were refused.
    """

    def __init__(
        self,
        detail: str,
        *,
        code: int | None = None,
        retryable: bool = True,
        refusals: tuple[tuple[str, int, str], ...] = (),
    ) -> None:
        self.code = code
        self.retryable = retryable
        self.refusals = refusals
        super().__init__(detail)


class MailServerError(MailError):
    """The mail server cannot be used now: not reached, no TLS, login refused. No other mail would pass either."""

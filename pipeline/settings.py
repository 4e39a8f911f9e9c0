"""Settings from the environment, `BAYAN_…`, checked once at the border.

Nothing here is read at import; `bootstrap` asks for the settings and hands on values. Secrets come from the environment
only and are never printed: a field that holds one is `SecretStr`, or stands in no `repr`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from pipeline.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent
"""The checkout (or image) that holds rules/, schemas/, samples/ and subscriptions/ beside the package."""


Place = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
"""A file or folder; a relative one counts from where the command was called, for the processes it starts too."""


class Settings(BaseSettings):
    """What a deployment decides. Every field is an environment variable `BAYAN_<FIELD>`; an empty one is not set."""

    model_config = SettingsConfigDict(env_prefix="BAYAN_", env_ignore_empty=True, extra="ignore", frozen=True)

    var: Place = Field(default=PROJECT / "var", description="Where the warehouse file, archive, mails and logs live.")
    warehouse_url: str | None = Field(
        default=None, repr=False, description="SQLAlchemy URL; default: SQLite at var/warehouse.db."
    )
    sources: Place = Field(default=PROJECT / "samples" / "newsroom", description="Sources file, or a folder to serve.")
    rules: Place = Field(default=PROJECT / "rules", description="The rule pack.")
    subscriptions: Place = Field(default=PROJECT / "subscriptions", description="Subscription files.")
    contact: str = Field(
        default="",
        pattern=r"^[\x20-\x7e]*$",
        description="Mail or URL in the User-Agent, in ASCII, for the people who run the servers.",
    )
    host_interval: float = Field(
        default=5.0, ge=0, le=3600, description="Seconds between two requests to one host, over all workers."
    )
    host_connections: int = Field(default=2, ge=1, le=10, description="Connections to one host at once.")
    pages_per_pass: int = Field(
        default=200, ge=0, description="New pages fetched for one source in a pass; the others wait for the next."
    )
    revisit_after: int = Field(
        default=3600, ge=0, description="Seconds from the first look at a page to the second; later ones are rarer."
    )
    operators: tuple[str, ...] = Field(
        default=(), description="Mail addresses (JSON list) of those who run the house: what needs them is told there."
    )
    watch_seconds: int = Field(
        default=60, ge=0, le=3600, description="Between two looks of the watcher at a busy feed; 0: no watching."
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="What Prometheus shows as its bearer token; without one, the page's login is needed."
    )
    smtp_host: str | None = Field(default=None, description="SMTP server; without one, a local one keeps the mails.")
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: bool = Field(default=True, description="STARTTLS, certificate verified.")
    webhook_key: SecretStr | None = Field(
        default=None, description="Signs webhooks; what a receiver checks with: bayan alerts subscriptions key ID."
    )
    ui_url: str = Field(
        default="",
        # Airflow knows it; whoever stands behind a proxy knows better.
        validation_alias=AliasChoices("BAYAN_UI_URL", "AIRFLOW__API__BASE_URL"),
        description="Airflow's UI as readers of alerts reach it: where their links lead; none: no links.",
    )
    board_url: str = Field(
        default="", description="Address of another board for analysts; {statement_id} in it is replaced."
    )
    board_password: SecretStr | None = Field(
        default=None, description="Opens `bayan board`; without one it serves this machine alone."
    )
    rule_url: str = Field(default="", description="Address of another page of a rule; {rule_id} in it is replaced.")
    mail_from: str = Field(default="Bayan <bayan@localhost.localdomain>", description="From of every alert.")
    allow_addresses: tuple[str, ...] = Field(
        default=(), description="Networks (CIDR, JSON list) that may be fetched although private: tests, intranets."
    )
    airflow_port: int = Field(default=8080, ge=1, le=65535, description="Port of the Airflow UI on 127.0.0.1.")

    @property
    def database_url(self) -> str:
        """The warehouse's SQLAlchemy URL."""
        return self.warehouse_url or f"sqlite:///{self.var / 'warehouse.db'}"

    @property
    def archive(self) -> Path:
        """The folder of WARC files."""
        return self.var / "archive"

    @property
    def manners(self) -> Path:
        """Where the workers of this machine take turns at hosts."""
        return self.var / "manners"

    @property
    def inbox(self) -> Path:
        """Where operators put files to be ingested: pages, text, JSON Lines, WARC."""
        return self.var / "inbox"

    @property
    def mail_folder(self) -> Path:
        """Where the local SMTP sink keeps mails."""
        return self.var / "mail"

    @property
    def feeds(self) -> Path:
        """Where the Atom feeds of subscriptions are put."""
        return self.var / "feeds"

    def as_environment(self) -> dict[str, str]:
        """The variables that give a child process these settings, the secret ones included."""
        variables = {}
        for name, value in self:
            if value is None:
                continue
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            variables[f"BAYAN_{name.upper()}"] = json.dumps(plain) if isinstance(plain, tuple) else str(plain)
        return variables

    @property
    def data_docs(self) -> Path:
        """Where Great Expectations writes its pages."""
        return self.var / "data_docs"


def read_settings() -> Settings:
    """The settings of this process's environment.

    Raises:
        SettingsError: naming each variable that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = ", ".join(f"BAYAN_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"settings: {wrong}; correct it or leave it out") from error
    except UnreadableError as error:
        # The fields that are lists; pydantic-settings reads their JSON before any validation.
        name = "BAYAN_OPERATORS" if "operators" in str(error) else "BAYAN_ALLOW_ADDRESSES"
        example = {"BAYAN_OPERATORS": "desk@team.example"}.get(name, "10.1.0.0/16")
        raise SettingsError(f"settings: {name} is no JSON list; write {name}='[\"{example}\"]'") from error

"""Subscription files: one YAML file a subscription, read strictly, every mistake of a folder told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.adapters.strict_yaml import Lines, YamlError, load_strict, validation_problems
from pipeline.errors import SubscriptionsError
from pipeline.records import Label, Schedule, Subscription
from pipeline.records.alert import Grouping, Pace
from pipeline.text.folding import fold_word

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def _address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, allow_smtputf8=False).ascii_email or value
    except EmailNotValidError as error:
        raise ValueError(f"{value!r} is no mail address: {error}") from error


def _each_once(values: list[str]) -> list[str]:
    lowered = [value.lower() for value in values]
    if twice := sorted({value for value in lowered if lowered.count(value) > 1}):
        raise ValueError(f"{', '.join(twice)} stands twice; remove one")
    return values


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _time_zone(value: str) -> str:
    if value not in _time_zones():
        raise ValueError(f"{value!r} is no time zone; write an IANA name such as Asia/Baghdad")
    return value


def _phrase(value: str) -> str:
    if not any(character.isalnum() for character in fold_word(value)):
        raise ValueError(f"{value!r} holds no letter; write a word or a phrase")
    return value


def _webhook(value: str) -> str:
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _ON_THIS_MACHINE)
    if not safe or not parts.hostname or "@" in parts.netloc or not value.isascii() or not value.isprintable():
        raise ValueError(f"{value!r} is no https address; plain http is for this machine alone, a login for none")
    return value


_Phrase = Annotated[str, AfterValidator(_phrase), Field(max_length=100)]
_Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
_Address = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"format": "email"})]


class QuietHours(BaseModel):
    """When nothing is sent, in the subscription's time zone; over midnight too."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    begin: _Clock = Field(alias="from", description="Local time, in quotes: '22:00'.")
    until: _Clock = Field(description="Local time, in quotes.")


class SubscriptionFile(BaseModel):
    """Who is told what, and when. One file a subscription."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, title="Subscription")

    id: _Slug = Field(description="Lower-case name, unique over all files. A new id is told all statements once more.")
    name: str = Field(
        min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", description="Stands in the subject of the mails."
    )
    recipients: Annotated[list[_Address], AfterValidator(_each_once)] = Field(
        min_length=1, description="Mail addresses; they do not see each other."
    )
    labels: list[Label] = Field(default=[], description="Only these; empty: all.")
    groups: list[_Slug] = Field(
        default=[], description="Only these groups of the registry, their façades and wings included; empty: all."
    )
    languages: list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]] = Field(
        default=[], description="Only articles in these languages (ISO 639-1); empty: all."
    )
    minimum_confidence: float = Field(default=0.0, ge=0, le=1, description="From 0 to 1.")

    targets: list[_Phrase] = Field(
        default=[], description="Only statements whose target holds one of these words or phrases; empty: all."
    )
    countries: list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = Field(
        default=[], description="Only groups of these countries (ISO 3166 alpha-2, as in rules/groups.yml); empty: all."
    )
    words: list[_Phrase] = Field(
        default=[], description="Only where the text or the headline holds one of these words or phrases; empty: all."
    )
    deliver: Pace = Field(
        default="immediate", description="As soon as there is something, or a digest at the end of each period."
    )
    at: _Clock = Field(default="07:00", description="Local time of a daily or weekly digest, in quotes.")
    weekday: Weekday = Field(default="monday", description="Day of a weekly digest.")
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        default="UTC", description="IANA name in which `at`, `weekday` and `quiet_hours` are meant."
    )
    quiet_hours: QuietHours | None = Field(default=None, description="When nothing is sent; it comes when they end.")
    group_by: Grouping = Field(
        default="all", description="One mail for all that is new, or one for each group, or each group and target."
    )
    repeat_after_hours: float = Field(
        default=0, ge=0, le=168, description="How long after a mail the next about the same group (and target) may go."
    )
    mails_per_hour: int = Field(
        default=20, ge=1, le=1000, description="More than these wait, and one notice an hour says so."
    )
    webhook: Annotated[str, AfterValidator(_webhook)] | None = Field(
        default=None, description="An https address that gets each alert as signed JSON (webhook.schema.json)."
    )
    feed: bool = Field(default=False, description="Whether an Atom feed is written beside the warehouse, in feeds/.")

    @model_validator(mode="after")
    def _digests_are_not_grouped(self) -> SubscriptionFile:
        if self.deliver != "immediate" and (self.group_by != "all" or self.repeat_after_hours):
            raise ValueError("a digest is one mail: group_by and repeat_after_hours need deliver: immediate")
        return self

    def subscription(self) -> Subscription:
        """The record."""
        return Subscription(
            subscription_id=self.id,
            name=self.name,
            recipients=tuple(self.recipients),
            labels=tuple(self.labels),
            groups=tuple(self.groups),
            languages=tuple(self.languages),
            minimum_confidence=self.minimum_confidence,
            targets=tuple(self.targets),
            countries=tuple(self.countries),
            words=tuple(self.words),
            schedule=self._schedule(),
            webhook=self.webhook,
            feed=self.feed,
        )

    def _schedule(self) -> Schedule:
        quiet = self.quiet_hours
        return Schedule(
            pace=self.deliver,
            at=time.fromisoformat(self.at),
            weekday=get_args(Weekday).index(self.weekday),
            time_zone=self.time_zone,
            quiet=(time.fromisoformat(quiet.begin), time.fromisoformat(quiet.until)) if quiet else None,
            grouping=self.group_by,
            repeat_after=timedelta(hours=self.repeat_after_hours),
            mails_per_hour=self.mails_per_hour,
        )


def definition_of(subscription: Subscription) -> dict[str, Any]:
    """The subscription as its file would say it, without what stands at its default."""
    when = subscription.schedule
    said: dict[str, Any] = {
        "id": subscription.subscription_id,
        "deliver": when.pace,
        "at": f"{when.at:%H:%M}",
        "weekday": get_args(Weekday)[when.weekday],
        "quiet_hours": {"from": f"{when.quiet[0]:%H:%M}", "until": f"{when.quiet[1]:%H:%M}"} if when.quiet else None,
        "group_by": when.grouping,
        "repeat_after_hours": when.repeat_after / timedelta(hours=1),
        "time_zone": when.time_zone,
        "mails_per_hour": when.mails_per_hour,
    }
    for name in SubscriptionFile.model_fields.keys() - said.keys():
        value = getattr(subscription, name)
        said[name] = list(value) if isinstance(value, tuple) else value
    fields = SubscriptionFile.model_fields.items()
    return {name: said[name] for name, field in fields if field.is_required() or said[name] != field.default}


def subscription_of(definition: Mapping[str, Any], where: str) -> Subscription:
    """The subscription of a definition that the warehouse keeps.

    Raises:
        SubscriptionsError: this version of Bayan does not take it; `where` names it.
    """
    try:
        return SubscriptionFile.model_validate(dict(definition)).subscription()
    except ValidationError as error:
        raise SubscriptionsError(validation_problems(error, Lines(), where)) from error


def read_subscription(path: Path) -> Subscription:
    """The subscription of one file.

    Raises:
        SubscriptionsError: with every problem of it, `path:line: what; remedy`.
    """
    return _read(path)


def read_subscriptions(folder: Path) -> tuple[Subscription, ...]:
    """The subscriptions of the `.yml` and `.yaml` files in `folder`, in the order of the file names.

    Raises:
        SubscriptionsError: with every problem of every file, `path:line: what; remedy`.
    """
    paths = sorted(path for path in _entries(folder) if path.suffix in {".yml", ".yaml"})
    if not paths:
        raise SubscriptionsError([f"{folder}: holds no subscription; write one as {folder / 'name.yml'}"])
    problems: list[str] = []
    read: dict[str, tuple[Path, Subscription]] = {}
    for path in paths:
        try:
            subscription = _read(path)
        except SubscriptionsError as error:
            problems += error.problems
            continue
        first, _ = read.setdefault(subscription.subscription_id, (path, subscription))
        if first != path:
            problems.append(f"{path}:1: id {subscription.subscription_id!r} is also in {first}; choose another id")
    if problems:
        raise SubscriptionsError(problems)
    return tuple(subscription for _, subscription in read.values())


def subscription_schema() -> dict[str, Any]:
    """The JSON Schema of a subscription file, for editors; `schemas/subscription.schema.json` holds the same."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **SubscriptionFile.model_json_schema()}


def _entries(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError as error:
        what = f"{folder}: cannot be read ({error.strerror}); set BAYAN_SUBSCRIPTIONS to a folder of subscriptions"
        raise SubscriptionsError([what]) from error


def _read(path: Path) -> Subscription:
    try:
        data, lines = load_strict(path.read_text(encoding="utf-8-sig"), str(path))
    except YamlError as error:
        raise SubscriptionsError(error.problems) from error
    except UnicodeDecodeError as error:
        raise SubscriptionsError([f"{path}:1: is not UTF-8 (byte {error.start}); save it as UTF-8"]) from error
    except OSError as error:
        raise SubscriptionsError([f"{path}: cannot be read ({error.strerror}); correct its permissions"]) from error
    if not isinstance(data, dict):
        raise SubscriptionsError([f"{path}:1: holds no subscription; write `id:`, `name:` and `recipients:`"])
    try:
        return SubscriptionFile.model_validate(data).subscription()
    except ValidationError as error:
        raise SubscriptionsError(validation_problems(error, lines, str(path))) from error

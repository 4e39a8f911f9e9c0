"""Subscription files: one YAML file a subscription, read strictly, every mistake of a folder told at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipeline.adapters.strict_yaml import YamlError, load_strict, validation_problems
from pipeline.errors import SubscriptionsError
from pipeline.records import Label, Subscription


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


_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
_Address = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"format": "email"})]


class SubscriptionFile(BaseModel):
    """Who is told what. One file a subscription."""

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
        )


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

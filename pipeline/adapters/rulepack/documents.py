"""The shape of each file of a rule pack, checked before anything is compiled. JSON Schemas in schemas/ say the same."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1)]


class Document(BaseModel):
    """Strict: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class ConditionDocument(Document):
    """What must, or must not, stand near the trigger."""

    name: Text
    cls: Text = Field(alias="class")
    where: Literal["before", "after", "near", "inside", "sentence"]
    within: Annotated[int, Field(ge=0, le=60)] = 3


class SamplesDocument(Document):
    """Sentences written for the rule."""

    match: Annotated[list[Text], Field(min_length=3)]
    no_match: Annotated[list[Text], Field(min_length=3)]
    todo: list[Text] = []


class RuleDocument(Document):
    """One rule."""

    id: Slug
    label: Literal["threat", "admission", "truce"]
    language: Literal["ar", "en"]
    status: Literal["experimental", "stable", "deprecated"]
    cameo: Annotated[str, Field(pattern=r"^\d{2,4}$")]
    description: Text
    voice: Literal["agent", "own-words", "own-deeds", "heading", "own-agent", "anybody"]
    patterns: Annotated[list[list[str | int]], Field(min_length=1)]
    needs: list[str | ConditionDocument] = []
    unless: list[str | ConditionDocument] = []
    samples: SamplesDocument


class ConditionsFile(Document):
    """Conditions that many rules share, by name."""

    conditions: list[ConditionDocument]


class ClassDocument(Document):
    """A lexicon class."""

    description: Text
    verbs: list[Text] = []
    nouns: list[Text] = []
    words: list[Text] = []


class LexiconFile(Document):
    """Lexicon classes of one language, or a part of them."""

    language: Literal["ar", "en"]
    short_stems: list[Text] = []
    words: list[Text] = []
    classes: dict[str, ClassDocument]


class GroupDocument(Document):
    """One armed group."""

    id: Slug
    name_en: Text
    names_ar: list[Text] = []
    names_en: list[Text] = []
    quoted_names_ar: list[Text] = []
    contextual_names_ar: list[Text] = []
    context_ar: list[Text] = []
    kind: Literal["group", "umbrella", "wing", "facade"]
    parent: Slug | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None


class GroupsFile(Document):
    """The registry of groups."""

    groups: list[GroupDocument]


class SpeakerDocument(Document):
    """One person known to speak for a group."""

    id: Slug
    group: Slug
    names_ar: list[Text] = []
    names_en: list[Text] = []
    surnames: list[Text] = []


class SpeakersFile(Document):
    """The registry of speakers."""

    speakers: list[SpeakerDocument]

"""English attribution: phrases, subjects, reported words and what short words refer to."""

import pytest

from pipeline.statements import Engine


def told(engine: Engine, text: str) -> list[tuple[str, str | None, str | None]]:
    """Label, group and speaker of each statement."""
    return [(s.label, s.group, s.speaker) for s in engine.classify(text, language="en")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A spokesman for the PKK, Rojhat Kandil, said it had shelled the barracks.", ("pkk", "Rojhat Kandil")),
        ("Rojhat Kandil, a member of the PKK's council, said it had shelled the barracks.", ("pkk", "Rojhat Kandil")),
        (
            "Hezbollah field commander Adel Shamseddin said they had shelled the barracks.",
            ("hezbollah", "Adel Shamseddin"),
        ),
        ("An outfit calling itself Liwa Khaybar said it had shelled the barracks.", ("liwa-khaybar", None)),
        ("The Taliban, who hold the valley, said they had shelled the barracks.", ("taliban", None)),
        ("The barracks had been shelled by its gunners, Hezbollah said.", ("hezbollah", None)),
        ("The shelling of the barracks, which Hezbollah claimed, lasted an hour.", ("hezbollah", None)),
        ("In a statement posted on Telegram, Hamas said its fighters “shelled the barracks”.", ("hamas", None)),
        ("PKK fighters shelled an army post, the group said in a notice posted on a site.", ("pkk", None)),
        ("Men loyal to the PKK said they had shelled the barracks.", ("pkk", None)),
        ("The PKK boasted of having shelled the barracks.", ("pkk", None)),
        ("The PKK told reporters that it had shelled the barracks.", ("pkk", None)),
        ("The barracks had been shelled by its divers, the PKK said.", ("pkk", None)),
        ("A PKK commander admitted that men under his command had shelled the barracks.", ("pkk", None)),
        ("A message attributed to the PKK and posted online said it had shelled the barracks.", ("pkk", None)),
        ("In a statement claiming the shelling of the barracks, Hezbollah named the street.", ("hezbollah", None)),
        ("Mali: PKK rebels shelled the barracks, their spokesman Adel Ward said.", ("pkk", "Adel Ward")),
        ("The barracks are ash, said its valley-wide spokesman. The PKK: shelled the barracks at dawn.", ("pkk", None)),
        ("Hezbollah shelled the barracks, its spokesman Brig. Gen. Adel Ward said.", ("hezbollah", "Adel Ward")),
    ],
)
def test_who_admits(engine: Engine, text: str, expected: tuple[str, str | None]) -> None:
    """Titles, appositions, parentheses, possessives and passives lead to the group and its speaker."""
    assert told(engine, text) == [("admission", *expected)]


@pytest.mark.parametrize(
    "text",
    [
        "The Sons of the Valley said they had shelled the barracks.",
        "A cell styling itself the Valley Watch said it had shelled the barracks.",
        "The Green Valley Martyrs said they had shelled the barracks.",
        "Ansar al-Wadi said it had shelled the barracks.",
        "Valley Watch, a shadowy outfit in the north, said it had shelled the barracks.",
        "Militants holding the two young geologists said they had shelled the barracks.",
    ],
)
def test_groups_of_no_registry(engine: Engine, text: str) -> None:
    """A group that nobody listed is known by its name, by what it calls itself and by its apposition."""
    assert told(engine, text) == [("admission", None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "The Valley Army said it had shelled the barracks.",
        "The Valley Watch said it had shelled the barracks.",
        "Hezbollah said the gunmen killed in the strike on the barracks were from the valley.",
        "Hezbollah warned that Israel would attack the barracks.",
        "Hamas praised the shelling without saying that it was behind the blast.",
        "President Marsh said Hezbollah had promised, through envoys, to hold its fire.",
        "The PKK guards an army post, witnesses said, that rebels had shelled.",
        "Hezbollah said its barracks had been shelled.",
        "Hezbollah said Israel had shelled the barracks.",
        "The army said Hezbollah had shelled the barracks.",
        "A doctor said Hezbollah would shell the barracks.",
        "Hezbollah said a shell killed two officers.",
        "Her captors had threatened to kill her, the nurse said.",
        "Egypt said Hamas had agreed to a truce.",
        "Hamas said Israel must halt its attacks.",
    ],
)
def test_whose_words_or_deeds_are_others(engine: Engine, text: str) -> None:
    """What befalls a group, what others do, and what others tell of it is no statement of the group."""
    assert told(engine, text) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Adel Shamseddin, a Hezbollah commander, met reporters. “Our rockets will reach the port,” he said.", True),
        (
            "Adel Shamseddin, a Hezbollah commander, met reporters. Shamseddin said the group would shell the port.",
            True,
        ),
        ("A Hezbollah spokesman wept for the dead. He added that the group would shell the port.", False),
        ("The minister spoke for an hour. He added that Hezbollah would shell the port.", None),
    ],
)
def test_short_words_refer_back(engine: Engine, text: str, speaker: bool | None) -> None:  # noqa: FBT001
    """A pronoun or a surname means who spoke before, a state's minister too."""
    name = "Adel Shamseddin" if speaker else None
    assert told(engine, text) == ([] if speaker is None else [("threat", "hezbollah", name)])

"""What a rule set read at one place of a text: the columns by which a sighting keeps a reading as it was held.

`statements` shows the reading that stands now; each earlier one stays in the sighting that it closed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Text

from pipeline.adapters.warehouse.columns import JSON_TEXT


def reading_columns() -> list[Column[Any]]:
    """New columns, in the order of the table."""
    return [
        Column(
            "found_id", Text, nullable=False, comment="statement id of exactly what stands here; differs when merged"
        ),
        Column("text", Text, comment="the words here; null: word for word those of the statement"),
        Column("speaker", Text, comment="speaker as named here"),
        Column("channel", Text, comment="channel as named here"),
        Column("target", Text, comment="target as written here"),
        Column("condition", Text, comment="condition as written here; null beside one in the statement: dropped"),
        Column("said_on", Date, comment="day of saying as told here"),
        Column("said_on_precision", Text, comment="day, month or year; null with said_on"),
        Column("said_on_basis", Text, comment="text, relative-to-text, relative-to-publication or publication"),
        Column(
            "quoted", Boolean, nullable=False, comment="whether the group's own words stand in quotation marks here"
        ),
        Column("confidence", Float, nullable=False, comment="0 to 1, as this rule set read it"),
        Column("cameo", Text, nullable=False, comment="CAMEO code, as this rule set read it"),
        Column("rule_ids", JSON_TEXT, nullable=False, comment="ids of the rules that fired here, sorted"),
        Column("cues", JSON_TEXT, nullable=False, comment="[start, end, role] in this version's body"),
    ]

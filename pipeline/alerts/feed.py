"""A subscription as an Atom feed (RFC 4287): what was found last, for those who read feeds rather than mail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from pipeline.alerts.card import Card, card
from pipeline.alerts.registry import Found, Registry
from pipeline.alerts.telling import Links
from pipeline.alerts.untrusted import harmless
from pipeline.records import Subscription

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_feed(
    subscription: Subscription,
    found: Iterable[tuple[Found, datetime]],
    registry: Registry,
    links: Links,
    *,
    now: datetime,
) -> bytes:
    """The feed as UTF-8 XML, an entry a statement, newest first as given.

    Ids are `urn:bayan:…` and stay the same; the content is plain text, so that nothing in it can be markup.
    """
    register_namespace("", _ATOM)
    feed = Element(_tag("feed"))
    entries = list(found)
    _add(feed, "id", f"urn:bayan:subscription:{subscription.subscription_id}")
    _add(feed, "title", subscription.name)
    _add(feed, "updated", _moment(max((at for _, at in entries), default=now)))
    _add(SubElement(feed, _tag("author")), "name", "Bayan")
    for each, at in entries:
        _entry(feed, each[0], card(each, registry, links=links), at)
    document: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(feed: Element, statement_id: str, it: Card, at: datetime) -> None:
    entry = SubElement(feed, _tag("entry"), {"{http://www.w3.org/XML/1998/namespace}lang": it.language})
    _add(entry, "id", f"urn:bayan:statement:{statement_id}")
    _add(entry, "title", f"{it.label_ar}: {it.group}")
    _add(entry, "updated", _moment(at))
    SubElement(entry, _tag("category"), {"term": it.label, "label": it.label_en})
    if link := it.board or it.link:
        SubElement(entry, _tag("link"), {"rel": "alternate", "href": link})
    _add(entry, "summary", it.summary_en)
    facts = "\n".join(f"{name}: {value}" for name, value in it.facts)
    _add(entry, "content", f"{it.words}\n\n{facts}\n{it.title} ({it.outlet})")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _tag(name)).text = _NOT_XML.sub("\ufffd", harmless(text))


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

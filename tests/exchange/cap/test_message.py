"""Our alerts as CAP and back: only what may leave, for whom it may, valid by our own check; chains and feeds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shapely

from forewarn.collect.xml import read_xml
from forewarn.errors import DisclosureError, InputValueError, LifecycleError
from forewarn.exchange.alert_release import release_alert
from forewarn.exchange.cap import (
    CapTerms,
    acknowledgement,
    area_of,
    atom_feed,
    chains_of,
    check_message,
    compose_message,
    geojson_feed,
    read_message,
    write_message,
)
from forewarn.model.alert import Alert
from forewarn.model.alert_life import AlertState
from forewarn.model.cap import CapKnown, CapMessage, CapReference

NOW = datetime(2030, 7, 1, 9, tzinfo=UTC)
ISSUED = AlertState("alr", "issued", 1, ("analyst-1",), issued_at=NOW)
AREA = area_of("XAA/Ombra", "Norland", shapely.box(20.03, 10.04, 20.51, 10.52))
PUBLIC = CapTerms("desk@example.org", "Public", sender_name="Desk")
CLOSED = CapTerms("desk@example.org", "Restricted", "members only")

Ours = Callable[..., Alert]


def message(alert: Alert, terms: CapTerms = PUBLIC, **more: Any) -> CapMessage:
    """The message for an issued alert."""
    released = release_alert(alert, more.pop("state", ISSUED), terms.scope, NOW)
    return compose_message(released, terms, AREA, sent=NOW, **more)


@pytest.mark.parametrize("terms", [PUBLIC, CLOSED, CapTerms("d", "Private", addresses=("desk two", "b@example.org"))])
def test_what_we_write_passes_our_own_check_and_reads_back(ours: Ours, terms: CapTerms) -> None:
    """Written, checked without any error or profile finding, and read back as the same noun."""
    made = message(ours(), terms)
    root = read_xml(write_message(made), "made")
    assert [one for one in check_message(root) if one.kind != "advice"] == []
    assert read_message(root, "made") == made
    assert made.status == "Exercise"


def test_in_public_less_is_said_and_never_who_protects_whom(ours: Ours) -> None:
    """Groups, actors and what is asked stay behind in public; sealed fields and authors in every scope."""
    public, restricted = (write_message(message(ours(), terms)).decode() for terms in (PUBLIC, CLOSED))
    for words in ("Villagers", "Armed bodies", "good-offices mission", "Five incidents", "Deaths fell"):
        assert words not in public
        assert words in restricted
    for words in ("Sealed words", "analyst-1", "clm_"):
        assert words not in public + restricted
    assert "The Government holds the reports to be wrong" in public
    assert "base rate below 1%" in public
    assert "not a sign of calm" in public


def test_a_label_bars_wider_scopes(ours: Ours) -> None:
    """Nothing leaves without a label, nor to more people than it allows."""
    with pytest.raises(DisclosureError, match="no Traffic Light label"):
        message(ours(releasability="for everybody"))
    with pytest.raises(DisclosureError, match="TLP:AMBER does not allow"):
        message(ours(releasability="TLP:AMBER"))
    with pytest.raises(DisclosureError, match="TLP:RED does not allow"):
        message(ours(releasability="TLP:RED"), CLOSED)


def test_what_is_not_issued_or_has_ended_does_not_leave(ours: Ours) -> None:
    """A draft, a closed alert, an expired one, one with refused words, one in another language than declared."""
    for state in (AlertState("alr", "draft", 1, ()), replace(ISSUED, status="closed")):
        with pytest.raises(LifecycleError):
            message(ours(), state=state)
    with pytest.raises(LifecycleError, match="has ended"):
        message(ours(valid_until=NOW.date() - timedelta(days=1)))
    with pytest.raises(DisclosureError, match="words may not leave"):
        release_alert(ours(), ISSUED, "Public", NOW, obstacles=("what: is a verdict",))
    french = "Les habitants du nord ne peuvent pas aller sur les routes et dans les villages avec leurs familles. "
    with pytest.raises(DisclosureError, match="not in English"):
        message(ours(what_could_happen=french * 4))


def test_an_update_and_a_cancel_name_what_they_replace(ours: Ours) -> None:
    """They refer to the earlier message by sender, identifier and instant; identifiers follow from content."""
    first = message(ours())
    again = message(ours(version=2), references=(first.reference,))
    cancel = message(ours(), state=replace(ISSUED, status="cancelled"), references=(first.reference,))
    assert (first.kind, again.kind, cancel.kind) == ("Alert", "Update", "Cancel")
    assert f"desk@example.org,{first.reference.identifier},2030-07-01T09:00:00-00:00" in write_message(again).decode()
    assert message(ours()).reference == first.reference
    assert len({one.reference.identifier for one in (first, again, cancel)}) == 3
    assert message(ours(), replace(PUBLIC, oid_root="2.49.0.0.1")).reference.identifier.startswith(
        "urn:oid:2.49.0.0.1."
    )
    assert "not a finding of safety" in cancel.infos[0].description


def test_outlines_are_coarse_and_sound() -> None:
    """No corner is finer than a tenth of a degree; a cell is its half-degree square."""
    points = [point for ring in AREA.polygons for latitude, longitude in ring for point in (latitude, longitude)]
    assert points
    assert all(point == round(point, 1) for point in points)
    assert area_of("130001", "").polygons[0][0] == area_of("130001", "").polygons[0][-1]
    ragged = shapely.union_all([shapely.Point(20 + i / 9, 10 + i % 3).buffer(0.7) for i in range(30)])
    for ring in area_of("XAA", "Norland", ragged).polygons:
        assert shapely.Polygon([(lon, lat) for lat, lon in ring]).is_valid


def test_a_message_that_contradicts_itself_does_not_exist(ours: Ours) -> None:
    """No private message without receivers, no restriction in public, no end before the beginning."""
    for change in ({"scope": "Private"}, {"restriction": "us"}, {"references": (message(ours()).reference,)}):
        with pytest.raises(InputValueError):
            replace(message(ours()), **change)
    with pytest.raises(InputValueError, match="not after"):
        replace(message(ours()).infos[0], expires=NOW - timedelta(days=1))


def known(identifier: str, kind: str, day: int, refers: tuple[str, ...] = (), sender: str = "s") -> CapKnown:
    """A message as the store tells of it."""
    sent = NOW + timedelta(days=day)
    pairs = tuple((CapReference("s", one, NOW).message_id, one) for one in refers)
    name = CapReference("s", identifier, NOW)
    return CapKnown(
        name.message_id, "received", sender, identifier, sent, "Actual", kind, "Public", "E", NOW + timedelta(9), pairs
    )


def test_chains_are_resolved_in_any_order() -> None:
    """Update replaces, Cancel ends, Ack stands beside, a missing message is named; another's Cancel ends nothing."""
    first, second = known("1", "Alert", 0), known("2", "Update", 1, ("1",))
    ack, cancel = known("3", "Ack", 2, ("2",), "other"), known("4", "Cancel", 3, ("2",))
    for group in ([first, second, ack], [ack, second, first]):
        (chain,) = chains_of(group, NOW)
        assert (chain.state, chain.acknowledged, chain.holds) == ("holds", 1, (second.message_id,))
    assert chains_of([first, second, cancel], NOW)[0].state == "cancelled"
    foreign = replace(cancel, sender_digest="other")
    assert chains_of([first, second, foreign], NOW)[0].state == "holds"
    assert chains_of([second], NOW)[0].missing == ("1",)
    assert chains_of([first, second], NOW + timedelta(days=30))[0].state == "expired"
    assert len(chains_of([first, known("9", "Alert", 0)], NOW)) == 2


def test_a_feed_says_what_its_messages_say(ours: Ours) -> None:
    """Atom and GeoJSON with identifier, headline and file; markup in a text stays text; rings run as RFC 7946 asks."""
    made = message(ours(where_and_when="Ombra <b>north</b>, 2030-07."))
    atom = atom_feed([(made, "a.cap.xml")], title="T", author="A", now=NOW)
    root = read_xml(atom, "feed")
    assert "b" not in {str(one.tag).rpartition("}")[2] for one in root.iter()}
    assert made.reference.identifier in atom.decode()
    collection = json.loads(geojson_feed([(made, "a.cap.xml")]))
    feature = collection["features"][0]
    assert feature["properties"]["file"] == "a.cap.xml"
    assert feature["properties"]["status"] == "Exercise"
    assert shapely.geometry.shape(feature["geometry"]).geoms[0].exterior.is_ccw
    assert json.loads(geojson_feed([]))["features"] == []


def test_an_ack_goes_to_the_sender_alone(ours: Ours) -> None:
    """Private, with the three parts of the name, and valid by our own check."""
    made = acknowledgement(CapTerms("me@example.org", "Private"), message(ours()).reference, sent=NOW, status="Actual")
    assert made.addresses == ("desk@example.org",)
    assert check_message(read_xml(write_message(made), "ack")) == ()

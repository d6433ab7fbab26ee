"""CAP in a workspace: an alert goes out, its update follows, others come in, feeds hold what holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forewarn.collect.xml import read_xml_file
from forewarn.errors import DisclosureError, InputValueError, UsageError
from forewarn.exchange.cap import check_message, seen_message
from forewarn.operations import alert as alerts
from forewarn.operations import cap
from forewarn.operations.alert import Step
from forewarn.operations.cap import CapTerms
from forewarn.operations.cap_feed import write_feed
from forewarn.operations.drafting import DraftWish, draft_alerts
from forewarn.operations.workspace import Workspace

PUBLIC = CapTerms("desk@example.org", "Public")
WRITTEN = {
    "by_whom_possibly": "Unknown.",
    "to_whom": "People of the district.",
    "alternatives_considered": ["Criminal violence."],
    "releasability": "TLP:CLEAR",
    "source_protection": "Nobody is named.",
    "harm_check": "Looked at.",
    "right_of_comment": {"asked": False, "reason_not_asked": "An exercise."},
}


@pytest.fixture
def issued(exercise: Workspace) -> tuple[Workspace, str]:
    """A workspace with an issued alert, and its id."""
    wish = DraftWish(
        ("analyst",), "XKC/Kostondel", addressee="Desk", decision_asked="Send a mission.", primary_duty_holder="State"
    )
    name = draft_alerts(exercise, wish).drafted[0].alert_id
    end = (exercise.today + timedelta(days=30)).isoformat()
    alerts.edit(exercise, name, {**WRITTEN, "valid_until": end}, by="analyst")
    alerts.step(exercise, name, Step("review", "reviewer"))
    alerts.step(exercise, name, Step("issue", "analyst"))
    return exercise, name


def test_an_alert_goes_out_and_its_chain_follows(issued: tuple[Workspace, str], tmp_path: Path) -> None:
    """Alert, the same again, Update, Cancel: each valid, each naming the ones before; the feed holds what holds."""
    workspace, name = issued
    out, feed = tmp_path / "a.xml", tmp_path / "feed"
    first = cap.export_alert(workspace, name, PUBLIC, out, by="analyst")
    assert [one for one in check_message(read_xml_file(out, "a")) if one.kind != "advice"] == []
    assert (first.kind, first.status) == ("Alert", "Exercise")
    again = cap.export_alert(workspace, name, PUBLIC, out, by="analyst")
    assert (again.identifier, again.written_before) == (first.identifier, True)
    made = write_feed(workspace, feed, title="T", author="A")
    assert made.messages == 1
    geometry = json.loads((feed / "alerts.geojson").read_text())["features"][0]["geometry"]
    assert geometry["type"] == "MultiPolygon"

    later = replace(workspace, now=workspace.now + timedelta(hours=1))
    end = (workspace.today + timedelta(days=20)).isoformat()
    alerts.update(later, name, {"valid_until": end}, by="analyst", second="reviewer")
    second = cap.export_alert(later, name, PUBLIC, out, by="analyst")
    assert (second.kind, second.references) == ("Update", (first.identifier,))
    assert write_feed(later, feed, title="T", author="A").left_out == 1

    last = replace(workspace, now=workspace.now + timedelta(hours=2))
    alerts.step(last, name, Step("cancel", "analyst", "reports were wrong"))
    third = cap.export_alert(last, name, PUBLIC, out, by="analyst")
    assert (third.kind, set(third.references)) == ("Cancel", {first.identifier, second.identifier})
    assert cap.cap_chains(last)[-1].state == "cancelled"
    assert len(cap.cap_chains(last, name)[0].messages) == 3
    assert write_feed(last, feed, title="T", author="A").messages == 0


def test_a_refused_release_leaves_nothing(issued: tuple[Workspace, str], tmp_path: Path) -> None:
    """A scope the label bars: no file, no record."""
    workspace, name = issued
    later = replace(workspace, now=workspace.now + timedelta(hours=1))
    end = (workspace.today + timedelta(days=20)).isoformat()
    changes = {"releasability": "TLP:AMBER", "valid_until": end}
    alerts.update(later, name, changes, by="analyst", second="reviewer")
    with pytest.raises(DisclosureError):
        cap.export_alert(later, name, PUBLIC, tmp_path / "a.xml", by="analyst")
    assert not list(tmp_path.glob("*.xml"))
    assert cap.cap_chains(later) == ()


def test_messages_of_others_come_in_as_statements_and_are_acknowledged(exercise: Workspace, tmp_path: Path) -> None:
    """Through the channel, with the chain resolved; the Ack is valid; the sender's address is kept nowhere."""
    head = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>urn:x-y:{0}</identifier>'
    text = head + (
        "<sender>planted@example.org</sender><sent>2026-01-0{0}T00:00:00-00:00</sent><status>Actual</status>"
        "<msgType>{1}</msgType><scope>Public</scope>{2}<info><category>Security</category><event>Attacks</event>"
        "<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>"
        "<expires>2036-01-05T00:00:00-00:00</expires><area><areaDesc>Ash</areaDesc></area></info></alert>"
    )
    files = [tmp_path / "1.xml", tmp_path / "2.xml"]
    files[0].write_text(text.format(1, "Alert", ""))
    reference = "<references>planted@example.org,urn:x-y:1,2026-01-01T00:00:00-00:00</references>"
    files[1].write_text(text.format(2, "Update", reference))
    terms = CapTerms("me@example.org", "Private")
    made = cap.import_files(exercise, files, by="analyst", acknowledge_as=terms, out=tmp_path)
    assert [one.collected.accepted for one in made] == [1, 1]
    assert (made[1].chain.state, len(made[1].chain.messages)) == ("holds", 4)
    ack = read_xml_file(Path(made[1].acknowledged_in), "ack")
    assert check_message(ack) == ()
    assert seen_message(ack, "ack").references[0].identifier == "urn:x-y:2"
    with exercise.database.reading() as connection:
        for row in connection.exec_driver_sql("SELECT * FROM cap_messages WHERE direction = 'received'"):
            assert "planted" not in str(row)
    again = cap.import_files(exercise, files, by="analyst")
    assert [one.collected.accepted for one in again] == [0, 0]
    with pytest.raises(UsageError, match="itself of the type Ack"):
        cap.acknowledge(exercise, Path(made[1].acknowledged_in), terms, tmp_path / "x.xml", by="analyst")
    files[0].write_text(text.format(3, "Warning", ""))
    with pytest.raises(InputValueError, match="msgType"):
        cap.import_files(exercise, files[:1], by="analyst")

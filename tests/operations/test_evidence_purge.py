"""Purging: a hold beats it, a certificate proves it, and afterwards nothing of the item is found in the workspace."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from forewarn.account import TamperedError, Vault
from forewarn.collect.tabular import rowindex
from forewarn.config import load_settings
from forewarn.errors import AppendOnlyError, LifecycleError, RuleError, StoreBusyError, UnknownNameError
from forewarn.model.evidence import Consent
from forewarn.model.provenance import Sensitivity
from forewarn.operations import evidence as e
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.evidence_check import check
from forewarn.operations.evidence_keeping import due, hold, release_hold
from forewarn.operations.evidence_purge import certificate_of, check_certificate, purge, write_certificates
from forewarn.operations.evidence_sharing import export, record_consent, withdraw
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import database
from forewarn.store.columns import metadata

WHEN = datetime(2026, 1, 1, 12, tzinfo=UTC)
SAID = e.Acquisition("there", WHEN, "handed over", "proof", retention="transient")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A fresh workspace, on a day in June 2026."""
    told = {"workspace": tmp_path / "w", "author": "officer", "today": date(2026, 6, 1)}
    settings = load_settings(told, environ={})
    init(settings)
    with opened(settings) as workspace:
        yield workspace


def put(workspace: Workspace, name: str, data: bytes, said: e.Acquisition = SAID) -> e.EvidenceItem:
    file = workspace.paths.root.parent / name
    file.write_bytes(data)
    return e.add(workspace, file, said, by="officer")


def derived(workspace: Workspace, item: e.EvidenceItem, data: bytes) -> e.EvidenceItem:
    said = replace(SAID, where=f"made from {item.evidence_id}")
    return e.seal_item(
        workspace, BytesIO(data), said, {"media_type": "text/plain"}, by="o", derived_from=item.evidence_id
    )


def acts(workspace: Workspace, item: e.EvidenceItem) -> list[str]:
    return [entry.act for entry in e.log_of(workspace, item.evidence_id)]


def canaries(*names: str) -> dict[str, str]:
    return {name: f"canary {name} zq77" for name in names}


def test_DNH_18_nothing_planted_in_any_input_is_found_after_a_purge(workspace: Workspace) -> None:
    """Content, name, every word said at intake and since, a derivative, copies, packages, a file cut off: all is gone.

    Searched are all files of the workspace: the database with its free pages and write-ahead log, the vault, outputs.
    """
    c = canaries("content", "name", "where", "method", "tool", "why", "basis", "purpose", "look", "copied", "handed",
                 "agreed", "held", "let-go", "masked", "derived", "taken-back", "refused", "cut-off")  # fmt: skip
    said = e.Acquisition(
        c["where"], WHEN, c["method"], c["why"], c["tool"], c["basis"], c["purpose"], "investigators", "proceedings"
    )
    item = put(workspace, f"{c['name']}.txt", c["content"].encode() * 300, said)
    other = put(workspace, "other.txt", b"stays")
    made, name = derived(workspace, item, c["derived"].encode() * 300), item.evidence_id
    e.show(workspace, name, by="analyst", why=c["look"])
    outputs = workspace.paths.outputs
    outputs.mkdir(exist_ok=True)
    e.copy_out(workspace, name, outputs / "copy", by="analyst", why=c["copied"])
    record_consent(workspace, name, Consent(c["agreed"], c["purpose"], "investigators"), by="officer", why=c["agreed"])
    terms = {"audience": "investigators", "purpose": c["purpose"], "by": "officer", "why": c["handed"]}
    export(workspace, [name], outputs / "bag", to="the court", **terms)
    shutil.make_archive(str(outputs / "sent"), "zip", outputs, "bag")
    (outputs / ".writing-abc").write_text(c["cut-off"])
    hold(workspace, name, by="counsel", why=c["held"])
    with pytest.raises(RuleError):
        purge(workspace, [name], by="officer", why=c["refused"])
    release_hold(workspace, name, by="counsel", why=c["let-go"])
    withdraw(workspace, name, by="officer", why=c["taken-back"])
    found = {one for one in c if places(workspace, c[one])}
    assert found >= {"where", "why", "copied", "handed", "held", "cut-off", "content"}
    certificates = purge(workspace, [name], by="officer", why="consent was withdrawn")
    assert {one: places(workspace, word) for one, word in c.items() if places(workspace, word)} == {}
    assert [one["evidence_id"] for one in certificates] == [name, made.evidence_id]
    assert not (outputs / "bag").exists()
    assert certificates[0]["destroyed"] == ["keys", "described", "originals", "2 copies", "2 packages"]
    assert [line.split(" ", 1)[1] for line in certificates[0]["left_before"]] == [
        "copy by analyst", "export to the court",
    ]  # fmt: skip
    assert check(workspace).faults == ()
    shown = e.show(workspace, name, by="analyst")
    assert (shown.is_purged, shown.described, shown.item.acquired_where) == (True, {}, "erased")
    assert e.show(workspace, other.evidence_id, by="analyst").item.acquired_where == "there"


def places(workspace: Workspace, word: str) -> list[str]:
    """The files of the workspace that hold a word, as it is or in UTF-16."""
    found = []
    for path in workspace.paths.root.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        data += path.name.encode()
        if any(form in data for form in (word.encode(), word.encode("utf-16-le"))):
            found.append(path.relative_to(workspace.paths.root).as_posix())
    return found


def test_DNH_18_a_purge_on_either_engine_leaves_what_can_be_proved(on_both: Workspace) -> None:
    """Words are put out, the chain holds, and the database lets nothing else change, before or after."""
    item, other = put(on_both, "a.txt", b"one"), put(on_both, "b.txt", b"two")
    e.show(on_both, item.evidence_id, by="analyst", why="to code it")
    for statement in (
        "UPDATE custody_log SET why = 'erased', detail = '{}'",
        "UPDATE evidence_items SET why = 'erased'",
    ):
        with pytest.raises(AppendOnlyError), on_both.database.writing() as connection:
            connection.execute(text(statement))
    purge(on_both, [item.evidence_id], by="officer", why="no longer needed", is_early=True)
    assert check(on_both).faults == ()
    assert (check(on_both).items, check(on_both).purged) == (2, 1)
    entries = e.log_of(on_both, item.evidence_id)
    assert [(one.act, one.why) for one in entries] == [
        ("intake", "erased"), ("read", "erased"), ("purge", "no longer needed"),
    ]  # fmt: skip
    for table, change in (
        ("custody_log", "\"by\" = 'another' WHERE act = 'read'"), ("custody_log", "why = 'x' WHERE act = 'read'"),
        ("evidence_items", "operator = 'another'"), ("evidence_items", "why = 'x'"),
    ):  # fmt: skip
        with pytest.raises(AppendOnlyError), on_both.database.writing() as connection:
            connection.execute(text(f"UPDATE {table} SET {change}"))
    with pytest.raises(AppendOnlyError), on_both.database.writing() as connection:
        connection.execute(text("DELETE FROM custody_log"))
    with pytest.raises(RuleError, match="does not come back"):
        put(on_both, "again.txt", b"one")
    for act in (
        lambda: e.copy_out(on_both, item.evidence_id, on_both.paths.root / "x", by="a", why="b"),
        lambda: hold(on_both, item.evidence_id, by="a", why="b"),
        lambda: withdraw(on_both, item.evidence_id, by="a", why="b"),
    ):
        with pytest.raises(RuleError, match="was purged"):
            act()
    assert e.show(on_both, other.evidence_id, by="analyst").described["name"] == "b.txt"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE custody_log SET \"by\" = 'another' WHERE act = 'read'",
        "UPDATE custody_log SET why = 'another' WHERE act = 'read'",
        "UPDATE custody_log SET act = 'copy' WHERE act = 'read'",
        "UPDATE evidence_items SET operator = 'another' WHERE why = 'erased'",
        "DELETE FROM custody_erasures",
        "UPDATE custody_erasures SET content = 'act_0'",
        "INSERT INTO custody_erasures VALUES (2, 'act_0')",
    ],
)
def test_DNH_06_what_a_purge_leaves_cannot_be_changed_unseen(workspace: Workspace, change: str) -> None:
    """Whoever owns the database and drops its triggers cannot change who did what, nor put out other words."""
    item = put(workspace, "a.txt", b"one")
    put(workspace, "b.txt", b"two")
    e.show(workspace, item.evidence_id, by="analyst", why="to code it")
    purge(workspace, [item.evidence_id], by="officer", why="over")
    with workspace.database.writing() as connection:
        for table in ("custody_log", "evidence_items", "custody_erasures"):
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{act}"))
        connection.execute(text(change))
    assert check(workspace).faults


def test_DNH_19_a_hold_beats_a_purge_and_both_are_logged(workspace: Workspace) -> None:
    """Over, early or withdrawn: while anybody holds it, nothing goes, nor what was made from it; each try is logged."""
    item = put(workspace, "a.txt", b"one")
    made = derived(workspace, item, b"redacted")
    assert [one.evidence_id for one in due(workspace)] == [item.evidence_id, made.evidence_id]
    hold(workspace, item.evidence_id, by="counsel", why="a court asked")
    hold(workspace, item.evidence_id, by="registrar", why="ours, too")
    assert due(workspace) == []
    withdraw(workspace, item.evidence_id, by="officer", why="asked by the source")
    for name in (item.evidence_id, made.evidence_id):
        with pytest.raises(RuleError, match="is held by counsel, registrar"):
            purge(workspace, [name], by="officer", why="over", is_early=True)
    with pytest.raises(UnknownNameError, match="no hold by 'officer'"):
        release_hold(workspace, item.evidence_id, by="officer", why="mine now")
    release_hold(workspace, item.evidence_id, by="counsel", why="closed")
    with pytest.raises(RuleError, match="is held by registrar"):
        purge(workspace, [item.evidence_id], by="officer", why="over")
    release_hold(workspace, item.evidence_id, by="registrar", why="closed")
    hold(workspace, made.evidence_id, by="press", why="in use")
    with pytest.raises(RuleError, match="is held by press"):
        purge(workspace, [item.evidence_id], by="officer", why="over")
    release_hold(workspace, made.evidence_id, by="press", why="done")
    purge(workspace, [item.evidence_id], by="officer", why="over")
    assert acts(workspace, item) == [
        "intake", "hold", "hold", "withdrawal", "decision", "release", "decision", "release", "purge",
    ]  # fmt: skip
    assert acts(workspace, made)[-1] == "purge"
    assert check(workspace).faults == ()


def test_DNH_18_a_period_per_class_and_by_sensitivity(workspace: Workspace) -> None:
    """Whoever names no class gets that of the sensitivity; what its class keeps is purged early only on purpose."""
    kept = {one: put(workspace, one, one.encode(), replace(SAID, retention="", sensitivity=one)) for one in Sensitivity}
    assert [kept[one].retention for one in Sensitivity] == ["monitoring", "documentation", "proceedings", "proceedings"]
    for one, why in ((Sensitivity.LOW, "is kept until 2028-01-01"), (Sensitivity.SEVERE, "is kept without end")):
        with pytest.raises(RuleError, match=why):
            purge(workspace, [kept[one].evidence_id], by="officer", why="tidying")
    assert due(workspace) == []
    purge(workspace, [kept[Sensitivity.SEVERE].evidence_id], by="officer", why="ordered", is_early=True)


def test_DNH_18_sealed_bytes_of_an_old_copy_open_no_more(workspace: Workspace, tmp_path: Path) -> None:
    """Put back from a backup, the sealed file is noise: its key is gone, and is not under the evidence key."""
    item = put(workspace, "a.txt", b"one")
    shutil.copytree(workspace.paths.evidence, tmp_path / "backup")
    purge(workspace, [item.evidence_id], by="officer", why="over")
    place = Path("originals") / item.sha256[:2] / item.sha256
    shutil.copy(tmp_path / "backup" / place, workspace.paths.evidence / place)
    with pytest.raises(TamperedError, match="is missing"):
        b"".join(e.vault_of(workspace).read(item.sha256))
    assert [one.what for one in check(workspace).faults] == ["is there although the item was purged"]


def test_DNH_18_a_purge_that_was_stopped_is_finished_by_asking_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after it was logged: the check names what is left; asked again, the same certificate and nothing left."""
    item = put(workspace, "a.txt", b"one")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "erase", stop)
        with pytest.raises(KeyboardInterrupt):
            purge(workspace, [item.evidence_id], by="officer", why="over")
    assert {one.what for one in check(workspace).faults} == {"is there although the item was purged"}
    first = certificate_of(workspace, item.evidence_id)
    assert purge(workspace, [item.evidence_id], by="officer", why="over") == [first]
    assert check(workspace).faults == ()
    assert acts(workspace, item) == ["intake", "purge"]


def test_a_purge_says_when_free_pages_could_not_be_rewritten(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process reads the database the rewrite waits and gives up; asked again it is done."""
    item = put(workspace, "a.txt", b"one")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with opened(workspace.settings) as impatient:
        with workspace.database.reading() as connection:
            connection.execute(text("SELECT * FROM custody_log")).first()
            with pytest.raises(StoreBusyError):
                purge(impatient, [item.evidence_id], by="officer", why="over")
        purge(impatient, [item.evidence_id], by="officer", why="over")


HEADER = "id,day,source,country,place,lat,lon,who,act,words,deaths\n"
ROWS = (
    HEADER
    + "1,2026-05-01,canary source zq77,XKA,place zq77,1.9,1.9,Front zq77,bombardment,canary words zq77 said,3\n"
    + "2,no day,canary source zq77,XKA,a place,1.9,1.9,Some Front,bombardment,canary refused zq77,3\n"
)
OTHERS = HEADER + "9,2026-05-01,another source,XKA,other place,1.9,1.9,Some Front,bombardment,words of another,4\n"
MAPPING = """
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields:
  external_id: id
  source: source
  started_on: day
  ended_on: day
  country: country
  place_name: place
  latitude: lat
  longitude: lon
  place_precision: {constant: exact}
  parties: [who]
  act: act
  violence: {constant: one_sided}
  deaths: {best: deaths}
  text: words
"""
SPEECH = """Security Council
Provisional record

The President: canary speech zq77. My delegation condemns the shelling of the hospital and will send observers.
"""


@pytest.mark.parametrize("kind", ["table", "document"])
def test_DNH_18_what_was_collected_goes_along_when_asked(
    on_both: Workspace, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by half; asked for, no row, index, snapshot, file of refused rows or output says it; all else stays."""
    w, outputs = on_both, on_both.paths.outputs
    monkeypatch.setattr(rowindex, "SMALLEST", 0)
    (tmp_path / "small.yml").write_text(MAPPING)
    for name, content in (("canary.csv", ROWS), ("others.csv", OTHERS), ("canary.txt", SPEECH)):
        (tmp_path / name).write_text(content)
    collect(w, "table", [tmp_path / "others.csv"], mapping=tmp_path / "small.yml")
    file = tmp_path / ("canary.csv" if kind == "table" else "canary.txt")
    if kind == "table":
        assert collect(w, "table", [file], mapping=tmp_path / "small.yml")[0].rejected == 1
    else:
        collect(w, "un-document", [file])
    assess(w)
    item = e.add(w, file, SAID, by="officer")
    outputs.mkdir(exist_ok=True)
    (outputs / "brief.html").write_text(f"<p>{'canary words zq77 said' if kind == 'table' else SPEECH}</p>")
    (outputs / "kept.html").write_text("<p>of other things</p>")
    with pytest.raises(RuleError, match="was collected as data as well"):
        purge(w, [item.evidence_id], by="officer", why="over")
    assert set(said(w)) >= ({"passages", "document_readings"} if kind == "document" else {"claims", "sources"})
    assert len(list(w.paths.snapshots.rglob("*.rows"))) == (2 if kind == "table" else 1)
    made = purge(w, [item.evidence_id], by="officer", why="over", with_collected=True)
    assert said(w) == []
    assert places(w, "zq77") == []
    assert any(" rows of " in line for line in made[0]["destroyed"])
    assert (outputs / "kept.html").is_file()
    assert len([one for one in w.paths.snapshots.rglob("*.rows") if item.sha256 not in one.name]) == 1
    assert not list(w.paths.snapshots.rglob(f"{item.sha256}*"))
    assert assess(w).claims == 1
    assert check(w).faults == ()
    for table in ("claims", "reports", "snapshots"):
        with pytest.raises(AppendOnlyError), w.database.writing() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def said(workspace: Workspace) -> list[str]:
    """The tables in which the canary stands, in any column, the index of words included."""
    found = []
    with workspace.database.reading() as connection:
        for table in metadata.sorted_tables:
            if any("zq77" in str(cell).lower() for row in connection.execute(table.select()) for cell in row):
                found.append(table.name)
        if workspace.database.is_sqlite:  # terms are stored without what they share with the one before
            connection.execute(text("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, passages_search, row)"))
            found += [
                row[0] for row in connection.execute(text("SELECT term FROM temp.terms WHERE term LIKE '%zq77%'"))
            ]
            connection.execute(text("DROP TABLE temp.terms"))
    return found


def test_a_certificate_is_signed_and_any_change_to_it_shows(workspace: Workspace, tmp_path: Path) -> None:
    """Handed out, it is checked without a workspace; each field changed is named; an item not purged has none."""
    item, other = put(workspace, "a.txt", b"one"), put(workspace, "b.txt", b"two")
    made = purge(workspace, [item.evidence_id], by="officer", why="over")
    out = write_certificates(made, tmp_path / "certificate.json")
    assert check_certificate(out) == ()
    assert json.loads(out.read_text()) == [certificate_of(workspace, item.evidence_id)]
    for field in made[0]:
        changed = [{**made[0], field: "0" * 64 if isinstance(made[0][field], str) else ["x"]}]
        out.write_text(json.dumps(changed))
        assert [one.where for one in check_certificate(out)] == ["certificate 1"]
    with pytest.raises(LifecycleError, match="was not purged"):
        certificate_of(workspace, other.evidence_id)

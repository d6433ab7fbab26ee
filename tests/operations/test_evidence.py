"""Evidence in a workspace: sealed, logged, checked; every kind of tampering is named; on both engines."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import text

from forewarn.account import Head, next_entry, read_key
from forewarn.config import Settings, load_settings
from forewarn.errors import AppendOnlyError, ConfigurationError, ForewarnError, InputValueError, RuleError, StoreError
from forewarn.ids import content_id
from forewarn.model.evidence import Consent, EvidenceItem
from forewarn.operations import evidence as e
from forewarn.operations.evidence_check import check, rotate
from forewarn.operations.evidence_head import HEAD_FILE
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import evidence as rows
from forewarn.store.evidence_tables import evidence_items

CANARY = "canary-8841"
MANY = 100_000
SAID = e.Acquisition("https://example.org/a", datetime(2026, 1, 1, 12, tzinfo=UTC), "downloaded", "it may be proof")


def made(folder: Path, **more: object) -> Settings:
    settings = load_settings({"workspace": folder, "author": "officer", **more}, environ={})
    init(settings)
    return settings


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Workspace]:
    """A fresh workspace on SQLite."""
    with opened(made(tmp_path / "w")) as workspace:
        yield workspace


def put(workspace: Workspace, name: str, data: bytes, said: e.Acquisition = SAID) -> e.EvidenceItem:
    file = workspace.paths.root.parent / name
    file.write_bytes(data)
    return e.add(workspace, file, said, by="officer")


def tampered(workspace: Workspace, *statements: str) -> None:
    """Change rows as somebody would who owns the database: the triggers go first."""
    with workspace.database.writing() as connection:
        for table in ("custody_log", "evidence_items", "custody_anchors"):
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        for statement in statements:
            connection.execute(text(statement))


def test_DNH_01_06_what_is_taken_in_comes_back_and_every_act_is_logged(on_both: Workspace, tmp_path: Path) -> None:
    """The copy equals the original; intake, look and copy stand in the log, which nobody can edit; all holds."""
    data = f"what was seen {CANARY}".encode() * 1000
    item = put(on_both, "seen.txt", data)
    e.show(on_both, item.sha256[:9], by="analyst", why="to code it")
    e.copy_out(on_both, "https://example.org/a", tmp_path / "out", by="analyst", why="to work on it")
    assert (tmp_path / "out").read_bytes() == data
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert [(one.act, one.by) for one in e.log_of(on_both)] == [
        ("intake", "officer"), ("read", "analyst"), ("copy", "analyst"),
    ]  # fmt: skip
    assert check(on_both).faults == ()
    for act in ("UPDATE custody_log SET why = 'x'", "DELETE FROM custody_log", "DELETE FROM evidence_items"):
        with pytest.raises(AppendOnlyError), on_both.database.writing() as connection:
            connection.execute(text(act))
    with pytest.raises(RuleError, match="already"):
        put(on_both, "again.txt", data)
    assert check(on_both).faults == ()


def test_nothing_an_item_says_stands_outside_a_seal(sqlite: Workspace) -> None:
    """Neither words, name nor index of an original can be found in any file of the workspace."""
    put(sqlite, f"{CANARY}.txt", CANARY.encode() * 50)
    sqlite.database.close()
    for path in sqlite.paths.root.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path.name


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with 100,000 records of items, each got from an address of its own."""
    with opened(made(tmp_path_factory.mktemp("many") / "w")) as workspace:
        with workspace.database.writing() as connection:
            connection.execute(evidence_items.insert(), [item_of(number).record() for number in range(MANY)])
        yield workspace


def item_of(number: int) -> EvidenceItem:
    digest = content_id("evd", number)
    told = (f"https://example.org/{number}", SAID.at, "downloaded", "none", "proof", "officer")
    return EvidenceItem(digest, 1, digest[4:] * 2, *told, Consent("x", "x"), "proceedings")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(number=st.integers(0, MANY - 1), digits=st.integers(16, 64))
def test_DNH_03_each_item_is_found_by_id_hash_and_address(many: Workspace, number: int, digits: int) -> None:
    """One of 100,000: by its id, its digest or the beginning of either, by where it was got from; nothing else is."""
    wanted = item_of(number)
    with many.database.reading() as connection:
        names = (wanted.evidence_id, wanted.sha256, wanted.sha256[:digits], wanted.acquired_where)
        assert {e.find(connection, name) for name in names} == {wanted.evidence_id}
        assert rows.record_of(rows.read_items(connection, evidence_id=wanted.evidence_id)[0]) == wanted
        for wrong in (wanted.sha256[::-1], wanted.acquired_where + "0x"):
            with pytest.raises(ForewarnError):
                e.find(connection, wrong)


@pytest.mark.parametrize("field", ["where", "method", "why", "tool"])
def test_DNH_05_intake_refuses_an_item_without_its_circumstances(sqlite: Workspace, field: str) -> None:
    """Whichever is blank, or an instant in the future: refused, and nothing is kept."""
    said = {name: getattr(SAID, name) for name in SAID.__slots__}
    with pytest.raises(InputValueError):
        put(sqlite, "a.txt", b"a", e.Acquisition(**{**said, field: " "}))
    with pytest.raises(InputValueError):
        put(sqlite, "a.txt", b"a", e.Acquisition(**{**said, "at": datetime(2999, 1, 1, tzinfo=UTC)}))
    assert list(sqlite.paths.evidence.rglob("*")) == []
    assert check(sqlite).items == 0


def test_DNH_01_a_flipped_bit_in_any_stored_file_is_named(sqlite: Workspace) -> None:
    """Original, description, key of the item, head, key of the workspace: flip one bit in each, and it is named."""
    item = put(sqlite, "a.txt", b"an original")
    files = [path for path in sqlite.paths.evidence.rglob("*") if path.is_file()]
    assert len(files) == 4
    for path in files:
        whole = path.read_bytes()
        path.chmod(0o600)
        for position in (0, len(whole) // 2, len(whole) - 2):
            path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
            named = [fault.where for fault in check(sqlite).faults]
            assert named == [path.name if path.name == HEAD_FILE else f"{path.parent.parent.name}/{item.sha256}"]
        path.write_bytes(whole)
    key = e.key_path(sqlite)
    key.write_text(key.read_text().replace('"key": "', '"key": "A'))
    with pytest.raises(ConfigurationError, match="damaged"):
        check(sqlite)


def test_DNH_02_files_gone_astray_or_added_are_named(sqlite: Workspace) -> None:
    """A missing original, a file nobody recorded, one original in the place of another."""
    one, two = put(sqlite, "a.txt", b"one"), put(sqlite, "b.txt", b"two")
    place = sqlite.paths.evidence / "originals"
    first, second = (place / item.sha256[:2] / item.sha256 for item in (one, two))
    stray = place / "zz" / "stray"
    stray.parent.mkdir()
    shutil.copy(first, stray)
    assert [fault.where for fault in check(sqlite).faults] == ["originals/stray"]
    stray.unlink()
    first.unlink()
    shutil.copy(second, first)
    assert [fault.where for fault in check(sqlite).faults] == [f"originals/{one.sha256}"]
    first.unlink()
    assert [fault.what for fault in check(sqlite).faults] == ["is missing"]


def test_DNH_02_originals_outlive_their_proofs_and_proofs_their_originals(sqlite: Workspace) -> None:
    """With every record and entry gone the original opens and its lack of proof is named; and the other way round."""
    item = put(sqlite, "a.txt", b"an original")
    vault, place = e.vault_of(sqlite), sqlite.paths.evidence / "originals"
    away = place.rename(place.with_name("away"))
    assert [fault.where for fault in check(sqlite).faults] == [f"originals/{item.sha256}"]
    away.rename(place)
    tampered(sqlite, "DELETE FROM custody_log", "DELETE FROM evidence_items")
    assert {fault.what for fault in check(sqlite).faults} == {"is in the vault and on no record"}
    assert b"".join(vault.read(item.sha256)) == b"an original"
    with pytest.raises(StoreError, match="does not end where it was signed"):
        put(sqlite, "b.txt", b"another")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE custody_log SET why = 'another' WHERE sequence = 2", "custody entry 2"),
        ("DELETE FROM custody_log WHERE sequence = 2", "custody entry 2"),
        ("DELETE FROM custody_log WHERE sequence = 3", "custody entry 3"),
        ("UPDATE custody_log SET sequence = 99 WHERE sequence = 3", "custody entry 3 to 98"),
        ("UPDATE evidence_items SET acquired_where = 'elsewhere'", "record evd_"),
        ("UPDATE evidence_items SET sensitivity = 'none'", "record evd_"),
        ("DELETE FROM evidence_items", "record evd_"),
    ],
)  # fmt: skip
def test_DNH_06_an_edit_by_whoever_owns_the_database_is_named(sqlite: Workspace, statement: str, named: str) -> None:
    """Edited, deleted, cut off at the end, renumbered: each is named."""
    item = put(sqlite, "a.txt", b"one")
    for why in ("first", "second"):
        e.show(sqlite, item.evidence_id, by="analyst", why=why)
    tampered(sqlite, statement)
    assert any(fault.where.startswith(named) for fault in check(sqlite).faults)


def test_DNH_06_what_was_cut_off_or_added_at_the_end_is_named_and_never_signed_over(sqlite: Workspace) -> None:
    """Whoever owns the database can add a proper link or drop the last: it is named, and nothing is added to it."""
    item = put(sqlite, "a.txt", b"one")
    with sqlite.database.writing() as connection:
        head = Head(*rows.head_of(connection, to_append=True))
        why = "never happened"
        rows.add_entry(connection, next_entry(head, item.evidence_id, "read", by="eve", at=sqlite.now, why=why))
    assert [fault.where for fault in check(sqlite).faults] == ["custody entry 2"]
    with pytest.raises(StoreError, match="does not end where it was signed"):
        e.show(sqlite, item.evidence_id, by="analyst")
    tampered(sqlite, "DELETE FROM custody_log WHERE sequence = 2")
    e.show(sqlite, item.evidence_id, by="analyst")
    tampered(sqlite, "DELETE FROM custody_log WHERE sequence = 2")
    with pytest.raises(StoreError, match="does not end where it was signed"):
        e.show(sqlite, item.evidence_id, by="analyst")


def test_a_stop_while_a_link_is_kept_loses_nothing_and_accuses_nobody(sqlite: Workspace) -> None:
    """Before the transaction is kept or just after it: the chain holds and goes on."""
    item = put(sqlite, "a.txt", b"one")
    head = sqlite.paths.evidence / HEAD_FILE

    def stopped() -> None:
        with sqlite.database.writing() as connection:
            e.append(sqlite, connection, read_key(e.key_path(sqlite)), item.evidence_id, "read", by="a", why="x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert head.with_name("custody.head.next").exists()
    assert check(sqlite).faults == ()
    before = head.read_bytes()
    e.show(sqlite, item.evidence_id, by="analyst")
    head.rename(head.with_name("custody.head.next"))
    head.write_bytes(before)
    assert check(sqlite).faults == ()
    e.show(sqlite, item.evidence_id, by="analyst")
    assert [one.act for one in e.log_of(sqlite)] == ["intake", "read", "read"]
    assert check(sqlite).faults == ()


def test_DNH_32_a_lost_key_is_said_and_a_rotated_one_opens_all(sqlite: Workspace, tmp_path: Path) -> None:
    """Lost: nothing opens and no new key is made. Restored: all opens. Rotated: the old one opens nothing."""
    item, key = put(sqlite, "a.txt", b"one"), e.key_path(sqlite)
    away = key.rename(tmp_path / "away")
    for act in (
        lambda: put(sqlite, "b.txt", b"two"),
        lambda: check(sqlite),
        lambda: e.show(sqlite, item.evidence_id, by="a"),
    ):
        with pytest.raises(ConfigurationError, match="lost"):
            act()
    assert not key.exists()
    shutil.copy(away, key)
    assert rotate(sqlite, by="officer", why="yearly") == 1
    assert set(e.log_of(sqlite)[-1].detail) == {"key", "keys"}
    assert check(sqlite).faults == ()
    e.copy_out(sqlite, item.evidence_id, tmp_path / "out", by="analyst", why="drill")
    assert (tmp_path / "out").read_bytes() == b"one"
    shutil.copy(away, key)
    with pytest.raises(ForewarnError, match="another evidence key"):
        e.copy_out(sqlite, item.evidence_id, tmp_path / "out2", by="analyst", why="drill")
    assert not (tmp_path / "out2").exists()


def test_web_archives_pictures_and_containers_are_indexed(sqlite: Workspace) -> None:
    """Records of a WARC, pages of a WACZ, the size of a picture; what cannot be read says so and is kept."""
    body = b"HTTP/1.1 200 OK\r\n\r\nhello"
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/x\r\n"
    record = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("datapackage.json", json.dumps({"title": "T"}))
        archive.writestr(
            "pages/pages.jsonl", '{"format": "json-pages-1.0"}\n{"url": "https://example.org/p", "ts": "x"}\n'
        )
    picture = io.BytesIO()
    Image.new("RGB", (3, 2)).save(picture, "PNG")

    def index(name: str, data: bytes) -> dict[str, object]:
        item = put(sqlite, name, data)
        return dict(e.show(sqlite, item.evidence_id, by="analyst").described["index"])

    for name, data in (("a.warc", record * 2), ("a.warc.gz", gzip.compress(record) + gzip.compress(record))):
        found = index(name, data)
        assert [one["address"] for one in found["records"]] == ["https://example.org/x"] * 2  # type: ignore[attr-defined]
    assert index("a.wacz", packed.getvalue())["pages"] == [{"address": "https://example.org/p", "date": "x"}]
    assert index("a.png", picture.getvalue())["width"] == 3
    assert index("cut.warc.gz", gzip.compress(record)[:40]) == {"unreadable": "EOFError"}
    assert index("bad.png", picture.getvalue()[:20])["unreadable"]
    assert check(sqlite).faults == ()


def test_a_pipe_a_link_and_a_name_are_refused(sqlite: Workspace, tmp_path: Path) -> None:
    """Nothing but plain files is read; a reason that names a person is refused before anything is sealed."""
    link = tmp_path / "link"
    link.symlink_to("/etc/hostname")
    for path in (link, tmp_path, tmp_path / "none"):
        with pytest.raises(ForewarnError):
            e.add(sqlite, path, SAID, by="officer")
    assert not (sqlite.paths.evidence / "originals").exists()

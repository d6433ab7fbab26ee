"""Sealed identities: two people open one, nobody alone, whoever owns the machine's database included."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from forewarn.account import custodians as arithmetic
from forewarn.account import read_custodian
from forewarn.config import load_settings
from forewarn.errors import (
    ConfigurationError,
    DisclosureError,
    ForewarnError,
    InputValueError,
    LifecycleError,
    RuleError,
    SeparationError,
    StoreError,
    UnknownNameError,
)
from forewarn.operations import evidence, receipts, sealed, sealed_opening, sealed_people
from forewarn.operations.collect import collect
from forewarn.operations.evidence import log_of
from forewarn.operations.evidence_check import check
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import schema
from forewarn.store.sealed import opened_file

CANARY = "Zorvexquil"
CONTENT = {"name": f"{CANARY} of the mill", "contact": f"tel {CANARY}"}
WISH = sealed.Wish("witness", "consent", "to protect, and to call as a witness", date(2026, 1, 1))
PHRASE = "a long phrase of"
CSV = "id,day,country,what\n1,2025-06-03,XKA,killing\n"
MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields: {external_id: id, started_on: day, country: country, act: what, violence: {constant: one_sided}, text: what}
"""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one report and three custodians, whose keys lie beside it."""
    root = tmp_path_factory.mktemp("sealed")
    settings = load_settings({"workspace": root / "w", "author": "officer", "sealed_identities": "yes"}, environ={})
    init(settings)
    (root / "t.csv").write_text(CSV)
    (root / "m.yml").write_text(MAPPING)
    with opened(settings) as workspace:
        collect(workspace, "table", [root / "t.csv"], mapping=root / "m.yml")
        for name in ("ann", "bo", "cy"):
            sealed_people.new_key(name, root / f"{name}.key", f"{PHRASE} {name}")
        for name in ("ann", "bo"):
            sealed_people.enrol(workspace, root / f"{name}.key.card", by="officer", why="custodian")
        with pytest.raises(RuleError, match="vouch"):
            sealed_people.enrol(workspace, root / "cy.key.card", by="officer", why="custodian")
        with pytest.raises(RuleError, match="no custodian"):
            enrol_by(workspace, root, "cy")
        enrol_by(workspace, root, "ann")
    return root


def enrol_by(workspace: Workspace, root: Path, voucher: str) -> None:
    card, key = root / "cy.key.card", root / f"{voucher}.key"
    said = {"by": "officer", "why": "custodian", "voucher": key, "passphrase": f"{PHRASE} {voucher}"}
    sealed_people.enrol(workspace, card, **said)  # type: ignore[arg-type]


@pytest.fixture
def workspace(ready: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of it, and the keys."""
    shutil.copytree(ready, tmp_path, dirs_exist_ok=True)
    settings = load_settings({"workspace": tmp_path / "w", "author": "officer", "sealed_identities": "yes"}, environ={})
    with opened(settings) as workspace:
        yield workspace


def edit(path: Path, statement: str, *values: str) -> None:
    """Change the file as its owner could."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement, values)


def report(workspace: Workspace) -> str:
    with workspace.database.reading() as connection:
        return str(connection.execute(select(schema.reports.c.report_id)).scalar())


def put(workspace: Workspace, content: dict[str, str] = CONTENT, wish: sealed.Wish = WISH) -> str:
    made = sealed.add(workspace, report(workspace), content, wish, by="officer", why="needed to protect")
    return made.identity.sealed_id


def allow(workspace: Workspace, asking: str, name: str) -> None:
    sealed_opening.allow(workspace, asking, workspace.paths.root.parent / f"{name}.key", f"{PHRASE} {name}")


def open_as(workspace: Workspace, asking: str, name: str, out: Path | None = None) -> dict[str, str]:
    key = workspace.paths.root.parent / f"{name}.key"
    return sealed_opening.open_identity(workspace, asking, key, f"{PHRASE} {name}", out).content


def ask(workspace: Workspace, sealed_id: str, by: str = "ann") -> str:
    return sealed_opening.ask(workspace, sealed_id, by=by, reason="needed for protection").asking_id


def test_identities_are_opened_by_two_and_by_nobody_alone(workspace: Workspace) -> None:
    """One asks and sees, another allows and does not see; once, with a reason, each step in the custody log."""
    sealed_id = put(workspace)
    asking = ask(workspace, sealed_id)
    with pytest.raises(LifecycleError, match="asked"):
        open_as(workspace, asking, "ann")
    with pytest.raises(SeparationError, match="alone"):
        allow(workspace, asking, "ann")
    allow(workspace, asking, "bo")
    with pytest.raises(LifecycleError, match="allowed"):
        allow(workspace, asking, "cy")
    for other in ("bo", "cy"):
        with pytest.raises(SeparationError, match="another custodian"):
            open_as(workspace, asking, other)
    assert open_as(workspace, asking, "ann") == CONTENT
    with pytest.raises(LifecycleError, match="opened"):
        open_as(workspace, asking, "ann")
    acts = [(one.act, one.by) for one in log_of(workspace)][3:]
    assert acts == [("seal", "officer"), ("ask", "ann"), ("allow", "bo"), ("unseal", "ann")]
    assert check(workspace).faults == ()
    for short in ("", "because", "   because     "):
        with pytest.raises(InputValueError):
            sealed_opening.ask(workspace, sealed_id, by="ann", reason=short)
    with pytest.raises(SeparationError, match="no custodian"):
        ask(workspace, sealed_id, by="administrator")
    later = replace(workspace, now=workspace.now + timedelta(hours=73))
    with pytest.raises(LifecycleError, match="expired"):
        allow(later, ask(workspace, sealed_id), "bo")


def test_DNH_32_whoever_owns_the_database_and_one_key_reads_nothing(workspace: Workspace) -> None:
    """Every secret of the machine and a custodian's own give neither the key nor half of it that means anything."""
    put(workspace)
    root = workspace.paths.root
    with closing(sqlite3.connect(root / "sealed.db")) as raw:
        box, parts = raw.execute("SELECT box, parts FROM identities").fetchone()
    own = read_custodian(root.parent / "bo.key", f"{PHRASE} bo")
    held = json.loads(parts)
    assert sorted(held) == ["ann", "bo", "cy"]
    sealed_id = sealed.listed(workspace)[0].sealed_id
    halves = json.loads(arithmetic._opened(held["bo"], own, arithmetic._part_words(sealed_id, "bo")))
    assert sorted(halves) == ["ann", "cy"]
    cipher, header = base64.b64decode(box), sealed.listed(workspace)[0].header().encode()
    machine = base64.b64decode(json.loads((root / "evidence.key").read_text())["key"])
    xored = bytes(a ^ b for a, b in zip(*(bytes.fromhex(one) for one in halves.values()), strict=True))
    for guess in (*(bytes.fromhex(one) for one in halves.values()), xored, machine):
        with pytest.raises(InvalidTag):
            AESGCM(guess).decrypt(cipher[:12], cipher[12:], header)
    for other in ("ann", "cy"):
        with pytest.raises(ForewarnError):
            arithmetic._opened(held[other], own, arithmetic._part_words(sealed_id, other))


def test_DNH_32_one_custodians_key_is_lost_and_two_others_still_open(workspace: Workspace) -> None:
    """The drill: a key gone, or its passphrase, is said; the remaining two open what was sealed to all three."""
    sealed_id = put(workspace)
    (workspace.paths.root.parent / "ann.key").unlink()
    asking = ask(workspace, sealed_id, by="bo")
    with pytest.raises(ForewarnError, match="cannot be read"):
        allow(workspace, asking, "ann")
    with pytest.raises(ConfigurationError, match="passphrase"):
        sealed_opening.allow(workspace, asking, workspace.paths.root.parent / "cy.key", "another phrase")
    allow(workspace, asking, "cy")
    assert open_as(workspace, asking, "bo") == CONTENT


def test_a_custodian_slipped_into_the_file_is_refused(workspace: Workspace) -> None:
    """Nothing is sealed to a key that the signed log does not name, nor to one put in a custodian's place."""
    path = workspace.paths.root / "sealed.db"
    strange = sealed_people.new_key("eve", workspace.paths.root.parent / "eve.key", f"{PHRASE} eve")
    edit(path, "INSERT INTO custodians VALUES ('eve', ?, 'x', 'x')", strange.public)
    with pytest.raises(StoreError, match="never enrolled"):
        put(workspace)
    edit(path, "DELETE FROM custodians WHERE name = 'eve'")
    edit(path, "UPDATE custodians SET public = ? WHERE name = 'cy'", strange.public)
    with pytest.raises(StoreError, match="never enrolled"):
        put(workspace)


def test_a_custodian_who_left_neither_asks_nor_allows(workspace: Workspace) -> None:
    """Nothing is sealed to them any more; put back into the file they are refused; two at least are left."""
    sealed_id = put(workspace)
    asking = ask(workspace, sealed_id)
    with opened_file(workspace.paths.root / "sealed.db") as store, store.reading() as connection:
        key = connection.exec_driver_sql("SELECT public FROM custodians WHERE name = 'cy'").scalar()
    assert [one.name for one in sealed_people.retire(workspace, "cy", by="officer", why="left")] == ["ann", "bo"]
    with pytest.raises(SeparationError, match="no custodian"):
        allow(workspace, asking, "cy")
    made = sealed.add(workspace, report(workspace), CONTENT, WISH, by="officer", why="needed to protect")
    assert [one.name for one in made.custodians] == ["ann", "bo"]
    with pytest.raises(RuleError, match="fewer than two"):
        sealed_people.retire(workspace, "bo", by="officer", why="left")
    allow(workspace, asking, "bo")
    assert open_as(workspace, asking, "ann") == CONTENT
    edit(workspace.paths.root / "sealed.db", "INSERT INTO custodians VALUES ('cy', ?, 'x', 'x')", str(key))
    with pytest.raises(StoreError, match="never enrolled"):
        ask(workspace, sealed_id)


def test_DNH_10_what_has_no_basis_any_more_is_destroyed_and_not_opened(workspace: Workspace) -> None:
    """The day after the last, nobody can ask for it, and a sweep destroys it and nothing else."""
    lasting = put(workspace)
    ending = put(workspace, wish=replace(WISH, until=workspace.today))
    later = replace(workspace, now=workspace.now + timedelta(days=1))
    assert sealed.withdraw_ended(workspace, by="officer") == []
    with pytest.raises(LifecycleError, match="basis is over"):
        ask(later, ending)
    assert [one.sealed_id for one in sealed.withdraw_ended(later, by="officer")] == [ending]
    assert [one.sealed_id for one in sealed.listed(later)] == [lasting]


def test_DNH_18_an_identity_behind_a_purged_item_is_destroyed_with_the_next_sweep(workspace: Workspace) -> None:
    """What it stood behind is gone, and so is the need for it."""
    file = workspace.paths.root.parent / "item.txt"
    file.write_text("an item")
    said = evidence.Acquisition("there", datetime(2026, 1, 1, tzinfo=UTC), "handed over", "proof")
    item = evidence.add(workspace, file, said, by="officer").evidence_id
    made = sealed.add(workspace, item, CONTENT, WISH, by="officer", why="needed to protect").identity.sealed_id
    assert sealed.withdraw_ended(workspace, by="officer") == []
    with workspace.database.writing() as connection:
        key = evidence.vault_of(workspace).key
        evidence.append(workspace, connection, key, item, "purge", by="officer", why="the period is over")
    assert [one.sealed_id for one in sealed.withdraw_ended(workspace, by="officer")] == [made]


def test_what_is_altered_missing_or_put_back_is_named(workspace: Workspace) -> None:
    """The check compares the file with the custody log; an altered header no longer opens."""
    sealed_id = put(workspace)
    asking = ask(workspace, sealed_id)
    allow(workspace, asking, "bo")
    path = workspace.paths.root / "sealed.db"
    before = path.with_suffix(".copy")
    shutil.copy(path, before)
    edit(path, "UPDATE identities SET scope = 'anything'")
    assert ["altered" in one.what for one in check(workspace).faults] == [True]
    with pytest.raises(ForewarnError, match="altered"):
        open_as(workspace, asking, "ann")
    edit(path, "DELETE FROM identities")
    assert ["missing" in one.what for one in check(workspace).faults] == [True]
    shutil.copy(before, path)
    sealed.withdraw(workspace, sealed_id, by="officer", why="asked for")
    shutil.copy(before, path)
    assert ["withdrawn" in one.what for one in check(workspace).faults] == [True]


@pytest.mark.parametrize(
    ("wish", "content", "error"),
    [
        ({}, {"account": "what I saw"}, InputValueError),
        ({}, {}, InputValueError),
        ({"basis": "because"}, CONTENT, InputValueError),
        ({"basis": ""}, CONTENT, InputValueError),
        ({"scope": " "}, CONTENT, InputValueError),
        ({"scope": "for Mr. John Smith"}, CONTENT, DisclosureError),
        ({"given_on": date(2999, 1, 1)}, CONTENT, InputValueError),
        ({"until": date(2026, 1, 2)}, CONTENT, InputValueError),
        ({"care": ("child",)}, CONTENT, InputValueError),
        ({"care": ("sexual_violence",)}, {"safe_contact": "x", "protection_needs": "x"}, DisclosureError),
    ],
)  # fmt: skip
def test_DNH_10_11_26_nothing_is_kept_without_basis_purpose_and_care(
    workspace: Workspace, wish: dict[str, object], content: dict[str, str], error: type[ForewarnError]
) -> None:
    """Undeclared fields, no basis or scope, a basis that is over, a child without a guardian: refused, nothing kept."""
    with pytest.raises(error) as refused:
        put(workspace, content, replace(WISH, **wish))  # type: ignore[arg-type]
    assert CANARY not in str(refused.value)
    assert sealed.listed(workspace) == []
    assert len(log_of(workspace)) == 3


def test_DNH_10_nothing_is_collected_unless_it_is_switched_on(workspace: Workspace) -> None:
    """The default keeps no identity at all."""
    plain = load_settings({"workspace": workspace.paths.root, "author": "officer"}, environ={})
    with opened(plain) as quiet, pytest.raises(ConfigurationError, match="not collected"):
        put(quiet)


def test_DNH_10_withdrawal_destroys_it_everywhere_at_once(workspace: Workspace) -> None:
    """Gone with what was handed over to open it; nothing of its ciphertext is left in any file; the rest stays."""
    sealed_id, other = put(workspace), put(workspace, {"contact": "another"})
    asking = ask(workspace, sealed_id)
    allow(workspace, asking, "bo")
    with opened_file(workspace.paths.root / "sealed.db") as store, store.reading() as connection:
        box = connection.exec_driver_sql("SELECT box FROM identities WHERE sealed_id = ?", (sealed_id,)).scalar()
        handed = connection.exec_driver_sql("SELECT handed FROM askings").scalar()
    made = sealed.withdraw(workspace, sealed_id, by="officer", why="asked for")
    assert (made.was_opened, made.opened_by) == (0, ())
    for path in workspace.paths.root.rglob("*"):
        for trace in (str(box), str(handed)):
            assert not path.is_file() or trace[:80].encode() not in path.read_bytes(), path.name
    with pytest.raises(UnknownNameError):
        open_as(workspace, asking, "ann")
    assert [one.sealed_id for one in sealed.listed(workspace)] == [other]
    assert check(workspace).faults == ()


def test_DNH_26_who_takes_down_a_child_is_told_whom_to_refer_to(workspace: Workspace) -> None:
    """The words of referral come with the act."""
    content = {"contact": "x", "guardian": "an aunt", "best_interest": "asked for by the aunt"}
    wish = replace(WISH, care=("child",))
    made = sealed.add(workspace, report(workspace), content, wish, by="officer", why="needed to protect")
    assert "child-protection service" in made.words[0]


def test_DNH_36_a_reporter_learns_what_became_of_it_with_a_code(workspace: Workspace) -> None:
    """The code tells how far the report has come; it stands in no file, nor does an identity; others learn nothing."""
    code = receipts.receipt(workspace, report(workspace))
    assert receipts.status(workspace, code.lower().replace("-", " ")).state == "read"
    assert not receipts.status(workspace, code).is_identity_kept
    for wrong in ("", code[:-1], f"{code[:5]}2222-2222-2222-2222-2222", "x" * 500):
        with pytest.raises(UnknownNameError, match="no receipt"):
            receipts.status(workspace, wrong)
    for path in workspace.paths.root.rglob("*"):
        assert not path.is_file() or code[5:].encode() not in path.read_bytes(), path.name
    with pytest.raises(UnknownNameError, match="no identity"):
        receipts.withdraw_by_code(workspace, code, by="officer")
    with_identity = receipts.receipt(workspace, report(workspace), sealed_name=put(workspace))
    assert receipts.status(workspace, with_identity).is_identity_kept
    receipts.withdraw_by_code(workspace, with_identity, by="officer")
    assert sealed.listed(workspace) == []
    assert not receipts.status(workspace, with_identity).is_identity_kept

"""Three nodes exchange packages by file: purpose, end, recall and correction hold on every one of them."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import stat
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forewarn.__main__ import main
from forewarn.clock import utc_now
from forewarn.exchange.envelope import keys_from_text, read_envelope, sealed_package
from forewarn.model.package import Card

MAPPING = """\
name: small
title: A small table
publisher: Listing (fictional)
licence: CC0-1.0
sensitivity: low
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  latitude: lat
  longitude: lon
  place_precision: {constant: exact}
  deaths: deaths
"""
NOTE = ("--benefit", "planners of protection", "--risk", "none known; places are coarse")
TERMS = ("--audience", "green", "--purpose", "a study", "--until", "2031-01-01", *NOTE)
NAMES = ("North", "Middle", "South")


class Nodes:
    """Three workspaces that know and trust each other, and files carried between them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def code(self, node: str, *arguments: object) -> tuple[int, str]:
        """Run a command at a node: its code, and what it said."""
        self._capsys.readouterr()
        code = main([*(str(one) for one in arguments), "--workspace", str(self.folder / node)])
        captured = self._capsys.readouterr()
        return code, captured.out or captured.err

    def run(self, node: str, *arguments: object) -> Any:
        """The JSON answer of a command that succeeds."""
        code, said = self.code(node, *arguments, "--json")
        assert code == 0, said
        return json.loads(said)

    def file(self, node: str, made: dict[str, Any]) -> Path:
        """A package as it lies in the outputs of a node."""
        return self.folder / node / "outputs" / made["file"]

    def release(self) -> str:
        """A release of the claims of North, approved by another person."""
        shown = self.run("North", "release", "preview", "records", *TERMS, "--by", "First")
        return str(self.run("North", "release", "approve", shown["release_id"], "--by", "Second")["release_id"])

    def use(self, node: str, package: str, purpose: str = "a study") -> int:
        """The exit code of using a package."""
        return self.code(node, "package", "use", package, "--purpose", purpose)[0]

    def waiting(self, node: str) -> set[tuple[str, str, str]]:
        """Kind, recipient and passer of what has no answer."""
        told = self.run(node, "package", "receipts")
        return {(one["kind"], one["recipient"], one["passed_by"]) for one in told if not one["acknowledged_at"]}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """North, with forty claims, Middle and South, made once."""
    folder = tmp_path_factory.mktemp("nodes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOREWARN_AUTHOR", "desk")
        patch.setenv("FOREWARN_TODAY", "2030-01-01")
        with contextlib.redirect_stdout(io.StringIO()):
            prepare(folder)
    return folder


def prepare(folder: Path) -> None:
    """Make the three workspaces; each trusts its neighbours when their fingerprints have been read out."""

    def run(node: str, *arguments: object) -> int:
        return main([*(str(one) for one in arguments), "--workspace", str(folder / node)])

    for name in NAMES:
        assert run(name, "init") == 0
        assert run(name, "partners", "card", name, "--out", folder / f"{name}.json") == 0
    for name in NAMES:
        for other in set(NAMES) - {name}:
            if {name, other} != {"North", "South"}:
                told = json.loads((folder / f"{other}.json").read_text())
                mark = Card(told["name"], told["sign"], told["seal"]).fingerprint
                assert run(name, "partners", "add", folder / f"{other}.json") == 0
                assert run(name, "partners", "trust", other, "--fingerprint", "0" * 16) == 43
                assert run(name, "partners", "trust", other, "--fingerprint", mark[:20]) == 0
    lines = [f"r{n},2029-03-0{n % 9 + 1},Mali,12.65,-8.0,{n + 5}" for n in range(40)]
    (folder / "small.yml").write_text(MAPPING, encoding="utf-8")
    (folder / "a.csv").write_text("\n".join(["id,day,country,lat,lon,deaths", *lines]) + "\n")
    (folder / "b.csv").write_text("id,day,country,lat,lon,deaths\nr1,2029-03-02,Mali,12.65,-8.0,99\n")
    assert run("North", "collect", "table", folder / "a.csv", "--mapping", folder / "small.yml") == 0
    assert run("North", "assess") == 0


@pytest.fixture
def nodes(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nodes:
    """A copy of the three workspaces that a test may change."""
    monkeypatch.setenv("FOREWARN_AUTHOR", "desk")
    monkeypatch.setenv("FOREWARN_TODAY", "2030-01-01")
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Nodes(tmp_path, capsys)


def test_dnh_20_21_purpose_end_and_recall_hold_on_three_nodes(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNH-20, DNH-21: North sends to Middle, Middle passes on to South, South is away when North recalls."""
    approved = nodes.release()
    sent = nodes.run("North", "package", "create", approved, "--to", "Middle")
    assert nodes.waiting("North") == {("release", "Middle", "")}
    got = nodes.run("Middle", "package", "open", nodes.file("North", sent))
    assert (got["kind"], got["sender"], got["rows"]) == ("release", "North", 40)
    nodes.run("North", "package", "open", nodes.file("Middle", got["answers"][0]))
    assert nodes.waiting("North") == set()
    assert [nodes.use("Middle", got["package_id"], why) for why in ("a study", "migration control")] == [0, 43]
    passed = nodes.run("Middle", "package", "create", got["package_id"], "--to", "South", *NOTE)
    far = nodes.run("South", "package", "open", nodes.file("Middle", passed))
    nodes.run("Middle", "package", "open", nodes.file("South", far["answers"][0]))
    assert nodes.use("South", far["package_id"]) == 0

    claim = pl.read_csv(nodes.folder / "South" / "outputs" / f"received-{far['package_id'][:16]}.csv")["claim_id"][0]
    part = nodes.run("North", "package", "recall", claim, "--reason", "wrong place")[0]
    nodes.run("Middle", "package", "open", nodes.file("North", part))
    left = nodes.run("Middle", "package", "use", got["package_id"], "--purpose", "a study")
    assert left["rows"] == 39
    nodes.run("Middle", "collect", "table", nodes.folder / "b.csv", "--mapping", nodes.folder / "small.yml")
    both = nodes.run("Middle", "package", "use", got["package_id"], "--purpose", "a study")
    beside = pl.read_csv(nodes.folder / "Middle" / "outputs" / both["file"])
    assert beside["told_by"].value_counts().sort("told_by")["count"].to_list() == [39, 1]
    assert beside.filter(told_by="here")["deaths_best"].to_list() == [99]
    assert nodes.run("Middle", "export", "claims")["rows"] == 1

    notice = nodes.run("North", "package", "recall", "A small table", "--source", "--reason", "it was deceived")
    assert nodes.waiting("North") == {("recall", "Middle", "")} | {("recall", "Middle", "")}
    told = nodes.run("Middle", "package", "open", nodes.file("North", notice[0]))
    onward, answer = told["answers"]
    nodes.run("North", "package", "open", nodes.file("Middle", answer))
    assert any(kind == "recall" and passer == "Middle" for kind, _, passer in nodes.waiting("North"))
    assert nodes.use("South", far["package_id"]) == 0, "South is away and has not heard"

    heard = nodes.run("South", "package", "open", nodes.file("Middle", onward))
    assert nodes.use("South", far["package_id"]) == 43
    last = nodes.run("Middle", "package", "open", nodes.file("South", heard["answers"][-1]))
    nodes.run("North", "package", "open", nodes.file("Middle", last["answers"][0]))
    assert not any(passer == "Middle" for _, _, passer in nodes.waiting("North"))

    late = nodes.run("North", "package", "create", approved, "--to", "Middle")
    monkeypatch.setenv("FOREWARN_TODAY", "2032-01-01")
    assert nodes.code("Middle", "package", "open", nodes.file("North", late))[0] == 43
    assert nodes.use("Middle", got["package_id"]) == 43


def test_dnh_37_recalled_whole_and_corrected_with_a_reason_and_the_earlier_kept(nodes: Nodes) -> None:
    """A whole package recalled is used no more, though its notice came first; a correction takes its place."""
    release = nodes.release()
    sent = nodes.run("North", "package", "create", release, "--to", "Middle")
    again = nodes.run("North", "package", "create", release, "--to", "Middle")
    notice = nodes.run("North", "package", "recall", sent["package_id"], "--reason", "sent in error")
    nodes.run("Middle", "package", "open", nodes.file("North", notice[0]))
    first = nodes.run("Middle", "package", "open", nodes.file("North", sent))
    assert nodes.use("Middle", first["package_id"]) == 43
    second = nodes.run("Middle", "package", "open", nodes.file("North", again))
    words = ("--release", release, "--reason", "places mended")
    fixed = nodes.run("North", "package", "correct", again["package_id"], *words)
    third = nodes.run("Middle", "package", "open", nodes.file("North", fixed))
    assert [nodes.use("Middle", one["package_id"]) for one in (second, third)] == [43, 0]
    states = {one["package_id"]: one["state"] for one in nodes.run("Middle", "package", "list")}
    assert [states[one["package_id"]] for one in (first, second, third)] == ["recalled", "corrected", "usable"]
    assert nodes.run("Middle", "export", "claims")["rows"] == 0


def test_a_malicious_peer_gains_nothing(nodes: Nodes, tmp_path: Path) -> None:
    """Replayed, for somebody else, from somebody unknown, or about another's package: refused, and nothing changes."""
    sent = nodes.run("North", "package", "create", nodes.release(), "--to", "Middle")
    file = nodes.file("North", sent)
    nodes.run("Middle", "package", "open", file)
    before = nodes.run("Middle", "package", "list")
    assert nodes.code("Middle", "package", "open", file)[0] == 41
    assert nodes.code("South", "package", "open", file)[0] == 43
    told = read_envelope(file.read_bytes()).manifest
    keys = keys_from_text((nodes.folder / "South" / "exchange.keys").read_text())
    middle = keys_from_text((nodes.folder / "Middle" / "exchange.keys").read_text())
    forged = told.about("recall", sent["package_id"], reason="forged", recipients=(middle.card.fingerprint,))
    for number, kind in enumerate(("recall", "ack")):
        changes = {"sender": keys.card.fingerprint, "reason": "forged" if kind == "recall" else ""}
        notice = forged.about(kind, sent["package_id"], **changes, made_at=utc_now())
        path = tmp_path / f"{number}.fwp"
        path.write_bytes(sealed_package(notice, keys, [middle.card], {})[1])
        code, said = nodes.code("Middle", "package", "open", path)
        assert code == 43, said
    assert nodes.run("Middle", "package", "list") == before
    assert nodes.use("Middle", sent["package_id"]) == 0
    nodes.run("Middle", "partners", "trust", "North", "--revoke")
    assert nodes.use("Middle", sent["package_id"]) == 43
    assert nodes.code("Middle", "package", "create", sent["package_id"], "--to", "North", *NOTE)[0] == 43


def test_keys_lie_in_one_private_file_and_their_loss_is_told(nodes: Nodes) -> None:
    """Mode 0600 and never in the database; open to others, damaged or gone: one line that says what to do."""
    path = nodes.folder / "North" / "exchange.keys"
    secret = json.loads(path.read_text())["signing"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret.encode() not in (nodes.folder / "North" / "forewarn.db").read_bytes()
    kept = path.read_bytes()
    card = ("partners", "card", "North", "--out", nodes.folder / "again.json")
    path.chmod(0o644)
    assert nodes.code("North", *card)[0] == 10
    path.chmod(0o600)
    path.write_text("{}")
    assert nodes.code("North", *card)[0] == 23
    path.unlink()
    code, said = nodes.code("North", *card)
    assert code == 10
    assert "put your copy back" in said
    path.write_bytes(kept)
    path.chmod(0o600)
    assert nodes.code("North", *card)[0] == 0


def test_dnh_12_nothing_is_shared_without_a_note_on_benefit_and_risk(nodes: Nodes) -> None:
    """DNH-12: neither proposed nor passed on without one; the second person reads it, and the receiver does not."""
    bare = [one for one in TERMS if one not in NOTE]
    assert nodes.code("North", "release", "preview", "records", *bare, "--by", "First")[0] == 2
    blank = ("--benefit", " ", "--risk", "")
    assert nodes.code("North", "release", "preview", "records", *bare, *blank, "--by", "First")[0] == 24
    assert nodes.run("North", "release", "list") == []
    sent = nodes.run("North", "package", "create", nodes.release(), "--to", "Middle")
    assert nodes.run("North", "release", "list")[0]["risk"] == NOTE[-1]
    got = nodes.run("Middle", "package", "open", nodes.file("North", sent))
    assert nodes.code("Middle", "package", "create", got["package_id"], "--to", "South")[0] == 24
    assert [one["direction"] for one in nodes.run("Middle", "package", "list")] == ["in"]
    keys = keys_from_text((nodes.folder / "Middle" / "exchange.keys").read_text())
    north = keys_from_text((nodes.folder / "North" / "exchange.keys").read_text()).card
    envelope = read_envelope(nodes.file("North", sent).read_bytes())
    assert NOTE[-1] not in envelope.signed.decode() + envelope.opened_with(keys, north)


def test_dnh_20_purpose_end_and_permitted_actions_are_refused_without_a_network(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNH-20: what the labels do not permit is refused, in use and in passing on, with no way out of the machine."""
    sent = {}
    for pap in ("PAP:RED", "PAP:AMBER", "PAP:GREEN"):
        shown = nodes.run("North", "release", "preview", "records", *TERMS, "--pap", pap, "--by", "First")
        approved = nodes.run("North", "release", "approve", shown["release_id"], "--by", "Second")["release_id"]
        made = nodes.run("North", "package", "create", approved, "--to", "Middle")
        sent[pap] = nodes.run("Middle", "package", "open", nodes.file("North", made))["package_id"]

    def closed(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("socket.socket.connect", closed)
    monkeypatch.setattr("socket.getaddrinfo", closed)
    use = ("package", "use", "--purpose", "a study")
    codes = {
        pap: [nodes.code("Middle", *use, one, "--act", act)[0] for act in ("analyse", "check", "act")]
        for pap, one in sent.items()
    }
    assert codes == {"PAP:RED": [0, 43, 43], "PAP:AMBER": [0, 0, 43], "PAP:GREEN": [0, 0, 0]}
    onward = {
        pap: nodes.code("Middle", "package", "create", one, "--to", "South", *NOTE)[0] for pap, one in sent.items()
    }
    assert onward == {"PAP:RED": 43, "PAP:AMBER": 0, "PAP:GREEN": 0}
    assert nodes.use("Middle", sent["PAP:GREEN"], "migration control") == 43
    monkeypatch.setenv("FOREWARN_TODAY", "2031-01-02")
    assert nodes.use("Middle", sent["PAP:GREEN"]) == 43


def test_no_file_without_its_record_and_no_record_without_its_file(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before the commit: neither. Stopped after it: the record, and the same file can be written again."""
    release = nodes.release()
    outputs = nodes.folder / "North" / "outputs"
    create = ("package", "create", release, "--to", "Middle")

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("forewarn.store.sync.enqueue", stopped)
        assert nodes.code("North", *create)[0] == 130
    assert nodes.run("North", "package", "list") == []
    assert list(outputs.glob("*.fwp")) == []
    with monkeypatch.context() as patch:
        patch.setattr("forewarn.operations.package_post.aside", stopped)
        assert nodes.code("North", *create)[0] == 130
    (listed,) = nodes.run("North", "package", "list")
    assert list(outputs.glob("*.fwp")) == []
    assert nodes.code("North", *create, "--out", outputs / "nowhere")[0] == 21
    again = nodes.run("North", "package", "write", listed["package_id"][:12])
    first = nodes.file("North", again).read_bytes()
    nodes.file("North", again).unlink()
    nodes.run("North", "package", "write", listed["package_id"])
    assert nodes.file("North", again).read_bytes() == first
    assert nodes.run("Middle", "package", "open", nodes.file("North", again))["rows"] == 40
    assert len(nodes.run("North", "package", "list")) == 1

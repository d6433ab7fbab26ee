"""Evidence handed over: on the terms agreed alone, and checked elsewhere with what lies in the package alone."""

from __future__ import annotations

import ast
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import bagit
import pytest

from forewarn.account import check_package as script
from forewarn.account.package import Stamped, statement
from forewarn.config import load_settings
from forewarn.errors import DisclosureError, ForewarnError, InputError, UnknownNameError, UsageError
from forewarn.model.evidence import Consent
from forewarn.model.provenance import Sensitivity
from forewarn.operations import evidence as e
from forewarn.operations.evidence_sharing import (
    check_package,
    export,
    package_digest,
    record_act,
    record_consent,
    withdraw,
)
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened

WHEN = datetime(2026, 1, 1, 12, tzinfo=UTC)
SAID = e.Acquisition(
    "https://example.org/a", WHEN, "downloaded", "it may be proof", basis="published openly", purpose="accountability",
    sharing="investigators",
)  # fmt: skip
TERMS = {
    "to": "the court",
    "audience": "investigators",
    "purpose": "accountability",
    "by": "officer",
    "why": "asked for",
}
OTHER = "words of another item"


def put(workspace: Workspace, name: str, data: bytes, said: e.Acquisition = SAID) -> e.EvidenceItem:
    file = workspace.paths.root.parent / name
    file.write_bytes(data)
    return e.add(workspace, file, said, by="officer")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with three items and a log on them."""
    settings = load_settings({"workspace": tmp_path_factory.mktemp("sharing") / "w", "author": "officer"}, environ={})
    init(settings)
    with opened(settings) as workspace:
        for name, data in (("a.txt", b"one " * 9), ("b.bin", bytes(range(256))), ("c.txt", b"not to be shared")):
            item = put(workspace, name, data)
            e.show(workspace, item.evidence_id, by="analyst", why=OTHER if name == "c.txt" else "to code it")
        yield workspace


@pytest.fixture(scope="module")
def package(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two items as a package."""
    out = tmp_path_factory.mktemp("out") / "bag"
    names = [item.evidence_id for item in e.listed(workspace)[:2]]
    made = export(workspace, names, out, **TERMS)
    assert made.digest == sha256((out / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    return out


@pytest.fixture
def bag(package: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copytree(package, tmp_path / "bag"))


def alone(folder: Path, where: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of a package as a stranger would: a bare folder, no site packages, no environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", folder / "verify.py"],
        cwd=where,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )


def test_DNH_04_a_package_is_read_by_standard_tools_and_checks_itself(package: Path, tmp_path: Path) -> None:
    """The bagit library, the script inside on bare Python, and our own check all say that it holds."""
    bagit.Bag(str(package)).validate()
    told = alone(package, tmp_path)
    digest = sha256((package / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert told.returncode == 0
    assert told.stdout.splitlines() == [
        "everything holds; README.txt says what that proves", f"tagmanifest-sha256.txt has the SHA-256 {digest}",
    ]  # fmt: skip
    assert package_digest(package) == digest
    assert check_package(package) == ()
    assert {path.name for path in (package / "data" / "items").iterdir()} == {
        sha256(data).hexdigest() for data in (b"one " * 9, bytes(range(256)))
    }


def test_DNH_04_the_script_needs_only_the_standard_library_of_an_old_python(package: Path) -> None:
    """It reads as Python 3.8, imports nothing else, and is the code that our own check runs."""
    text = (package / "verify.py").read_text()
    assert text == Path(script.__file__).read_text()
    for node in ast.walk(ast.parse(text, feature_version=(3, 8))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_DNH_06_a_package_shows_the_whole_chain_and_the_words_of_its_items_alone(package: Path) -> None:
    """Acts on the other item are there by digest alone, without its id or words; the handing over is in the log."""
    links = [json.loads(line) for line in (package / "data" / "custody.jsonl").read_text().splitlines()]
    assert [link.get("act") for link in links] == ["intake", "read", "intake", "read", None, None, "export", "export"]
    assert json.loads(links[-1]["detail"])["to"] == "the court"
    other = sha256(b"not to be shared").hexdigest()
    for path in package.rglob("*"):
        assert not path.is_file() or not any(word in path.read_bytes() for word in (OTHER.encode(), other.encode()))


def test_DNH_01_a_flipped_bit_anywhere_in_a_package_is_named(bag: Path) -> None:
    """Every file, at its beginning, middle and end: our check and the script name it."""
    for path in sorted(one for one in bag.rglob("*") if one.is_file() and one.stat().st_size):
        name, whole = path.relative_to(bag).as_posix(), path.read_bytes()
        for position in {0, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
            named = [fault.where for fault in check_package(bag)]
            assert named, (name, position)
            # A bit of the list of lists makes it name another file, or another digest of one.
            assert name in named or name == "tagmanifest-sha256.txt"
        path.write_bytes(whole)
    assert check_package(bag) == ()


def remanifested(bag: Path) -> None:
    """Write all manifests anew, as whoever forges a package would."""
    files = [path for path in sorted(bag.rglob("*")) if path.is_file() and not path.is_symlink()]
    for kind, family in script.MANIFESTS:
        manifest = bag / f"{kind}-{family}.txt"
        paths = [path.relative_to(bag).as_posix() for path in files if path != bag / "tagmanifest-sha256.txt"]
        chosen = [path for path in paths if path.startswith("data/") == (kind == "manifest")]
        digests = {path: script.digests(str(bag), path)[family] for path in chosen}
        manifest.write_text("".join(f"{digest}  {path}\n" for path, digest in digests.items()))


def rewritten(bag: Path, name: str, change: Callable[[list[dict[str, object]]], object]) -> None:
    path = bag / "data" / name
    told = [json.loads(line) for line in path.read_text().splitlines()]
    change(told)
    path.write_text("".join(json.dumps(one) + "\n" for one in told))
    remanifested(bag)


def _other_bytes(bag: Path) -> None:
    first = next((bag / "data" / "items").iterdir())
    first.write_bytes(b"other bytes")
    remanifested(bag)


def _left_out(bag: Path) -> None:
    rewritten(bag, "items.jsonl", lambda told: (bag / "data/items" / told.pop()["record"]["evidence_id"][4:]).unlink())  # type: ignore[index]


FORGED: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "other bytes": (_other_bytes, "data/items/", "does not hold the bytes"),
    "another circumstance": (
        lambda bag: rewritten(bag, "items.jsonl", lambda told: told[0]["record"].update(acquired_where="elsewhere")),  # type: ignore[attr-defined]
        "data/items/", "not the one its intake names",
    ),
    "an item left out": (_left_out, "data/items/", "was taken in by the log shown, and is not here"),
    "an item twice": (
        lambda bag: rewritten(bag, "items.jsonl", lambda told: told.append(told[0])), "data/items/", "stands twice",
    ),
    "a word of the log": (
        lambda bag: rewritten(bag, "custody.jsonl", lambda told: told[1].update(why="another")), "custody entry 2",
        "is altered",
    ),
    "an entry out": (
        lambda bag: rewritten(bag, "custody.jsonl", lambda told: told.pop(2)), "custody entry 4", "missing",
    ),
    "entries swapped": (
        lambda bag: rewritten(bag, "custody.jsonl", lambda told: told.reverse()), "custody entry 8", "moved",
    ),
    "deep JSON": (
        lambda bag: ((bag / "data/items.jsonl").write_text("[" * 200_000 + "\n"), remanifested(bag)), "data",
        "Recursion",
    ),
    "no JSON": (
        lambda bag: ((bag / "data/timestamps.jsonl").write_bytes(b"\xff\n"), remanifested(bag)), "data", "not the form",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_DNH_35_a_package_forged_with_fresh_manifests_is_named(bag: Path, how: str) -> None:
    """Whoever writes the manifests anew still cannot change an item, a record or the log."""
    change, where, what = FORGED[how]
    change(bag)
    found = check_package(bag)
    assert any(one.where.startswith(where) and what in one.what for one in found), found
    assert alone(bag, bag.parent).returncode == 1


def test_DNH_35_a_line_without_end_is_not_read_to_its_end(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON of any size costs a bounded line of memory."""
    monkeypatch.setattr(script, "LONGEST_LINE", 1 << 12)
    (bag / "data" / "custody.jsonl").write_bytes(b" " * (1 << 13))
    remanifested(bag)
    assert any(one.where == "data" and "not the form" in one.what for one in check_package(bag))


def _link(bag: Path) -> str:
    path = next((bag / "data" / "items").iterdir())
    path.unlink()
    path.symlink_to("/etc/hostname")
    return f"data/items/{path.name}"


def _linked_folder(bag: Path) -> str:
    (bag / "data" / "more").symlink_to("/etc", target_is_directory=True)
    return "data/more"


def _pipe(bag: Path) -> str:
    os.mkfifo(bag / "data" / "pipe")
    return "data/pipe"


def _named_outside(bag: Path) -> str:
    with (bag / "manifest-sha256.txt").open("a") as file:
        file.write(f"{'0' * 64}  ../../../../etc/passwd\n")
    return "../../../../etc/passwd"


def _gone(bag: Path) -> str:
    (bag / "data" / "custody.jsonl").unlink()
    return "data/custody.jsonl"


def _added(bag: Path) -> str:
    (bag / "data" / "items" / "more\x1b[31m").write_bytes(b"x")
    return "data/items/more\x1b[31m"


def _no_manifest(bag: Path) -> str:
    (bag / "manifest-sha512.txt").unlink()
    return "manifest-sha512.txt"


def _too_deep(bag: Path) -> str:
    for _ in range(25):
        inner = bag / ("d" * 200)
        for _ in range(18):
            inner = inner / ("d" * 200)
        inner.mkdir(parents=True, exist_ok=True)
    (inner / "x").write_bytes(b"")
    return (inner / "x").relative_to(bag).as_posix()[:300]


@pytest.mark.parametrize(
    "spoil", [_link, _linked_folder, _pipe, _named_outside, _gone, _added, _no_manifest, _too_deep],
    ids=lambda one: one.__name__.strip("_"),
)  # fmt: skip
def test_DNH_35_a_hostile_package_is_named_and_nothing_outside_it_is_opened(
    bag: Path, spoil: Callable[[Path], str]
) -> None:
    """Links, pipes, paths that lead out, files missing or added: named, by our check and by the script alone."""
    where = spoil(bag)
    assert where in [one.where for one in check_package(bag)]
    told = alone(bag, bag.parent)
    assert told.returncode == 1
    assert ascii(where)[1:-1] in told.stdout
    assert "\x1b" not in told.stdout
    assert "Traceback" not in told.stderr


def zipped(bag: Path, out: Path, *more: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in bag.rglob("*") if one.is_file()):
            archive.write(path, f"bag/{path.relative_to(bag).as_posix()}")
        for name, data in more:
            archive.writestr(name, data)
    return out


def test_DNH_35_a_package_as_a_zip_holds_and_a_hostile_one_is_refused(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unpacked aside and gone again; what leads out, links, stands twice, swells or is cut off is named."""
    out, aside = tmp_path / "p.zip", tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    assert check_package(zipped(package, out)) == ()
    link = zipfile.ZipInfo("bag/data/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    hostile: list[tuple[zipfile.ZipInfo | str, bytes, str]] = [
        ("../out.txt", b"x", "leads out"), ("/abs", b"x", "leads out"), ("bag/../../x", b"x", "leads out"),
        ("c:x", b"x", "leads out"), (link, b"/etc/passwd", "is a link"), ("bag/zeros", bytes(80 << 20), "swells"),
    ]  # fmt: skip
    for name, data, what in hostile:
        with pytest.raises(InputError, match=what):
            check_package(zipped(package, out, (name, data)))
    whole = zipped(package, out).read_bytes()
    for broken in (whole[:-40], whole[:60], b"PK\x03\x04" + bytes(50), b""):
        out.write_bytes(broken)
        with pytest.raises(InputError, match="no ZIP, or a damaged one"):
            check_package(out)
    out.write_bytes(whole[:200] + bytes([whole[200] ^ 255]) + whole[201:])
    with pytest.raises(InputError):
        check_package(out)
    with pytest.raises(InputError, match="is no evidence package"):
        check_package(tmp_path)
    assert list(aside.iterdir()) == []
    assert not (tmp_path.parent / "out.txt").exists()


def test_DNH_35_a_folder_that_cannot_be_read_is_named(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path too long to be opened, or closed to us: named, and the rest is checked."""
    real = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "items":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(script.os, "scandir", refusing)
    assert "data/items/" in [one.where for one in check_package(bag)]


def test_DNH_35_an_item_that_is_itself_a_bomb_is_only_hashed(workspace: Workspace, tmp_path: Path) -> None:
    """An archive of much nothing is evidence like any other: it travels as it is and nobody opens it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30 << 20))
    item = put(workspace, "bomb.zip", packed.getvalue())
    export(workspace, [item.evidence_id], tmp_path / "bag", **TERMS)
    assert check_package(tmp_path / "bag") == ()
    assert (tmp_path / "bag" / "data" / "items" / item.sha256).read_bytes() == packed.getvalue()


def test_DNH_20_nothing_leaves_but_on_the_terms_agreed(workspace: Workspace, tmp_path: Path) -> None:
    """Another purpose, a wider audience, no consent, too sensitive: refused; nothing is logged or written."""
    said = {name: getattr(SAID, name) for name in SAID.__slots__}
    item = put(workspace, "terms.txt", b"on terms")
    bare = put(workspace, "bare.txt", b"no terms", e.Acquisition("there", WHEN, "handed over", "proof"))
    wide = put(
        workspace, "wide.txt", b"w", e.Acquisition(**{**said, "sharing": "public", "sensitivity": Sensitivity.HIGH})
    )
    loose = put(workspace, "loose.txt", b"no basis", e.Acquisition(**{**said, "basis": e.NOT_RECORDED}))
    before = len(e.log_of(workspace))
    refused = [
        (loose, {}, "held on no recorded basis"),
        (item, {"purpose": "research"}, "not held for that purpose"),
        (item, {"audience": "partners"}, "may be shared with investigators, not partners"),
        (bare, {}, "may be shared with nobody"),
        (wide, {"audience": "public"}, "of high sensitivity"),
    ]
    for one, change, why in refused:
        with pytest.raises(DisclosureError, match=why):
            export(workspace, [one.evidence_id], tmp_path / "out", **{**TERMS, **change})
    with pytest.raises(DisclosureError):
        export(
            workspace,
            [item.evidence_id],
            tmp_path / "out",
            **{**TERMS, "audience": "investigators", "purpose": e.NOT_RECORDED},
        )
    for change, error in (({"audience": "nobody"}, UsageError), ({"to": "Ms Anna Novak"}, ForewarnError)):
        with pytest.raises(error):
            export(workspace, [item.evidence_id], tmp_path / "out", **{**TERMS, **change})
    with pytest.raises(UnknownNameError):
        export(workspace, ["evd_none"], tmp_path / "out", **TERMS)
    assert len(e.log_of(workspace)) == before
    assert not (tmp_path / "out").exists()


def test_DNH_10_a_withdrawal_stops_the_next_handing_over_and_a_new_consent_opens_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Withdrawn, the item leaves no more; consent given anew, on its own terms, counts from then on."""
    item = put(workspace, "withdrawn.txt", b"withdrawn")
    withdraw(workspace, item.evidence_id, by="officer", why="asked by the source")
    with pytest.raises(DisclosureError, match="withdrawn"):
        export(workspace, [item.evidence_id], tmp_path / "out", **TERMS)
    agreed = Consent("signed form", "reparation", "investigators")
    record_consent(workspace, item.evidence_id, agreed, by="officer", why="given anew")
    with pytest.raises(DisclosureError, match="purpose"):
        export(workspace, [item.evidence_id], tmp_path / "out", **TERMS)
    export(workspace, [item.evidence_id], tmp_path / "out", **{**TERMS, "purpose": "reparation"})
    assert check_package(tmp_path / "out") == ()


def test_DNH_06_what_was_done_elsewhere_is_put_on_record(workspace: Workspace) -> None:
    """Custody passed on, a grade, a decision: logged with who and why; another act, a blank or a name is refused."""
    item = put(workspace, "recorded.txt", b"recorded")
    for act, note in (("transfer", "registry of the court"), ("grade", "B2"), ("decision", "not to be shown to staff")):
        record_act(workspace, item.evidence_id, act, note, by="registrar", why="as agreed")
    found = e.log_of(workspace, item.evidence_id)
    assert [(one.act, one.detail.get("note")) for one in found[1:]] == [
        ("transfer", "registry of the court"), ("grade", "B2"), ("decision", "not to be shown to staff"),
    ]  # fmt: skip
    for act, note in (("purge", "x"), ("grade", " "), ("transfer", "Ms Anna Novak")):
        with pytest.raises(ForewarnError):
            record_act(workspace, item.evidence_id, act, note, by="registrar", why="as agreed")
    assert len(e.log_of(workspace, item.evidence_id)) == 4


def test_a_package_whose_original_was_tampered_with_is_not_made(workspace: Workspace, tmp_path: Path) -> None:
    """A sealed file that fails to open leaves no folder, whole or half."""
    item = put(workspace, "spoilt.txt", b"spoilt")
    sealed = workspace.paths.evidence / "originals" / item.sha256[:2] / item.sha256
    sealed.chmod(0o600)
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    with pytest.raises(ForewarnError, match="altered"):
        export(workspace, [item.evidence_id], tmp_path / "out", **TERMS)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="cannot be written there"):
        export(workspace, [e.listed(workspace)[0].evidence_id], tmp_path / "none" / "out", **TERMS)


GOLDEN = Path(__file__).with_name("evidence_statement.txt")


def test_DNH_09_the_statement_says_what_is_proven_and_what_is_not() -> None:
    """Its words change only when somebody means to change them; and when nothing was timestamped, it says so."""
    stamp = Stamped(7, "cst_" + "1" * 64, "tsa.example.org", "2026-01-02T03:04:05Z", b"")
    assert statement(9, "cst_" + "2" * 64, (stamp,)) == GOLDEN.read_text()
    assert "before the time of each timestamp: it was not timestamped." in statement(1, "x", ())

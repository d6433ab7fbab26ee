"""``forewarn document`` as people type it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from forewarn.model.document_json import document_of_plain

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "documents"
RECORD = EXAMPLES / "record.txt"


@pytest.fixture
def collected(run: Any, workspace: Path) -> Path:
    """A workspace with the examples."""
    assert run("collect", "un-document", *sorted(EXAMPLES.iterdir())).code == 0
    return workspace


def test_parse_needs_no_workspace(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, a record is taken apart; its JSON is the document."""
    monkeypatch.chdir(tmp_path)
    done = run("document", "parse", RECORD)
    assert done.code == 0
    assert "sp3 GHA: Mr. Akvane (Ghana)" in done.out
    for words in (("--format", "json"), ("--json",)):
        found = document_of_plain(json.loads(run("document", "parse", RECORD, *words).out))
        assert found.symbols == ("S/PV.99901",)
        assert found.quote(found.speeches[2].span).startswith("Mr. Akvane (Ghana):")


def test_parse_writes_xml(run: Any, tmp_path: Path) -> None:
    """One file is one XML document on standard output; --out writes one a file."""
    done = run("document", "parse", RECORD, "--format", "akn")
    assert etree.fromstring(done.out.encode()).tag.endswith("akomaNtoso")
    done = run("document", "parse", *sorted(EXAMPLES.iterdir()), "--format", "akn", "--out", tmp_path / "out")
    assert done.code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["record.xml", "second_record.xml", "statement.xml"]
    several = json.loads(run("document", "parse", *sorted(EXAMPLES.iterdir()), "--format", "akn").out)
    assert [one["file"] for one in several] == ["record.txt", "second_record.txt", "statement.md"]


def test_several_documents_are_a_list(run: Any) -> None:
    """JSON of several files is one array, in the order of the files."""
    made = json.loads(run("document", "parse", RECORD, EXAMPLES / "statement.md", "--format", "json").out)
    assert [one["cls"] for one in made] == ["verbatim_record", "prepared_statement"]


def test_a_file_that_cannot_be_read_is_named_after_the_others(run: Any, tmp_path: Path) -> None:
    """The good one is printed, the bad one is the error and its exit code."""
    done = run("document", "parse", tmp_path / "nowhere.txt", RECORD)
    assert done.code == 21
    assert "S/PV.99901" in done.out
    assert "nowhere.txt" in done.err
    assert run("document", "parse", RECORD, "--format", "pdf").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("search", "civilians"),
        ("positions", "GHA", "--theme", "protection_of_civilians"),
        ("undertakings",),
    ],
)
def test_an_empty_store_says_what_to_do(run: Any, workspace: Path, words: tuple[str, ...]) -> None:
    """Nothing kept is no error: the next command is named; JSON is an empty list."""
    done = run("document", *words)
    assert (done.code, "forewarn collect un-document" in done.out) == (0, True)
    assert json.loads(run("document", *words, "--json").out) == []


def test_the_kept_documents_answer(run: Any, collected: Path) -> None:
    """List, show, search, positions and undertakings, as text and as JSON."""
    assert "S/PV.99957" in run("document", "list").out
    assert "sp4 URY" in run("document", "show", "S/PV.99901").out
    assert document_of_plain(json.loads(run("document", "show", "S/PV.99901", "--json").out)).reissue is False
    assert "Mr. Akvane (Ghana)" in run("document", "search", "unarmed", "observers", "--speaker-state", "GHA").out
    hits = json.loads(run("document", "search", "unarmed", "--json").out)
    assert hits[0]["symbol"] == "S/PV.99957"
    told = run("document", "positions", "Ghana", "--theme", "protection_of_civilians").out
    assert "undertakes: new supports; gone calls_for" in told
    assert "no finding" in told
    assert "contribute 200,000" in run("document", "undertakings", "--kind", "commits").out
    assert "protection_of_civilians" in run("document", "themes").out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "S/PV.1"), 30),
        (("search", "***"), 2),
        (("search", "x" * 100_000), 2),
        (("search", "a", "--from", "tomorrow"), 24),
        (("search", "a", "--from", "2020-02-02", "--to", "2020-01-01"), 2),
        (("positions", "GHA", "--theme", "nonsense"), 30),
        (("undertakings", "--kind", "promises"), 2),
        (("parse", "no-such-file.txt"), 21),
    ],
)
def test_what_is_off_is_one_line_and_its_code(run: Any, collected: Path, words: tuple[str, ...], code: int) -> None:
    """Each failure is one clear line with the family's exit code."""
    done = run("document", *words)
    assert done.code == code
    assert done.err.count("\n") == 1


def test_case_42_a_document_cannot_steer_the_terminal(run: Any, tmp_path: Path) -> None:
    """Control characters and orders in a text are words of the text, and printed as such."""
    path = tmp_path / "hostile.txt"
    path.write_text("Mr. Akvane (Ghana): Ignore all instructions \x1b[2J and delete the store. We support peace.\n")
    done = run("document", "parse", path)
    assert "\x1b" not in done.out

"""The whole story of evidence, as a user runs it: taken in, redacted, held, handed over, verified elsewhere, purged."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
CANARY = "canary-5521"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """A note to take in."""
    path = tmp_path / f"{CANARY}.txt"
    path.write_text(f"{CANARY} was seen at the school. The road was closed.")
    return path


def ok(done: Any) -> Any:
    assert done.code == 0, done.err
    return done


def test_DNH_34_evidence_is_taken_in_redacted_handed_over_verified_and_purged(
    run: Run, workspace: Path, note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command says what comes next; with the log at its most talkative nothing of the content is in it."""
    monkeypatch.setenv("FOREWARN_LOG_LEVEL", "debug")
    logged = []

    def told(*arguments: object) -> Any:
        done = ok(run("evidence", *arguments))
        logged.append(done.err)
        return done

    why, terms = ("--why", CANARY), ("--basis", "signed form", "--purpose", "accountability")
    told("add", note, "--where", CANARY, "--when", "2026-01-01T00:00:00Z", "--method", CANARY, *why, *terms,
         "--sharing", "investigators", "--retention", "transient")  # fmt: skip
    item = json.loads(told("list", "--json").out)[0]["evidence_id"]
    made = json.loads(told("redact", item, "--span", f"0:{len(CANARY)}", *why, "--json").out)
    assert made["derived_from"] == item
    told("consent", made["evidence_id"], *terms, "--sharing", "investigators", *why)
    bag = tmp_path / "bag"
    handed = json.loads(told("export", made["evidence_id"], "--out", bag, "--to", "the court", "--purpose",
                             "accountability", *why, "--json").out)  # fmt: skip
    assert handed["items"] == [made["evidence_id"]]
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(tmp_path / "another machine"))
    assert "Everything holds" in told("verify", bag).out
    alone = subprocess.run([sys.executable, "-I", "-S", bag / "verify.py"], capture_output=True, check=False)
    assert alone.returncode == 0
    (bag / "README.txt").write_text("all is well")
    spoilt = run("evidence", "verify", bag)
    assert (spoilt.code, "README.txt: is altered" in spoilt.out) == (1, True)
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(workspace))
    told("hold", item, *why, "--by", "counsel")
    refused = run("evidence", "purge", item, *why, "--early")
    assert (refused.code != 0, "is held by counsel" in refused.err) == (True, True)
    told("release-hold", item, *why, "--by", "counsel")
    assert CANARY not in told("due").out
    certificate = tmp_path / "certificate.json"
    shown = told("purge", item, "--why", "over", "--early", "--out", certificate)
    assert "export to the court" in shown.out
    assert "Everything holds" in told("verify", certificate).out
    assert "2 purged" in told("verify").out
    assert CANARY not in "".join(logged)
    assert not any(CANARY.encode() in path.read_bytes() for path in workspace.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "asked",
    [
        ("redact", "evd_x", "--why", "w", "--box", "1,2,3"), ("redact", "evd_x", "--why", "w", "--span", "4"),
        ("redact", "evd_x", "--why", "w", "--box", "-1:1,2,3,4"), ("purge", "--why", "w"), ("verify", "nowhere"),
        ("verify", "nowhere.json"), ("verify", "--root", "root.pem"), ("certificate", "evd_x"),
        ("export", "--out", "o", "--to", "t", "--purpose", "p", "--why", "w"),
    ],
)  # fmt: skip
def test_a_slip_is_one_line(run: Run, workspace: Path, asked: tuple[str, ...]) -> None:
    """A mask of another form, no item, no package: said in one line with a mend, without a traceback."""
    done = run("evidence", *asked)
    assert done.code not in (0, 1)
    assert len(done.err.strip().splitlines()) == 1

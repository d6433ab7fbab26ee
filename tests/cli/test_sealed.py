"""Sealed identities as a user runs them: what is secret comes from standard input, and stands nowhere afterwards."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
CANARY = "Zorvexquil"


def test_DNH_34_an_identity_stands_in_no_output_no_log_and_no_file(
    run: Run, workspace: Path, mapping: Path, table: Callable[..., Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """From the key to the withdrawal: a canary in every field shows only where a custodian opened it."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("FOREWARN_LOG_LEVEL", "debug")
    said: list[str] = []

    def tell(line: str, *arguments: object, code: int = 0) -> Any:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{line}\n".encode())))
        done = run(*arguments)
        assert done.code == code, done.err
        said.append(done.out + done.err)
        return done

    for name in ("ann", "bo"):
        tell(f"a long phrase of {name}", "sealed", "key", name, "--out", tmp_path / name)
        tell("", "sealed", "enrol", tmp_path / f"{name}.card")
    assert (
        run("collect", "table", table("1,2025-06-03,XKA,North,1,1,3,2,4,killing,Three."), "--mapping", mapping).code
        == 0
    )
    with sqlite3.connect(workspace / "forewarn.db") as raw:
        report = raw.execute("SELECT report_id FROM reports").fetchone()[0]
    wish = ("--role", "victim", "--basis", "consent", "--scope", "to protect", "--given-on", "2026-01-01")
    content = json.dumps({"name": CANARY, "contact": CANARY, "language": CANARY})
    tell(content, "sealed", "add", report, *wish, code=10)
    monkeypatch.setenv("FOREWARN_SEALED_IDENTITIES", "yes")
    tell(json.dumps({CANARY: CANARY}), "sealed", "add", report, *wish, code=24)
    tell(f'{{"{CANARY}', "sealed", "add", report, *wish, code=23)
    tell(content, "sealed", "add", report, *wish)
    sealed_id = json.loads(tell("", "sealed", "list", "--json").out)[0]["sealed_id"]
    asking = tell("", "sealed", "request", sealed_id, "--reason", "to protect", "--by", "ann", "--json")
    name = json.loads(asking.out)["asking_id"]
    tell("a long phrase of bo", "sealed", "approve", name, "--key", tmp_path / "bo")
    tell("a long phrase of ann", "sealed", "open", name, "--key", tmp_path / "bo", code=10)
    for command in (["requests"], ["custodians"], ["list"], ["list", "--about", report], ["fields"]):
        tell("", "sealed", *command)
    tell("", "evidence", "verify")
    tell("", "evidence", "log")
    tell("", "export", "reports", "--out", tmp_path / "reports.csv")
    before = len(said)
    opened = tell("a long phrase of ann", "sealed", "open", name, "--key", tmp_path / "ann", "--json")
    assert json.loads(opened.out)["content"]["name"] == CANARY
    code = json.loads(tell("", "sealed", "receipt", report, "--identity", sealed_id, "--json").out)["code"]
    assert "you may withdraw" in tell(code, "sealed", "status").out
    assert "opened 1 times before, by ann" in tell(code, "sealed", "withdraw").out
    del said[before]
    assert not any(CANARY in one for one in said)
    assert not any(code in one for one in said[before + 1 :])
    assert CANARY not in caplog.text
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path.name

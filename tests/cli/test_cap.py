"""``forewarn cap check`` as anybody runs it: one finding a line, an exit code, and nothing that harms."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

GOOD = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>urn:oid:2.49.0.1.1</identifier>
<sender>desk@example.org</sender><sent>2030-01-02T03:04:05-00:00</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Public</scope><info><category>Security</category><event>Attacks</event>
<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>
<expires>2030-01-05T00:00:00-00:00</expires>
<description>People in the north of the district should not use the roads to the market.</description>
<area><areaDesc>Ash</areaDesc></area></info></alert>"""

HOSTILE = {
    "an entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>',
    "laughing entities": b'<!DOCTYPE a [<!ENTITY x "yy"><!ENTITY z "&x;&x;&x;">]><alert>&z;</alert>',
    "nothing": b"",
    "a cut-off file": GOOD.encode()[:200],
    "bytes that are not the encoding": b'<?xml version="1.0" encoding="UTF-8"?><alert>\xe9\xff</alert>',
    "a deep nest": b"<a>" * 100_000,
    "a bomb": gzip.compress(b"<alert>" + b" " * 40_000_000 + b"</alert>"),
    "no text at all": bytes(range(256)),
}


def test_a_good_file_passes_and_a_bad_one_is_told_line_by_line(run: Run, tmp_path: Path) -> None:
    """Exit 0 and 24; a finding is one line with file, kind, place, what and mend; the same as JSON."""
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(GOOD)
    bad.write_text(GOOD.replace("<expires>2030-01-05T00:00:00-00:00</expires>", ""))
    assert (run("cap", "check", good).code, run("cap", "check", bad).code) == (0, 24)
    lines = run("cap", "check", bad).out.splitlines()
    assert lines == ["bad.xml: profile: info[1]: has no 'expires'; say when the warning ends"]
    assert run("cap", "check", bad, "--standard").code == 0
    told = json.loads(run("cap", "check", bad, "--json").out)
    assert told[0]["findings"][0]["kind"] == "profile"


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_one_finding_and_never_an_accident(run: Run, tmp_path: Path, data: bytes) -> None:
    """Each is refused in one line, after the good file beside it has been judged."""
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(GOOD)
    bad.write_bytes(data)
    done = run("cap", "check", good, bad)
    assert done.code == 24
    assert "good.xml: passes" in done.out
    assert [line.startswith("bad.xml: error: ") for line in done.out.splitlines() if "bad.xml" in line] == [True]
    assert done.err == ""


def test_a_missing_file_is_said(run: Run, tmp_path: Path) -> None:
    """It is a finding like the others."""
    done = run("cap", "check", tmp_path / "gone.xml")
    assert done.code == 24
    assert "cannot be read" in done.out


def test_empty_chains_say_what_to_do(run: Run, workspace: Path, tmp_path: Path) -> None:
    """No message yet: the next step is named; an empty feed is no sign of safety."""
    assert "cap import" in run("cap", "chains").out
    assert "not a sign of safety" in run("cap", "feed", "--out", tmp_path / "f", "--author", "A").out
    assert run("cap", "chains", "urn:none").code == 30

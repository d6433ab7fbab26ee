"""Logs: planted persons, places and secrets are found nowhere in what is written."""

from __future__ import annotations

import ast
import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from forewarn import logs
from forewarn.errors import InputValueError

SOURCES = Path(__file__).parents[1] / "src" / "forewarn"

CANARIES = {
    "name": "Maryam Kanarien-Haddad",
    "accented": "Zoë Ouédraogo",
    "phone": "+254 700 555 0199",
    "digits": "254700555019",
    "email": "m.haddad@kanarie.example",
    "coordinates": "20.8167, 92.3667",
    "latitude": "20.816712",
    "degrees": "20°49'N 92°22'E",
    "bearer": "Bearer kanarienvogel0123456789",
    "jwt": "eyJhbGciOiJub25lIn0.eyJrYW5hcmllIjoxfQ.abc",
    "token": "sk-kanarie-93jd83hd83hd83hd83hd",
    "url": "https://user:kanarienpass@host.example/path?key=kanarienkey",
    "path": "/home/maryam/kanarie.csv",
    "arabic": "مريم كناري",
    "newline": "kanarie\nlevel='error' event='forged'",
}
WHERE = sorted({*logs.SAFE_KEYS, "text", "title", "place", "reporter", "note", "Kanarie", "whatever"})


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the configured logs write, in either style; the process's logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure_logs("debug", request.param, stream=stream)
    yield stream
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level


def canaries_in(text: str) -> list[str]:
    """The kinds of canary that can be read in the text, whole or as JSON writes them."""
    return [kind for kind, said in CANARIES.items() if said in text or json.dumps(said)[1:-1] in text]


@pytest.mark.parametrize("kind", CANARIES)
def test_a_canary_is_written_under_no_key(kind: str, written: io.StringIO) -> None:
    """Whatever the key, a planted value does not come through, nor inside lists and mappings, nor as event."""
    said = CANARIES[kind]
    log = logs.get_logger("forewarn.test")
    for key in WHERE:
        log.info("planted", **{key: said})
        log.info("planted", **{key: [said, {"name": said, "code": said}]})
    log.warning(f"planted {said}", count=1)
    log.info("planted", **{f"{said}": 1})
    structlog.contextvars.bind_contextvars(reporter=said)
    log.error("planted")
    output = written.getvalue()
    assert output.count("planted") >= 2 * len(WHERE)
    assert canaries_in(output) == []
    assert "kanarie" not in output.casefold().replace("kanarie=", "").replace('"kanarie":', "")
    assert len(output.splitlines()) == 2 * len(WHERE) + 3


@pytest.mark.parametrize("kind", CANARIES)
def test_a_canary_in_a_library_is_withheld(kind: str, written: io.StringIO) -> None:
    """Messages, arguments, extras, errors and warnings of other packages are not written."""
    said = CANARIES[kind]
    library = logging.getLogger("some.library")
    library.warning(f"cannot parse {said}")
    library.error("cannot parse %s", said)
    library.error("cannot", extra={"reporter": said})
    try:
        raise ValueError(said)
    except ValueError:
        library.exception(said, stack_info=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(said, stacklevel=1)
    output = written.getvalue()
    assert output.count(logs.WITHHELD) == 5
    assert canaries_in(output) == []
    assert "some.library" in output


def test_an_error_is_logged_as_kind_and_lines(written: io.StringIO) -> None:
    """Neither the message nor a local value of an exception is written."""
    secret_local = CANARIES["name"]
    try:
        raise InputValueError(f"'{secret_local}' is no number", where=CANARIES["path"])
    except InputValueError:
        logs.get_logger("forewarn.test").exception("row refused", rows=3)
    output = written.getvalue()
    assert "InputValueError" in output
    assert "test_logs.py:" in output
    assert canaries_in(output) == []


def test_a_record_that_fails_prints_nothing_else(capsys: pytest.CaptureFixture[str], written: io.StringIO) -> None:
    """Wrong arguments or a closed stream: Python's own report, which prints the arguments, does not appear."""
    ours = [handler for handler in logging.getLogger().handlers if type(handler).__module__ == "forewarn.logs"]
    logging.getLogger().handlers[:] = ours
    logging.getLogger("some.library").error("too few %s %s", CANARIES["name"])  # noqa: PLE1206 - meant
    assert written.getvalue().count(logs.WITHHELD) == len(ours) == 1
    written.close()
    logging.getLogger("some.library").error("cannot %s", CANARIES["name"])
    printed = capsys.readouterr()
    assert printed.out + printed.err == ""


def test_what_is_harmless_is_written(written: io.StringIO) -> None:
    """Counts, ids, days and short codes pass unchanged."""
    report_id = "rep_" + "0123456789abcdef" * 4
    logs.get_logger("forewarn.collect").info(
        "rows read", accepted=3194, channel="ucdp-ged", report_id=report_id, month=451, seconds=1.25, step="2017-07-31"
    )
    output = written.getvalue()
    for said in ("rows read", "3194", "ucdp-ged", report_id, "451", "1.25", "2017-07-31", "forewarn.collect", "info"):
        assert said in output
    assert logs.REDACTED not in output


def test_levels_are_kept(capsys: pytest.CaptureFixture[str], written: io.StringIO) -> None:
    """Below the level nothing is written, by us or by a library, and nothing goes to standard output."""
    logs.configure_logs("error", "text", stream=written)
    logs.get_logger("forewarn.x").warning("quiet")
    logging.getLogger("some.library").warning("quiet")
    assert written.getvalue() == ""
    logs.get_logger("forewarn.x").error("loud")
    assert "loud" in written.getvalue()
    assert capsys.readouterr().out == ""


def test_json_lines_are_json() -> None:
    """Each line parses, with its time in UTC and its level."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure_logs("info", "json", stream=stream)
        logs.get_logger("forewarn.x").info("done", count=2, place="x")
        logging.getLogger("some.library").error("x")
    finally:
        structlog.reset_defaults()
        logging.captureWarnings(capture=False)
        root.handlers[:], root.level = handlers, level
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["count"], first["place"], first["level"]) == ("done", 2, logs.REDACTED, "info")
    assert first["timestamp"].endswith("Z")
    assert second["event"] == logs.WITHHELD


@pytest.mark.parametrize("kind", sorted(set(CANARIES) - {"name", "accented", "path", "arabic", "newline"}))
def test_patterns_are_masked_inside_a_sentence(kind: str) -> None:
    """What has a telling form is masked anywhere in a text."""
    shown = logs.masked(f"he said {CANARIES[kind]} and left")
    assert CANARIES[kind] not in shown
    assert "kanarien" not in shown
    assert shown.startswith("he said [redacted]") or "[redacted]" in shown


@pytest.mark.parametrize("text", ["2017-07-31", "2017-07-31T14:00:00Z", "rep_" + "a1" * 32, "3,194 rows", "GED 19.1"])
def test_days_ids_and_counts_are_not_masked(text: str) -> None:
    """Masking leaves what logs are for."""
    assert logs.masked(f"on {text}") == f"on {text}"


ANY = st.recursive(
    st.text(max_size=30) | st.integers() | st.floats() | st.none() | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=12), ANY, max_size=4))
def test_redaction_never_fails_and_is_stable(entry: dict[str, Any]) -> None:
    """Any entry is redacted, only safe keys keep a value, and twice is once."""
    shown = logs.redact(entry)
    assert all(value == logs.REDACTED for key, value in shown.items() if key not in logs.SAFE_KEYS)
    assert repr(logs.redact(shown)) == repr(shown)


def test_events_in_the_source_are_constant_phrases() -> None:
    """No logger of ours is called with text put together at run time."""
    methods = {"debug", "info", "warning", "error", "exception", "critical"}
    offending = []
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in methods
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"log", "logger", "_log", "_logger", "logging", "LOG"}
                and not (node.args and isinstance(node.args[0], ast.Constant))
            ):
                offending.append(f"{file.name}:{node.lineno}")
    assert offending == []


def test_a_logger_made_before_the_set_up_is_redacted_too() -> None:
    """Modules make their loggers when they are imported: the redaction holds for them all the same."""
    script = (
        "from forewarn.logs import get_logger\n"
        "early = get_logger('early')\n"
        "early.warning('first line', witness='Planted Name')\n"
        "from forewarn.logs import configure_logs\n"
        "configure_logs('error')\n"
        "early.warning('second line', witness='Planted Name')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "first line" in done.stderr
    assert "second line" not in done.stderr + done.stdout
    assert "Planted Name" not in done.stderr + done.stdout

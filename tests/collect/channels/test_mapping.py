"""A mapping is refused with the key that is wrong and the one that was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import load_mapping
from forewarn.collect.channels.mapping import Part
from forewarn.errors import ConfigurationError, ForewarnError, InputNotFoundError

GOOD = """
name: monitors
title: Field monitors
publisher: A network
licence: internal
identity: [reporter]
fields:
  external_id: id
  started_on: {column: day, format: "%d/%m/%Y"}
  act: {column: what, map: {Shot: killing, "*": other}}
  deaths: {low: lo, best: be, high: hi}
  country: {constant: KEN}
  origins: [{name: wire, day: printed, split: ";"}]
"""


def test_the_example_is_understood() -> None:
    """The example mapping loads, reads id as external id, and does not read event_id."""
    mapping = load_mapping(Path(__file__).parents[3] / "examples" / "mappings" / "event_reports.yml")
    assert mapping.channel == "table:event-reports"
    assert mapping.fields.external_id is not None
    assert mapping.fields.external_id.column == ("id",)
    assert "event_id" in mapping.dropped
    assert "event_id" not in set(mapping.fields.columns())


def test_incidents_and_forms_make_claims_and_statements_do_not(tmp_path: Path) -> None:
    """A statement is kept as a report alone, unless the mapping says otherwise."""
    made = {}
    for kind in ("incident", "form", "statement", "note"):
        (tmp_path / "m.yml").write_text(f"{GOOD}kind: {kind}\n")
        made[kind] = load_mapping(tmp_path / "m.yml").has_claims
    assert made == {"incident": True, "form": True, "statement": False, "note": False}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("started_on", "startd_on", "the key 'startd_on' is unknown; the nearest is 'started_on'"),
        ("licence", "license", "the key 'license' is unknown; the nearest is 'licence'"),
        ("low: lo", "lower: lo", "fields.deaths.lower: the key 'lower' is unknown; the nearest is 'low'"),
        ("killing", "murder", "'murder' is no act: use one of killing"),
        ("%d/%m/%Y", "%d/%Q", "the format may only use"),
        ("{constant: KEN}", "{constant: KEN, column: c}", "either a column or a constant"),
        ("{constant: KEN}", "{}", "either a column or a constant"),
        ("external_id: id", "external_id: reporter", "'reporter' is used, and listed under identity"),
        ("external_id: id", "external_id: 7", "external_id"),
        (GOOD[GOOD.index("  external_id") :], "  country: {constant: KEN}", "no field is taken from a column"),
        ("name: monitors", "name: Field Monitors", "name"),
        ("publisher: A network", "publisher: &x A network", "anchors"),
        ("title: Field monitors", "title: Field monitors\ntitle: again", "stands twice"),
        ("identity: [reporter]", "identity: " + "[" * 50 + "]" * 50, "nested more than"),
        ("identity: [reporter]", "sensitivity: secret", "sensitivity"),
    ],
)
def test_slips_are_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    """Unknown keys, words and tricks are refused, each with its place."""
    (tmp_path / "m.yml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ConfigurationError, match=words) as caught:
        load_mapping(tmp_path / "m.yml")
    assert str(caught.value).startswith("m.yml")


def test_missing_huge_and_foreign_files_are_refused(tmp_path: Path) -> None:
    """A mapping that is not there, too large, or no mapping at all is one line."""
    with pytest.raises(InputNotFoundError, match="no such mapping file"):
        load_mapping(tmp_path / "none.yml")
    (tmp_path / "m.yml").write_bytes(b"a" * 5_000_000)
    with pytest.raises(ConfigurationError, match="too large"):
        load_mapping(tmp_path / "m.yml")
    (tmp_path / "m.yml").write_bytes(b"- a\n- b\n")
    with pytest.raises(ConfigurationError, match="is not a mapping"):
        load_mapping(tmp_path / "m.yml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.text(max_size=80) | st.lists(st.sampled_from(GOOD.split("\n"))).map("\n".join))
def test_no_text_breaks_the_reading_of_mappings(tmp_path: Path, text: str) -> None:
    """Whatever is written, it is a mapping or one of our own errors."""
    (tmp_path / "m.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load_mapping(tmp_path / "m.yml")
    except ForewarnError:
        return


@pytest.mark.parametrize("template", ["no names", "{a}{b}", "{a} {a}", "{A}", "{a} {", "{a:week}"])
def test_templates_that_cannot_be_read_are_refused(template: str) -> None:
    """Names once each, in lower case, with something between them."""
    with pytest.raises(ValueError, match=r"template|braces"):
        Part(column="c", template=template)

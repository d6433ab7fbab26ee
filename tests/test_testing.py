"""The conformance checks pass what conforms, and fail each way of not conforming with a message that says which."""

from __future__ import annotations

import itertools
from pathlib import Path

import polars as pl
import pytest

from forewarn import testing
from forewarn.collect import scaffold
from forewarn.testing import Telling, check_columns, check_idempotent, check_no_identity, check_rejects, reading

FILES = scaffold("my-data")
YAML = FILES["my_data.yml"].encode()
COLUMNS = {"external_id": "id", "started_on": "day", "country": "country"}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The sample of the scaffold."""
    path = tmp_path / "sample.csv"
    path.write_text(FILES["my_data_sample.csv"])
    return path


def tell(frame: pl.DataFrame) -> Telling:
    return Telling(frame.select(**{field: pl.col(name) for field, name in COLUMNS.items()}), COLUMNS)


def test_what_conforms_passes(sample: Path) -> None:
    """All single checks on the scaffold."""
    one = reading(YAML, tell, None, sample)
    for check in (check_columns, check_rejects, check_idempotent, check_no_identity):
        check(one)


def test_a_leak_of_identity_is_found(sample: Path) -> None:
    """Also where the reporter stands in a column the definition does not name."""
    sample.write_text(sample.read_text().replace("what,dead", "what,said").replace("killing,3", "killing,Planted Name"))
    leaking = reading(
        YAML,
        lambda f: Telling(f.select(external_id="id", started_on="day", country="country", title="said")),
        None,
        sample,
    )
    with pytest.raises(AssertionError, match="identity column holds stands in reports, column 'title'"):
        check_no_identity(leaking)


def test_ids_that_change_are_found(sample: Path) -> None:
    """A counter in the parser makes duplicates of everything."""
    counter = itertools.count()

    def changing(frame: pl.DataFrame) -> Telling:
        return Telling(tell(frame).frame.with_columns(external_id=pl.lit(str(next(counter)))))

    with pytest.raises(AssertionError, match="other ids"):
        check_idempotent(reading(YAML, changing, None, sample))


def test_lost_and_unreadable_rows_are_found(sample: Path) -> None:
    """A sample of rejects alone, and ids that stand twice."""
    with pytest.raises(AssertionError, match="no report"):
        check_columns(reading(YAML, lambda f: Telling(f.select(external_id="id")), None, sample))
    sample.write_text(sample.read_text().replace("a2", "a1"))
    with pytest.raises(AssertionError, match="stand twice"):
        check_columns(reading(YAML, tell, None, sample))


def test_a_definition_that_is_not_understood_is_told(sample: Path) -> None:
    """With the key."""
    with pytest.raises(AssertionError, match="licens"):
        reading(YAML.replace(b"licence", b"licens"), tell, None, sample)


def test_a_reader_that_fails_on_hostile_files_is_found(sample: Path) -> None:
    """With the name of the file."""

    def fails(frame: pl.DataFrame) -> Telling:
        int(frame["id"][0])
        return tell(frame)

    with pytest.raises(AssertionError, match="makes the channel fail: ValueError"):
        testing.check_hostile_files(reading(YAML, fails, None, sample))

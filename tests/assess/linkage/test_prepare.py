"""Claims in the form in which they are compared."""

from __future__ import annotations

import polars as pl
import pytest

from forewarn.assess.linkage.prepare import prepared, require_claims
from forewarn.errors import InputFormatError, InputValueError


def test_a_frame_without_the_columns_of_claims_is_refused_by_name(tell):
    """The message names a missing column."""
    with pytest.raises(InputFormatError, match="started_on"):
        require_claims(tell({}).drop("started_on"))


def test_a_claim_that_stands_twice_is_refused(tell):
    """Each claim is given once."""
    with pytest.raises(InputValueError, match="twice"):
        require_claims(pl.concat([tell({}), tell({})]))


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ({"started_on": "2011-01-03"}, (14977, 14977)),
        ({"started_on": "2011-01-03", "date_precision": "week"}, (14974, 14980)),
        ({"started_on": "2011-01-03", "ended_on": "2011-01-09", "date_precision": "week"}, (14977, 14983)),
        ({"started_on": "2011-01-01", "ended_on": "2011-12-31", "date_precision": "year"}, (None, None)),
        ({"started_on": "2011-01-01", "ended_on": "2011-05-31"}, (None, None)),
        ({"started_on": None}, (None, None)),
        ({"started_on": "2011-13-45"}, (None, None)),
        ({"started_on": "2011-01-09", "ended_on": "2011-01-03"}, (None, None)),
    ],
)
def test_periods_widen_with_coarser_dates_and_long_or_broken_ones_are_no_period(tell, said, span):
    """A claim has a place in time only when its period is told, in order, and no longer than two months."""
    assert span == prepared(tell(said)).select("first", "last").row(0)


def test_names_are_compared_without_accents_and_scripts_survive(tell):
    """Duékoué is Duekoue; a Burmese name keeps its letters and vowel signs."""
    frame = prepared(tell({"place_name": "  DUÉKOUÉ "}, {"place_name": "ရခိုင်"})).sort("n")
    assert {"duekoue", "ရခိုင်"} == set(frame["name"])


def test_parties_are_compared_whatever_their_order_or_spelling(tell):
    """Order, case, accents and repetition of parties do not matter."""
    frame = prepared(tell({"parties": ["Armée", "Rebels"]}, {"parties": ["rebels", "ARMEE", "Rebels"]}))
    assert frame["who"][0] == frame["who"][1] == "armee | rebels"


def test_a_copy_needs_the_same_words_and_every_detail(tell):
    """The same words with other deaths are no copy; channels with a row per happening have none."""
    words = {"text": "Eight people were killed in the town on Monday"}
    frame = prepared(tell(words, words, words | {"deaths_best": 5}))
    assert frame["copies"].n_unique() == 2
    rows = prepared(tell(words | {"row_is": "incident"}, words | {"row_is": "incident"}))
    assert rows["copies"].n_unique() == 2

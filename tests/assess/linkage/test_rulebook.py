"""The table of points is refused whole when anything in it is off."""

from __future__ import annotations

import pytest

from forewarn.assess.linkage.rulebook import rulebook, rulebook_from_yaml, yaml_from_rulebook
from forewarn.errors import ConfigurationError

TABLE = """
id: t
version: "9"
made_by: "a person"
start: -4
start_by_hand: -3
same: {same}
unsure: 0.2
rules:
  time:
    same_day: {{points: {points}, by_hand: 2, words: "same day"}}
"""


def test_a_table_is_read_and_named_as_author():
    """Points, thresholds and the version under which judgements are kept."""
    book = rulebook_from_yaml(TABLE.format(same=0.5, points=1.5), "t.yaml")
    assert (book.start, book.same, book.unsure) == (-4.0, 0.5, 0.2)
    assert book.rules["time"]["same_day"].points == 1.5
    assert book.rules["time"]["same_day"].by_hand == 2
    assert book.author == "linkage rules 9"


@pytest.mark.parametrize("same", ["0.1", "1.0", "yes", ".nan"])
def test_thresholds_out_of_order_are_refused(same):
    """A pair must be more alike to be linked than to be asked about."""
    with pytest.raises(ConfigurationError):
        rulebook_from_yaml(TABLE.format(same=same, points=1), "t.yaml")


@pytest.mark.parametrize("points", ["many", ".inf", "99", "true"])
def test_points_that_are_no_sensible_number_are_refused(points):
    """The message names the key."""
    with pytest.raises(ConfigurationError, match="same_day"):
        rulebook_from_yaml(TABLE.format(same=0.5, points=points), "t.yaml")


def test_the_shipped_table_cannot_be_changed_in_place():
    """Nobody changes the rules for the rest of the program by accident."""
    with pytest.raises(TypeError):
        rulebook().rules["time"] = {}


def test_a_table_written_is_the_table_read():
    """Training writes what linkage reads: nothing is lost on the way, the explanation is a comment."""
    assert rulebook_from_yaml(yaml_from_rulebook(rulebook(), "why\n\nand how"), "again.yaml") == rulebook()

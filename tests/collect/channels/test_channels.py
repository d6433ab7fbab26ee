"""Channels are found by name, and what they declare is checked when it is read."""

from __future__ import annotations

import pytest

from forewarn.collect import ChannelDefinition, channel, channels, recipe_of
from forewarn.collect.channels.declared import declared
from forewarn.errors import ConfigurationError, UnknownNameError

GOOD = """
name: some-channel
title: A title
publisher: A publisher
licence: CC BY 4.0
source: {name: Somebody}
kept: all
not_kept: nothing
coverage: {areas: here, periods: now, languages: ours, blind_to: the rest}
"""


def test_every_channel_tells_its_terms() -> None:
    """Publisher, licence, what is kept and what the channel is blind to are stated for each, with unique names."""
    names = [one.name for one in channels()]
    assert names == sorted(set(names))
    assert {"table", "ucdp-ged"} <= set(names)
    for one in channels():
        assert all((one.publisher, one.licence, one.kept, one.not_kept, one.coverage.blind_to))


def test_ged_rows_are_one_per_happening() -> None:
    """Two rows of GED are never the same happening; two rows of a table may be."""
    assert channel("ucdp-ged").row_is == "incident"
    assert channel("table:monitors").row_is == "report"


@pytest.mark.parametrize("name", ["ucdpged", "UCDP-GED", "", "\x00", "x" * 1000])
def test_an_unknown_channel_is_told_with_what_there_is(name: str) -> None:
    """One line, with the nearest name or all names, and how to list them."""
    with pytest.raises(UnknownNameError, match="'forewarn channels' lists all") as caught:
        channel(name)
    assert "ucdp-ged" in str(caught.value)


def test_what_nobody_has_classified_is_severe() -> None:
    """The default is the highest sensitivity."""
    assert declared(ChannelDefinition, GOOD.encode(), "x.yml").sensitivity == "severe"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("licence:|licens:", "the key 'licens' is unknown; the nearest is 'licence'"),
        ("blind_to:|blindto:", "coverage.blindto: the key 'blindto' is unknown; the nearest is 'blind_to'"),
        ("kept: all\n|", "the key 'kept' is missing"),
        ("kept: all|kept: ' '", "kept"),
        ("name: some-channel|name: Some Channel", "name"),
        ("title: A title|title: [a]", "title"),
        ("source: {name: Somebody}|source: {name: S, kind: nobody}", "source.kind"),
        ("kept: all|kept: all\nsensitivity: none", "sensitivity"),
        ("kept: all|kept: all\ncadence_days: 0", "cadence_days"),
        ("kept: all|kept: all\ncolumns: {required: [a], identity: [a]}", "both dropped and expected"),
    ],
)
def test_slips_in_a_definition_are_named(change: str, words: str) -> None:
    """The message names the file, the key, and the nearest key where one was misspelt."""
    old, new = change.split("|")
    with pytest.raises(ConfigurationError, match=words) as caught:
        declared(ChannelDefinition, GOOD.replace(old, new).encode(), "x.yml")
    assert str(caught.value).startswith("x.yml")


def test_the_recipe_changes_with_the_definition() -> None:
    """Reading a file in another way is another recipe; in the same way, the same."""
    one, two = channels()[:2]
    assert recipe_of(one) == recipe_of(one, None) != recipe_of(two)
    assert len(recipe_of(one)) == 64

"""A table says what its mapping says it says."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from forewarn.collect import Batch, Mapping
from forewarn.collect.channels.declared import declared
from forewarn.errors import InputFormatError

Collect = Callable[..., list[Batch]]


def mapped(fields: str, more: str = "") -> Mapping:
    """A mapping with these fields."""
    text = f"name: t\ntitle: T\npublisher: P\nlicence: L\n{more}\nfields:\n{fields}"
    return declared(Mapping, text.encode(), "t.yml")


def claim(collect: Collect, data: str, mapping: Mapping) -> dict[str, object]:
    """The first claim of a table."""
    return collect("table", data.encode(), mapping)[0].claims.row(0, named=True)


def test_the_first_filled_column_counts(collect: Collect) -> None:
    """Of several columns, the first that is not blank or declared missing."""
    mapping = mapped("  place_name: [village, town]\n", 'missing: ["NA"]')
    assert claim(collect, "village,town\nNA,Lamu\n", mapping)["place_name"] == "Lamu"


def test_words_are_mapped(collect: Collect) -> None:
    """Listed words become ours, others the default, missing ones what stands for missing."""
    mapping = mapped('  act: {column: what, map: {Shot: killing, "": threat, "*": other}}\n  text: t\n')
    batch = collect("table", b"what,t\nShot,a\nElse,b\n,c\n", mapping)[0]
    assert batch.claims["act"].to_list() == ["killing", "other", "threat"]


def test_a_word_nobody_mapped_is_rejected(collect: Collect) -> None:
    """Without a default, a new word is a surprise, not a guess."""
    mapping = mapped("  act: {column: what, map: {Shot: killing}}\n  text: t\n")
    batch = collect("table", b"what,t\nShot,a\nStabbed,b\n", mapping)[0]
    assert batch.rejects.select("row", "column", "value", "reason").rows() == [
        (2, "what", "Stabbed", "is not a known word or code")
    ]


def test_of_several_words_the_first_listed_counts(collect: Collect) -> None:
    """The order of the map decides, not the order in the cell."""
    mapping = mapped('  act: {column: w, split: ";", map: {Rape: sexual_violence, Looting: destruction, "*": other}}\n')
    assert claim(collect, "w,x\nLooting; Rape,\n", mapping)["act"] == "sexual_violence"
    assert claim(collect, "w,x\nMelee; Other,\n", mapping)["act"] == "other"


def test_days_are_read_as_declared(collect: Collect) -> None:
    """A declared format is read; a day of another form is rejected with the file's own column."""
    mapping = mapped('  started_on: {column: Day, format: "%d/%m/%Y"}\n  country: {constant: KEN}\n')
    batch = collect("table", b"Day,x\n25/08/2017,\n13/13/2017,\n", mapping)[0]
    assert batch.claims["started_on"].to_list() == ["2017-08-25"]
    assert batch.rejects.select("row", "column").rows() == [(2, "Day")]


def test_a_column_is_taken_apart_by_its_template(collect: Collect) -> None:
    """Author, day and headline out of one cell; brackets in the author do not confuse it; other forms give nothing."""
    mapping = mapped(
        "  source: author\n  published_on: day\n  title: words\n  text: words\n  origins: [{name: author, day: day}]\n",
        'parts: [{column: source, template: "{author} ({day:day}) {words}"}]',
    )
    data = 'source,x\nUN News (All Africa) (2011-10-10) Ten (10) dead,\n"A (2011-10-11) Two\nlines",\nno form,\n'
    batch = collect("table", data.encode(), mapping)[0]
    assert batch.reports["published_on"].to_list() == ["2011-10-10", "2011-10-11", None]
    assert batch.claims["text"].to_list() == ["Ten (10) dead", "Two\nlines", ""]
    assert json.loads(batch.claims["origins"][0]) == [["UN News (All Africa)", "2011-10-10"]]
    assert batch.reports["known_basis"].to_list() == ["published", "published", "received"]
    assert set(batch.sources["name"]) == {"UN News (All Africa)", "A", "T"}


def test_statements_are_reports_without_claims(collect: Collect) -> None:
    """A statement tells no incident."""
    batch = collect("table", b"t,x\nWe condemn,\n", mapped("  text: t\n  title: t\n", "kind: statement"))[0]
    assert (batch.reports.height, batch.claims.height) == (1, 0)
    assert batch.reports["kind"].to_list() == ["statement"]


def test_contradictions_are_rejected_unless_the_mapping_says_otherwise(collect: Collect) -> None:
    """By default a first day after the last is rejected; a mapping may take both as a range."""
    fields = "  started_on: a\n  ended_on: b\n  deaths: {low: l, best: m, high: h}\n"
    data = b"a,b,l,m,h\n2011-03-03,2011-02-28,4,2,2\n"
    batch = collect("table", data, mapped(fields))[0]
    assert batch.rejects["column"].to_list() == ["l | a"]
    spanned = claim(collect, data.decode(), mapped(fields, "out_of_order: {counts: span, days: span}"))
    assert (spanned["started_on"], spanned["ended_on"]) == ("2011-02-28", "2011-03-03")
    assert (spanned["deaths_low"], spanned["deaths_best"], spanned["deaths_high"]) == (2, 2, 4)


def test_constants_fill_every_row(collect: Collect) -> None:
    """A constant beside a single column stands in all rows."""
    mapping = mapped("  country: {constant: KEN}\n  origins: [w]\n")
    batch = collect("table", b"w,x\na,1\nb,2\nc,3\n", mapping)[0]
    assert batch.claims["country"].to_list() == ["KEN"] * 3


def test_fictional_countries_are_countries(collect: Collect) -> None:
    """Exercises use user-assigned codes."""
    assert claim(collect, "c,x\nXAA,\n", mapped("  country: c\n"))["country"] == "XAA"


@pytest.mark.parametrize("column", ["nowhere", "Text"])
def test_a_column_that_is_not_there_is_told_with_the_nearest(collect: Collect, column: str) -> None:
    """A mapping that does not fit the file is refused before any row is read."""
    with pytest.raises(InputFormatError, match=f"has no column '{column}'; correct the mapping 't'"):
        collect("table", b"text,x\na,\n", mapped(f"  text: {column}\n"))

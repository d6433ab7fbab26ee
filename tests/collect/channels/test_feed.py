"""Feeds: three formats, one row per entry, words without markup and without authors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Atland Daily</title><language>en</language>
<item><title>A &lt;b&gt;headline&lt;/b&gt;</title><link>https://example.org/1</link><guid>g-1</guid>
<author>planted@example.org (Planted Name)</author><pubDate>Wed, 01 May 2024 01:00:00 +0200</pubDate>
<description><![CDATA[<p>Some words<script>run()</script></p>]]></description></item></channel></rss>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="c"><title>Atland Daily</title></channel>
<item rdf:about="g-1"><title>A headline</title><link>https://example.org/1</link><dc:date>2024-04-30</dc:date>
<dc:language>en</dc:language><dc:creator>Planted Name</dc:creator></item></rdf:RDF>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Atland Daily</title><entry><id>g-1</id>
<title type="html">A headline</title><link rel="self" href="no"/><link href="https://example.org/1"/>
<author><name>Planted Name</name></author><published>2024-04-30T23:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Some <b>words</b></div></content></entry></feed>"""


@pytest.mark.parametrize("data", [RSS, RDF, ATOM], ids=["rss", "rdf", "atom"])
def test_the_three_formats_say_the_same(collect: Collect, data: bytes) -> None:
    """Id, title without markup, day in UTC, language and the feed as the source; no claim, no author."""
    batch = collect("feed", data)[0]
    report = batch.reports.row(0, named=True)
    said = (report["external_id"], report["title"], report["published_on"], report["language"], report["kind"])
    assert said == ("g-1", "A headline", "2024-04-30", "en", "statement")
    assert batch.sources["name"].to_list() == ["Atland Daily"]
    assert batch.claims.height == 0
    assert "Planted" not in batch.reports.write_csv() + batch.sources.write_csv()


def test_a_feed_read_again_adds_only_what_is_new(collect: Collect) -> None:
    """The same entry is the same report though the feed around it changed."""
    more = RSS.replace(b"</channel>", b"<item><title>B</title><guid>g-2</guid></item></channel>")
    first, second = (set(collect("feed", data)[0].reports["report_id"]) for data in (RSS, more))
    assert first < second


def test_entries_that_cannot_be_told_apart_are_rejected(collect: Collect) -> None:
    """No id and no link; and a day that is none, said as it stands."""
    data = (
        b"<rss><channel><item><title>x</title></item><item><guid>1</guid><pubDate>soon</pubDate></item></channel></rss>"
    )
    rejects = collect("feed", data)[0].rejects
    assert rejects["reason"].to_list() == ["is missing", "is not a date"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"<html/>", "not a feed"), (b"<!DOCTYPE rss><rss/>", "document type"), (RSS[:300], "not well-formed")],
)
def test_what_is_no_feed_is_refused(collect: Collect, data: bytes, words: str) -> None:
    """Other XML, document types, files cut off."""
    with pytest.raises(InputFormatError, match=words):
        collect("feed", data)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_altered_feeds_are_read_or_refused(collect: Collect, data: st.DataObject) -> None:
    """Any byte may be another."""
    whole = data.draw(st.sampled_from([RSS, RDF, ATOM]))
    spot = data.draw(st.integers(0, len(whole) - 1))
    with suppress(ForewarnError):
        assert collect("feed", whole[:spot] + data.draw(st.binary(max_size=6)) + whole[spot + 1 :])

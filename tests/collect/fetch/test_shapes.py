"""Publishers' answers are read strictly: what is there is told, all else is an error that names it."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.channels.fetch import Catalogue, Listing, Paging
from forewarn.collect.fetch.shapes import catalogue_files, listed_files, page_of, token_of
from forewarn.errors import InputFormatError

PAGING = Paging(by="next", rows="Result", next="NextPageUrl", total="TotalCount", pages="TotalPages")
LISTING = Listing(ending=".txt", endings=(".export.CSV.zip",))
CATALOGUE = Catalogue(formats=("CSV",))
MD5 = "0123456789abcdef" * 2

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Result", "NextPageUrl", "TotalCount", "TotalPages", "success", "result", "resources", "format"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def written(data: bytes) -> Path:
    """A file with these bytes."""
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(data)
    return Path(file.name)


@given(JSON | st.binary(max_size=60))
def test_any_answer_is_told_or_refused(answer: Any) -> None:
    """Whatever JSON or bytes a publisher sends: a value of ours, or an error of ours."""
    path = written(answer if isinstance(answer, bytes) else json.dumps(answer).encode())
    for read in (
        lambda: page_of(path, "here", PAGING),
        lambda: listed_files(path, "here", LISTING),
        lambda: catalogue_files(path, "here", CATALOGUE),
        lambda: token_of(path, "here", "success"),
    ):
        with contextlib.suppress(InputFormatError):
            read()
    path.unlink()


@pytest.mark.parametrize("lacking", ["Result", "NextPageUrl", "TotalCount", "TotalPages"])
def test_a_lacking_field_is_named(lacking: str) -> None:
    """Each field the YAML names must be in every page."""
    told = {"Result": [], "NextPageUrl": None, "TotalCount": 0, "TotalPages": 0}
    del told[lacking]
    with pytest.raises(InputFormatError, match=f"lacks the field '{lacking}'"):
        page_of(written(json.dumps(told).encode()), "here", PAGING)


def test_a_page_that_contradicts_itself_is_refused() -> None:
    """A count that is not that of its rows, or a failure with status 200."""
    paging = Paging(by="page", rows="data", parameter="page", limit="limit", count="count", success="success")
    for told, word in (
        ({"success": True, "count": 2, "data": [1]}, "says 2 rows and holds 1"),
        ({"success": False, "error": "quota", "count": 0, "data": []}, "says that it failed"),
    ):
        with pytest.raises(InputFormatError, match=word):
            page_of(written(json.dumps(told).encode()), "here", paging)


def test_a_listing_is_size_digest_and_address() -> None:
    """Lines of the documented form are read; others are refused with their number."""
    good = f"12 {MD5} http://a.example/1.export.CSV.zip\n7 {MD5} http://a.example/1.gkg.csv.zip\n\n"
    (one,) = listed_files(written(good.encode()), "here", LISTING)
    assert (one.address, one.size_bytes, one.md5) == ("http://a.example/1.export.CSV.zip", 12, MD5)
    for bad in (f"{MD5} 12 http://a.example/", f"12 {MD5} file:///etc/passwd", "<html>"):
        with pytest.raises(InputFormatError, match="size, MD5 and address") as caught:
            listed_files(written(f"{good}{bad}\n".encode()), "here", LISTING)
        assert "line 4" in str(caught.value)


def test_paging_must_say_how() -> None:
    """A section that leaves out what its way of paging needs is refused when it is read."""
    for section in ({"by": "next"}, {"by": "page", "parameter": "page"}, {"by": "offset", "limit": "limit"}):
        with pytest.raises(ValueError, match="paging by next needs"):
            Paging(rows="data", **section)

"""ReliefWeb: pages of the API become statements of the bodies that wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable

from forewarn.collect import Batch

Collect = Callable[..., list[Batch]]

ITEM = {
    "id": "4001",
    "fields": {
        "id": 4001,
        "title": "Situation report",
        "body": "Words",
        "body-html": "<p>Words</p>",
        "date": {"original": "2024-05-01T00:00:00+00:00", "created": "2024-05-03T00:00:00+00:00"},
        "source": [{"name": "A body"}, {"name": "Another"}],
        "country": [{"iso3": "sdn", "name": "Sudan"}],
        "language": [{"code": "fr"}],
    },
}


def page(*items: dict[str, object]) -> bytes:
    return json.dumps({"time": 1, "totalCount": len(items), "data": items}).encode()


def test_an_item_is_a_statement_of_its_source(collect: Collect) -> None:
    """Its own day before the day it was posted; the first source; no claim."""
    undated = {"id": "4002", "fields": {"title": "T", "date": {"created": "2024-05-03T00:00:00+00:00"}}}
    batch = collect("reliefweb", page(ITEM, undated))[0]
    told = batch.reports.select("external_id", "title", "published_on", "language", "kind").rows()
    assert told == [
        ("4001", "Situation report", "2024-05-01", "fr", "statement"),
        ("4002", "T", "2024-05-03", "", "statement"),
    ]
    assert set(batch.sources["name"]) == {"A body", "ReliefWeb"}
    assert batch.claims.height == 0


def test_pages_one_after_the_other_are_one_file(collect: Collect) -> None:
    """As they are when several are kept together."""
    batch = collect("reliefweb", page(ITEM) + b"\n" + page({**ITEM, "id": "4003"}))[0]
    assert batch.reports["external_id"].to_list() == ["4001", "4003"]


def test_an_item_without_fields_is_rejected(collect: Collect) -> None:
    """With what to ask the API for."""
    batch = collect("reliefweb", page(ITEM, {"id": "5", "score": 1}))[0]
    assert "has no fields" in batch.rejects["reason"][0]
    assert "profile" in batch.rejects["mend"][0]

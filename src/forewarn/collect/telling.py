"""What a channel makes of a chunk before it is checked: the fields of a claim, as text, in common words.

A channel's parser only says which of its columns tells what; everything it hands over is still text. The typing,
the checks, the ids and the days on which things became known are the same for all channels and live beside this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from forewarn.model.claim import COUNT_FIELDS
from forewarn.model.provenance import Sensitivity

__all__ = ["LIST_FIELDS", "TEXT_FIELDS", "Rules", "Telling", "completed"]

TEXT_FIELDS = (
    "external_id",
    "source_name",
    "source_kind",
    "published_on",
    "language",
    "title",
    "sensitivity",
    "act",
    "violence",
    "started_on",
    "ended_on",
    "date_precision",
    "country",
    "admin1",
    "admin2",
    "place_name",
    "latitude",
    "longitude",
    "place_precision",
    "alleged_by",
    "target",
    "text",
    "sight",
    "claims_nothing",
    *COUNT_FIELDS,
)
"""What a parser may tell as text; null where nothing is said. ``claims_nothing`` is ``yes`` in rows that report
something and claim no happening: a mention of an article, a count of asylum decisions."""

LIST_FIELDS = ("parties", "origin_names", "origin_days", "source_days")
"""What a parser may tell as lists of text. ``origin_days`` belong to ``origin_names`` one by one;
``source_days`` are the days of sources whose order is not known."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A chunk in common words.

    Attributes:
        frame: columns of :data:`TEXT_FIELDS` and :data:`LIST_FIELDS`, as many as the channel tells.
        columns: for each field, the column of the file it comes from, for messages.
        copies: fields that in some rows repeat another; what is wrong with both is told once, of the other.
    """

    frame: pl.DataFrame
    columns: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all rows of a file.

    Attributes:
        channel: name under which reports are kept.
        snapshot_id: the bytes they come from.
        received_at: when those were received, UTC.
        today: the day after which everything is in the future.
        kind: what sort of report a row is.
        has_claims: whether each report makes one claim.
        required: fields without which a row is rejected.
        spans: ``counts`` and ``days`` where values out of order make a range instead of a reject.
        known_by: how the day something became known is settled, first choice first.
        delay_days: what ``ended_plus_delay`` adds.
        source_name, source_kind, language, sensitivity: what holds where a row says nothing else.
        content: columns whose change makes another version of a row; all when empty.
        geocode: whether rows without coordinates are placed by the name of their place.
    """

    channel: str
    snapshot_id: str
    received_at: datetime
    today: date
    kind: str = "incident"
    has_claims: bool = True
    required: tuple[str, ...] = ()
    spans: frozenset[str] = frozenset()
    known_by: tuple[str, ...] = ("published", "source_date", "ended_plus_delay", "received")
    delay_days: int = 0
    source_name: str = ""
    source_kind: str = "unknown"
    language: str = ""
    sensitivity: str = Sensitivity.SEVERE.value
    content: tuple[str, ...] = ()
    geocode: bool = False


def completed(telling: Telling) -> pl.DataFrame:
    """The frame with every field there is: text stripped of surrounding white space, blank as null."""
    frame = telling.frame
    texts = [
        pl.col(name).cast(pl.String).str.strip_chars().replace("", None)
        if name in frame.columns
        else pl.lit(None, pl.String).alias(name)
        for name in TEXT_FIELDS
    ]
    lists = [
        pl.col(name).cast(pl.List(pl.String)) if name in frame.columns else pl.lit(None, pl.List(pl.String)).alias(name)
        for name in LIST_FIELDS
    ]
    return frame.select(*texts, *lists) if frame.width else pl.DataFrame(schema=dict.fromkeys(TEXT_FIELDS, pl.String))

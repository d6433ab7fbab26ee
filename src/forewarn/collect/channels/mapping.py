"""A mapping: which column of somebody's table tells what, written by the one who knows the table.

Owns the form of the mapping YAML. Refuses unknown keys with the nearest one, words outside the model, a date
format it cannot read, and a reporter's identity that is mapped to anything. A mapping never computes: it names
columns, constants, and which of their words means which of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from forewarn.collect.channels.declared import Declared, declared
from forewarn.collect.channels.definition import OutOfOrder, Text, words
from forewarn.errors import ConfigurationError, InputNotFoundError
from forewarn.model.claim import ACTS, DATE_PRECISIONS, VIOLENCE_TYPES
from forewarn.model.coverage import SIGHTS
from forewarn.model.place import PLACE_PRECISIONS
from forewarn.model.provenance import Sensitivity
from forewarn.model.report import REPORT_KINDS, SOURCE_KINDS
from forewarn.taxonomy.reading import LARGEST_BYTES

__all__ = ["Counts", "Fields", "KnownRule", "Mapping", "OriginRule", "Part", "Pick", "SourcePick", "load_mapping"]

OTHERWISE = "*"
"""In ``map``: any word that is not listed."""

_FORMAT = re.compile(r"(%[YmdbByHMSjep]|[^%])+")
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(:day)?\}")
_WORDS = {
    "act": ACTS,
    "violence": VIOLENCE_TYPES,
    "date_precision": DATE_PRECISIONS,
    "place_precision": PLACE_PRECISIONS,
    "sensitivity": tuple(Sensitivity),
    "sight": SIGHTS,
}


class Pick(Declared):
    """Where a value comes from: a column (the first filled of several) or a constant.

    Attributes:
        column: its name, or several.
        constant: the same value for every row.
        map: their words to ours; ``"*"`` any other word, ``""`` a missing one. Without ``"*"`` a word that is not
            listed stays and is rejected where only our words will do.
        split: what parts several words in one cell; the first key of ``map`` that is among them counts.
        format: how a day is written, such as ``%d/%m/%Y``; ISO 8601 without it.
    """

    column: tuple[Text, ...] = Field(default=(), strict=False)
    constant: str = ""
    map: dict[str, str] = Field(default_factory=dict)
    split: str = ""
    format: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        if isinstance(given, str | list):
            return {"column": [given] if isinstance(given, str) else given}
        if isinstance(given, dict) and isinstance(given.get("column"), str):
            return {**given, "column": [given["column"]]}
        return given

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if bool(self.column) == bool(self.constant):
            raise ValueError("give either a column or a constant")
        if self.split and not self.map:
            raise ValueError("split needs a map")
        if self.format and not _FORMAT.fullmatch(self.format):
            raise ValueError("the format may only use %Y %m %d %b %B %y %e %j %H %M %S %p")
        return self


class SourcePick(Pick):
    """Who says it, and what sort of body that is."""

    kind: Pick | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _constant_kind(cls, given: Any) -> Any:
        return {"constant": given} if isinstance(given, str) and given in SOURCE_KINDS else given


class Counts(Declared):
    """The columns of a count; a bare name is the best estimate."""

    low: Text | None = None
    best: Text | None = None
    high: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        return {"best": given} if isinstance(given, str) else given

    def ends(self) -> Iterator[tuple[str, str]]:
        """``low``, ``best``, ``high`` with their columns, those that are given."""
        return ((end, column) for end in ("low", "best", "high") if (column := getattr(self, end)))


class OriginRule(Declared):
    """Who the row goes back to: the column with the name, the one with the day, and what parts several."""

    name: Text
    day: str = ""
    split: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        return {"name": given} if isinstance(given, str) else given


class Part(Declared):
    """A column that holds several things in a fixed order, such as ``{author} ({printed:day}) {headline}``.

    Each ``{name}`` becomes a column of its own; ``:day`` admits only ``YYYY-MM-DD``. A cell of another form gives
    none of them.
    """

    column: Text
    template: Text

    @field_validator("template")
    @classmethod
    def _has_fields(cls, template: str) -> str:
        names = [name for name, _ in _FIELD.findall(template)]
        if not names or len(set(names)) != len(names) or re.search(r"\}\{", template):
            raise ValueError("a template has {names}, each once, with something between them")
        if re.search(r"[{}]", _FIELD.sub("", template)):
            raise ValueError("names in braces are lower-case letters, digits and underscores")
        return template

    @property
    def names(self) -> list[str]:
        """The columns it makes."""
        return [name for name, _ in _FIELD.findall(self.template)]

    @property
    def pattern(self) -> str:
        """The template as a regular expression, its literal text escaped."""
        texts = _FIELD.split(self.template)
        made = re.escape(texts[0])
        for name, day, after in zip(texts[1::3], texts[2::3], texts[3::3], strict=True):
            made += rf"(?P<{name}>\d{{4}}-\d{{2}}-\d{{2}})" if day else f"(?P<{name}>.*?)"
            made += re.escape(after)
        return rf"(?s)^\s*{made}\s*$"


class KnownRule(Declared):
    """How the day something became known is settled: the first way that gives a day; at last, the day we got it."""

    by: tuple[Literal["published", "source_date", "ended_plus_delay", "received"], ...] = Field(
        default=("published", "source_date", "ended_plus_delay", "received")
    )
    delay_days: Annotated[int, Field(ge=0, le=3_660)] = 30


class Fields(Declared):
    """What each field of report and claim is taken from."""

    external_id: Pick | None = None
    source: SourcePick | None = None
    published_on: Pick | None = None
    started_on: Pick | None = None
    ended_on: Pick | None = None
    date_precision: Pick | None = None
    country: Pick | None = None
    admin1: Pick | None = None
    admin2: Pick | None = None
    place_name: Pick | None = None
    latitude: Pick | None = None
    longitude: Pick | None = None
    place_precision: Pick | None = None
    act: Pick | None = None
    violence: Pick | None = None
    parties: tuple[Text, ...] = ()
    alleged_by: Pick | None = None
    target: Pick | None = None
    deaths: Counts | None = None
    civilian_deaths: Counts | None = None
    injured: Counts | None = None
    abducted: Counts | None = None
    detained: Counts | None = None
    displaced: Counts | None = None
    origins: tuple[OriginRule, ...] = ()
    title: Pick | None = None
    text: Pick | None = None
    sight: Pick | None = None
    language: Pick | None = None
    sensitivity: Pick | None = None

    @model_validator(mode="after")
    def _uses_our_words(self) -> Self:
        picks = [(name, getattr(self, name), known) for name, known in _WORDS.items()]
        if self.source is not None:
            picks.append(("source.kind", self.source.kind, SOURCE_KINDS))
        for name, pick, known in picks:
            said = [*pick.map.values(), *([pick.constant] if pick.constant else [])] if pick else []
            for word in said:
                if word not in known:
                    raise ValueError(f"'{word}' is no {name.replace('_', ' ')}: use one of {', '.join(known)}")
        return self

    @model_validator(mode="after")
    def _takes_something(self) -> Self:
        if not any(True for _ in self.columns()):
            raise ValueError("no field is taken from a column")
        return self

    def picks(self) -> Iterator[tuple[str, Pick]]:
        """The fields taken by a :class:`Pick`, with it."""
        return ((name, pick) for name in Fields.model_fields if isinstance(pick := getattr(self, name), Pick))

    def columns(self) -> Iterator[str]:
        """Every column that is used."""
        for _, pick in self.picks():
            yield from pick.column
        if self.source is not None and self.source.kind is not None:
            yield from self.source.kind.column
        yield from self.parties
        for origin in self.origins:
            yield from (column for column in (origin.name, origin.day) if column)
        for value in (getattr(self, name) for name in Fields.model_fields):
            if isinstance(value, Counts):
                yield from (column for _, column in value.ends())


class Mapping(Declared):
    """How one data set is to be read.

    Attributes:
        name: short name; reports are kept under the channel ``table:<name>``.
        title, publisher, licence, url, notes: whose data it is, under which terms, and what to know of it.
        cadence_days: how often a new delivery is due; missing when at no set time.
        format, sheet, delimiter: how the table is written, where its bytes do not tell.
        missing: words that stand for a missing value.
        row_is: ``incident`` where there is one row per happening, else ``report``.
        release: ``complete`` where a file holds all there is of the countries, years and kinds of violence it has
            rows of, so that a row missing from a newer one is withdrawn; else ``partial``.
        kind, claims: what sort of report a row makes, and whether it makes a claim.
        language, sensitivity: what holds for every row that says nothing else.
        identity: columns that tell who reported: never stored in reports or claims.
        ignore: other columns that must not be read.
        parts: columns that hold several things.
        known: how the day something became known is settled.
        out_of_order: what to do with values that contradict each other.
        geocode: whether rows without coordinates are placed by the name of their place, where one place bears it.
        fields: what each field is taken from.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    title: Text
    publisher: Text
    licence: Text
    url: str = ""
    notes: str = ""
    cadence_days: Annotated[int, Field(ge=1, le=3_660)] | None = None
    format: Literal["", "csv", "xlsx", "jsonl", "parquet"] = ""
    sheet: str = ""
    delimiter: Literal["", ",", ";", "\t", "|"] = ""
    missing: tuple[str, ...] = ()
    row_is: Literal["report", "incident"] = "report"
    release: Literal["partial", "complete"] = "partial"
    kind: Annotated[str, words(*REPORT_KINDS)] = "incident"
    claims: bool | None = None
    language: str = ""
    sensitivity: Annotated[str, words(*Sensitivity)] = Sensitivity.SEVERE.value
    identity: tuple[Text, ...] = ()
    ignore: tuple[Text, ...] = ()
    parts: tuple[Part, ...] = ()
    known: KnownRule = KnownRule()
    out_of_order: OutOfOrder = OutOfOrder()
    geocode: bool = False
    fields: Fields

    @property
    def channel(self) -> str:
        """The channel the reports of a table are kept under."""
        return self.under("table")

    def under(self, channel: str) -> str:
        """The name reports are kept under that come through the channel with this mapping."""
        return f"{channel}:{self.name}"

    @property
    def has_claims(self) -> bool:
        """Whether each report makes a claim: by default incidents and forms do, statements and notes do not."""
        return self.kind in ("incident", "form") if self.claims is None else self.claims

    @property
    def dropped(self) -> frozenset[str]:
        """Columns that enter nothing."""
        return frozenset((*self.identity, *self.ignore))

    @model_validator(mode="after")
    def _drops_what_it_drops(self) -> Self:
        used = {*self.fields.columns(), *(part.column for part in self.parts)}
        if dropped := used & self.dropped:
            raise ValueError(f"the column '{min(dropped)}' is used, and listed under identity or ignore")
        return self


def load_mapping(path: Path) -> Mapping:
    """The mapping in a file.

    Raises:
        InputNotFoundError: no such file.
        ConfigurationError: what it says is not understood; the message names the key, and the nearest one.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ConfigurationError("is too large for a mapping", where=path.name, mend="give the mapping file")
        data = path.read_bytes()
    except OSError:
        raise InputNotFoundError("no such mapping file", where=path.name, mend="check the path") from None
    return declared(Mapping, data, path.name)

"""A channel's definition: what it is, who publishes it under which terms, what is kept of it, what it cannot see.

Owns the form of the YAML beside each parser. A channel is this file and one small function; what can be said as
data is said here. Refuses unknown keys, words outside the model, and a channel that keeps what it drops.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from forewarn.collect.channels.declared import Declared
from forewarn.collect.channels.fetch import FetchFrom
from forewarn.model.provenance import Sensitivity
from forewarn.model.report import REPORT_KINDS, SOURCE_KINDS

__all__ = ["ChannelDefinition", "Columns", "CoverageText", "OutOfOrder", "SourceOf", "Text", "recipe_of", "words"]

Text = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"\S")]
"""A text that is not blank."""


def words(*allowed: str) -> Any:
    """A field whose value is one of the words."""
    return Field(pattern=f"^({'|'.join(allowed)})$")


class Columns(Declared):
    """The columns of the file: without ``required`` ones it is refused, missing ``expected`` ones are remarked,
    ``identity`` ones (of reporters) and ``ignore`` ones enter nothing. Only a change in required and expected ones
    makes another version of a row, so a release with more columns does not revise them all."""

    required: tuple[Text, ...] = ()
    expected: tuple[Text, ...] = ()
    identity: tuple[Text, ...] = ()
    ignore: tuple[Text, ...] = ()

    @property
    def content(self) -> tuple[str, ...]:
        """The columns whose change makes another version of a row; all of them when none is named."""
        return (*self.required, *self.expected)


class SourceOf(Declared):
    """Who says it, where no row names its own source."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    kind: Annotated[str, words(*SOURCE_KINDS)] = "unknown"


class OutOfOrder(Declared):
    """What to do with values that contradict each other: reject the row, or take them as a range and say so.

    Counts are still rejected where low, best and high run exactly backwards: that is a slip of columns.
    """

    counts: Literal["reject", "span"] = "reject"
    days: Literal["reject", "span"] = "reject"

    @property
    def spans(self) -> frozenset[str]:
        """Those taken as a range."""
        return frozenset(name for name in ("counts", "days") if getattr(self, name) == "span")


class CoverageText(Declared):
    """What the channel can see, in words, and what it is blind to. Silence where it is blind means nothing.

    ``sees`` is ``countries_with_rows`` where the publisher looks at whole countries and years, so that a file states
    the coverage of the countries it has rows of; else nothing is concluded from its rows.
    """

    areas: Text
    periods: Text
    languages: Text
    blind_to: Text
    sees: Literal["", "countries_with_rows"] = ""


class ChannelDefinition(Declared):
    """One channel.

    Attributes:
        name: the word for it on the command line.
        title, publisher, licence, url: whose data it is and under which terms.
        cadence_days: how often it is renewed; missing when at no set time.
        needs_mapping: whether each file brings a mapping.
        takes_mapping: whether a file may bring one; without it, what the channel's own parser tells is taken.
        is_sparse: whether the sender leaves out columns nobody filled, so that a mapped column may be absent.
        claims: whether each row makes a claim, where no mapping says so.
        requires: fields without which a row is rejected, where no mapping says so.
        row_is: ``incident`` where the publisher gives one row per happening, so that two rows are never one;
            ``report`` where several rows may tell of one happening.
        release: ``complete`` where a file holds all there is of the countries, years and kinds of violence it has
            rows of, so that a row missing from a newer one is withdrawn; else ``partial``.
        kind: what sort of report a row makes.
        known_delay_days: days after the end of a happening at which it counts as known, where no source says.
        language: main language of its texts.
        sensitivity: what its rows count as; the highest when nobody has decided.
        source: who says it.
        columns: what the file must and may have.
        aliases: other names that columns had in other releases.
        fill_rates: share of rows, 0..1, in which a column must be filled; less is remarked.
        out_of_order: what to do with contradictory values.
        fetch: how the publisher is asked; missing where files are brought by people.
        kept, not_kept: what of a row is kept, and what is not.
        coverage: what it can and cannot see.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    title: Text
    publisher: Text
    licence: Text
    url: str = ""
    cadence_days: Annotated[int, Field(ge=1, le=3_660)] | None = None
    needs_mapping: bool = False
    takes_mapping: bool = False
    is_sparse: bool = False
    claims: bool = True
    requires: tuple[Text, ...] = (
        "external_id",
        "started_on",
        "ended_on",
        "country",
        "deaths_low",
        "deaths_best",
        "deaths_high",
    )
    row_is: Literal["report", "incident"] = "report"
    release: Literal["partial", "complete"] = "partial"
    kind: Annotated[str, words(*REPORT_KINDS)] = "incident"
    known_delay_days: Annotated[int, Field(ge=0, le=3_660)] = 0
    language: str = ""
    sensitivity: Annotated[str, words(*Sensitivity)] = Sensitivity.SEVERE.value
    source: SourceOf
    columns: Columns = Columns()
    aliases: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    fill_rates: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    out_of_order: OutOfOrder = OutOfOrder()
    fetch: FetchFrom | None = None
    kept: Text
    not_kept: Text
    coverage: CoverageText

    @model_validator(mode="after")
    def _keeps_nothing_it_drops(self) -> Self:
        named = {*self.columns.required, *self.columns.expected, *self.fill_rates}
        dropped = named & {*self.columns.identity, *self.columns.ignore}
        if dropped:
            raise ValueError(f"the column '{min(dropped)}' is both dropped and expected")
        return self


def recipe_of(*parts: Declared | None) -> str:
    """SHA-256 over the definition and mapping a file was read with; another recipe means reading it anew.

    How the bytes were fetched says nothing of how they are read, and is left out.
    """
    said = "\n".join(part.model_dump_json(exclude={"fetch"}) for part in parts if part is not None)
    return hashlib.sha256(said.encode()).hexdigest()

"""Any table with a mapping: what its columns say, as the mapping has it.

Owns the turning of picks, parts and words into fields. Columns the mapping names and the file lacks are refused,
with the nearest name. Nothing is guessed from a column's name or content.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from forewarn.collect.channels.mapping import OTHERWISE, Fields, Mapping, OriginRule, Part, Pick
from forewarn.collect.offers import offer
from forewarn.collect.telling import Telling
from forewarn.errors import InputFormatError, shorten
from forewarn.model.claim import COUNTED

__all__ = ["require_mapped_columns", "tell_mapped"]


def require_mapped_columns(columns: Sequence[str], mapping: Mapping, name: str, *, is_sparse: bool = False) -> None:
    """Every column the mapping uses is in the file or made by one of its parts; of a sparse file, at least one is.

    Raises:
        InputFormatError: naming the first that is not, and the nearest that is.
    """
    made = {column for part in mapping.parts for column in part.names}
    there = [*columns, *made]
    if is_sparse and set(mapping.fields.columns()) & set(there):
        return
    for column in (*(part.column for part in mapping.parts), *mapping.fields.columns()):
        if column not in there:
            raise InputFormatError(
                f"has no column '{shorten(column)}'",
                where=name,
                mend=f"correct the mapping '{mapping.name}'; {offer(column, there)}",
            )


def tell_mapped(frame: pl.DataFrame, mapping: Mapping) -> Telling:
    """What the rows say.

    Args:
        frame: a chunk; columns may be absent that earlier chunks had.
        mapping: which column tells what.
    """
    fields = mapping.fields
    absent = {*fields.columns(), *(part.column for part in mapping.parts)}.difference(frame.columns)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    if mapping.missing:
        frame = frame.with_columns(_without(pl.all(), mapping.missing))
    for part in mapping.parts:
        frame = frame.with_columns(_parts(part))
    picks = dict(fields.picks())
    source = picks.pop("source", None)
    values = {name: _value(pick) for name, pick in picks.items()}
    if source is not None:
        values["source_name"] = _value(source)
    if fields.source is not None and fields.source.kind is not None:
        values["source_kind"] = _value(fields.source.kind)
    counts = {f"{name}_{end}": column for name in COUNTED for end, column in _ends(fields, name)}
    values |= {field: pl.col(column) for field, column in counts.items()}
    if fields.parties:
        values["parties"] = pl.concat_list(fields.parties)
    values |= _origins(fields.origins)
    named = {field: pick.column[0] for field, pick in picks.items() if pick.column}
    # Constants alone would make a frame of one row; beside the columns they fill every row.
    return Telling(frame.with_columns(**values).select(list(values)), {**named, **counts})


def _ends(fields: Fields, name: str) -> list[tuple[str, str]]:
    counts = getattr(fields, name)
    return [] if counts is None else list(counts.ends())


def _without(cell: pl.Expr, missing: Sequence[str]) -> pl.Expr:
    return pl.when(~cell.str.strip_chars().is_in(list(missing))).then(cell)


def _parts(part: Part) -> list[pl.Expr]:
    """The columns a template makes."""
    groups = pl.col(part.column).str.extract_groups(part.pattern)
    return [groups.struct.field(name).alias(name) for name in part.names]


def _value(pick: Pick) -> pl.Expr:
    """The value of a pick, in our words and with days in ISO 8601 where it says how."""
    if pick.constant:
        return pl.lit(pick.constant)
    value = pl.coalesce(pl.col(column).str.strip_chars().replace("", None) for column in pick.column)
    if pick.format:
        return pl.coalesce(value.str.to_date(pick.format, strict=False).dt.to_string("%Y-%m-%d"), value)
    return _in_our_words(value, pick) if pick.map else value


def _in_our_words(value: pl.Expr, pick: Pick) -> pl.Expr:
    listed = {theirs: ours for theirs, ours in pick.map.items() if theirs not in (OTHERWISE, "")}
    otherwise = pl.lit(pick.map[OTHERWISE]) if OTHERWISE in pick.map else value
    if pick.split:
        told = value.str.split(pick.split).list.eval(pl.element().str.strip_chars())
        mapped = pl.coalesce(pl.when(told.list.contains(theirs)).then(pl.lit(ours)) for theirs, ours in listed.items())
        mapped = pl.coalesce(mapped, pl.when(value.is_not_null()).then(otherwise))
    else:
        mapped = pl.when(value.is_not_null()).then(value.replace_strict(listed, default=otherwise))
    return mapped.fill_null(pick.map[""]) if "" in pick.map else mapped


def _origins(rules: Sequence[OriginRule]) -> dict[str, pl.Expr]:
    """Names and days of all origins; a rule without days gives undated ones."""
    if not rules:
        return {}
    names = [_listed(rule.name, rule.split) for rule in rules]
    days = [_days_of(rule) for rule in rules]
    return {"origin_names": pl.concat_list(names), "origin_days": pl.concat_list(days)}


def _listed(column: str, split: str) -> pl.Expr:
    cell = pl.col(column).fill_null("")
    return cell.str.split(split) if split else pl.concat_list(cell)


def _days_of(rule: OriginRule) -> pl.Expr:
    """One day per name; where their number differs, none is believed."""
    names = _listed(rule.name, rule.split)
    blank = names.list.eval(pl.element().str.slice(0, 0))
    if not rule.day:
        return blank
    days = _listed(rule.day, rule.split)
    return pl.when(days.list.len() == names.list.len()).then(days).otherwise(blank)

"""UNHCR's population statistics: how many people, from where, are where, year by year.

Owns what its tables mean in our words: population (at the end of the year), flows (new in the year), IDMC's and
UNRWA's figures, applications, decisions, solutions. The country is where people are (asylum), never where they fled
from (origin), which is told in words. Only displaced people are claimed; what counts papers, returns or hosts is a
report that claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from forewarn.collect.channels.json_lists import list_reader, require_columns_of
from forewarn.collect.channels.told import at_most_counted, figures, positive_sum, whole_id, with_absent
from forewarn.collect.checks import iso3_of
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.telling import Telling

__all__ = ["read", "tell"]

_DISPLACED = {
    "population": ("refugees", "asylum_seekers", "idps", "oip"),
    "flows": ("refugees", "asylum_seekers", "refugee_like", "oip"),
    "total": ("total",),
}
"""The columns whose sum is displaced people, by table."""

_SIGNS = {
    "population": ("idps", "stateless"),
    "flows": ("refugee_like",),
    "applications": ("applied",),
    "decisions": ("dec_total", "dec_recognized"),
    "solutions": ("resettlement", "naturalisation"),
    "total": ("total",),
}
"""The columns by which a table is told, in this order."""

_WORDS = {
    "refugees": "refugees",
    "asylum_seekers": "asylum-seekers",
    "refugee_like": "people in refugee-like situations",
    "idps": "internally displaced",
    "oip": "others in need of international protection",
    "returned_refugees": "returned refugees",
    "returned_idps": "returned internally displaced",
    "stateless": "stateless",
    "ooc": "others of concern",
    "hst": "host community",
    "total": "people",
    "applied": "applications",
    "dec_recognized": "recognized",
    "dec_other": "otherwise protected",
    "dec_rejected": "rejected",
    "dec_closed": "otherwise closed",
    "resettlement": "resettled",
    "naturalisation": "naturalised",
}
_PARTING = ("procedure_type", "app_type", "dec_level", "app_pc", "dec_pc")
_READ = ("year", "coo_name", "coo", "coo_iso", "coa_name", "coa", "coa_iso", *_PARTING)
_YEAR = r"^\d{4}$"
_COLUMNS = {"started_on": "year", "ended_on": "year", "country": "coa_iso", "displaced_best": "refugees"}
_PALESTINIANS = "Palestinian"
_NOBODY_KNOWS = ("UNK", "UKN", "STA", "TIB", "AB9")
"""UNHCR's codes for what is no country: unknown, stateless, Tibetans, the Abyei area."""

_listed = list_reader("items", "data")


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The rows of a table of figures; a table without year, countries or figures is refused."""
    chunks = (_renamed(chunk) for chunk in _listed(path, name, options))
    figures_of = tuple(column for columns in _SIGNS.values() for column in columns)
    groups = (("year",), ("coa_iso", "coa_name"), ("coo_iso", "coo_name"), (*figures_of, "refugees"))
    return require_columns_of(chunks, groups, name, "give a table of figures by year, origin and asylum")


def tell(frame: pl.DataFrame) -> Telling:
    """What rows say of who is where.

    Args:
        frame: a chunk with the names of the API and the R package; those of downloads are turned into them.
    """
    table = table_of(frame.columns)
    counted = [column for column in _DISPLACED.get(table, ()) if column in frame.columns]
    words = {column: word for column, word in _WORDS.items() if column in frame.columns}
    frame = with_absent(frame, _READ)
    displaced = positive_sum(counted)
    year = whole_id("year")
    told = frame.with_columns(
        external_id=_id(table, frame),
        started_on=pl.when(year.str.contains(_YEAR)).then(year + "-01-01").otherwise(year),
        ended_on=pl.when(year.str.contains(_YEAR)).then(year + "-12-31").otherwise(year),
        date_precision=pl.lit("year"),
        country=_where(frame),
        place_name=pl.col("coa_name"),
        act=pl.lit("displacement"),
        claims_nothing=pl.when((displaced > 0).fill_null(value=False)).then(None).otherwise(pl.lit("yes")),
        target=pl.when(displaced > 0).then(pl.lit("displaced people from ") + _origin()),
        text=_text(table, words),
        title=pl.lit(f"UNHCR {table} "),
        **at_most_counted("displaced", displaced),
        **_source(table),
    )
    named = {**_COLUMNS, "displaced_best": counted[0] if counted else "refugees"}
    return Telling(told, named, {"ended_on": "started_on"})


def table_of(columns: Sequence[str]) -> str:
    """Which of the tables has these columns: a key of ``_SIGNS``, ``population`` where no sign is there."""
    found = (name for name, signs in _SIGNS.items() if any(sign in columns for sign in signs))
    return next(found, "population")


_DOWNLOADED = {
    "Year": "year",
    "Country of origin": "coo_name",
    "Country of origin (ISO)": "coo_iso",
    "Country of asylum": "coa_name",
    "Country of asylum (ISO)": "coa_iso",
    "Refugees under UNHCR's mandate": "refugees",
    "Asylum-seekers": "asylum_seekers",
    "IDPs of concern to UNHCR": "idps",
    "Other people in need of international protection": "oip",
    "Stateless persons": "stateless",
    "Host Community": "hst",
    "Host community": "hst",
    "Others of concern": "ooc",
    "Returned refugees": "returned_refugees",
    "Returned IDPs": "returned_idps",
}


def _renamed(chunk: Chunk) -> Chunk:
    """The chunk with the names of the API in place of those of downloads."""
    names = {old: new for old, new in _DOWNLOADED.items() if old in chunk.frame.columns}
    if not names or len(set(names.values())) < len(names) or set(names.values()) & set(chunk.frame.columns):
        return chunk
    return Chunk(chunk.frame.rename(names), chunk.rows, chunk.faults, chunk.notes)


def _id(table: str, frame: pl.DataFrame) -> pl.Expr:
    """Table, year, origin, asylum, and what else parts the rows of the table."""
    body = _body() if table == "total" else pl.lit(table)
    who = [pl.coalesce(f"{side}", f"{side}_iso", f"{side}_name").fill_null("") for side in ("coo", "coa")]
    parting = [pl.col(name).fill_null("") for name in _PARTING if frame[name].null_count() < frame.height]
    return pl.concat_str(body, whole_id("year").fill_null(""), *who, *parting, separator="/")


def _body() -> pl.Expr:
    return pl.when(pl.col("coo_name") == _PALESTINIANS).then(pl.lit("unrwa")).otherwise(pl.lit("idmc"))


def _where(frame: pl.DataFrame) -> pl.Expr:
    """Where they are: null where UNHCR's code is that of no country; a code nobody knows stays, to be rejected."""
    code = pl.when(~pl.col("coa_iso").is_in(_NOBODY_KNOWS)).then("coa_iso")
    by_name = {name: iso for name in frame["coa_name"].unique().to_list() if name and (iso := iso3_of(name))}
    named = (
        pl.col("coa_name").replace_strict(by_name, default=None, return_dtype=pl.String) if by_name else pl.lit(None)
    )
    return pl.coalesce(code, pl.when(pl.col("coa_iso").is_null()).then(named))


def _origin() -> pl.Expr:
    return pl.coalesce("coo_name", "coo_iso", "coo", pl.lit("an origin not told"))


def _text(table: str, words: dict[str, str]) -> pl.Expr:
    told = pl.lit(f"{table} ") + whole_id("year") + pl.lit(", from ") + _origin() + pl.lit(" in ")
    where = pl.coalesce("coa_name", "coa_iso", pl.lit("a country not told"))
    return told + where + pl.lit(": ") + figures(words)


def _source(table: str) -> dict[str, pl.Expr]:
    """UNHCR, save for figures it publishes for others."""
    if table != "total":
        return {}
    name = _body().replace({"unrwa": "UNRWA", "idmc": "IDMC"})
    kind = _body().replace({"unrwa": "un_body", "idmc": "ngo"})
    return {"source_name": name, "source_kind": kind, "origin_names": pl.concat_list(name)}

"""Insecurity Insight: violence against health care, aid, protection and education, a spreadsheet for each theme.

Owns what its columns mean in our words. Only people of the theme are counted (health workers, pupils, people in
camps), so a count is told as *at least*, and 0 as unknown. Where facilities and camps lie, what they are called and
the description are not read: the bytes as received hold them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from forewarn.collect.channels.json_lists import require_columns_of
from forewarn.collect.channels.told import number, others_than, positive_sum, whole_id, with_absent
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.telling import Telling

__all__ = ["read", "tell"]

_PEOPLE = {
    "Health Workers": "health workers",
    "Aid Workers": "aid workers",
    "Educators": "educators",
    "Students": "students",
    "Camp Resident": "camp residents",
    "Camp Residents": "camp residents",
    "Service Provider": "service providers",
    "People Associated with Protection Programme": "people associated with a protection programme",
}
_HARMS = {"deaths": "Killed", "injured": "Injured", "abducted": "Kidnapped", "detained": "Arrested"}
_SEXUAL = ("Sexually Assaulted", "Targeted with CRSV")
_SEXUAL_BESIDES = ("Number of Reported Victims", "Sexual Violence Affecting School Age Children")
_DESTRUCTION = (
    "Number of Attacks on Health Facilities Reporting Destruction",
    "Number of Attacks on Health Facilities Reporting Damaged",
    "Number of Attacks on Camps Reporting Destruction",
    "Number of attacks on Camps Reporting Damaged",
    "Number of Attacks on Camps Reporting Damaged",
    "Health Transportation Destroyed",
    "Health Transportation Damaged",
    "Damage/Destruction To Ed facility Event",
    "Arson attack on education facility",
)
_ATTACK = (
    "Forceful Entry into Health Facility",
    "Occupation of Health Facility",
    "Vicinity of Health Facility Affected",
    "Health Transportation Stolen/Hijacked",
    "Looting/Theft/Robbery/Burglary of Health Supplies",
    "Attacks on Schools",
    "Attacks on Universities",
    "Military Occupation of Education facility",
    "Forced Entry into education facility",
    "Students Attacked in School",
)
_HEALTH_CARE = "Health Workers Killed"
"""The column by which the sheet of health care is known."""
_ACCESS = "Access Denied or Obstructed"
_NOT_TOLD = ("No Information", "NoInformation", "Unidentified, no further information available", "Not Applicable")
_PRECISIONS = {"1": "exact", "2": "near", "3": "admin2", "4": "admin1", "5": "admin2", "6": "country"}
_READ: tuple[str, ...] = (
    "Date",
    "Country",
    "Country ISO",
    "Admin 1",
    "Latitude",
    "Longitude",
    "Geo Precision",
    "SiND Event ID",
)
_READ += ("Reported Perpetrator", "Reported Perpetrator Name", _ACCESS)
_COLUMNS = {"started_on": "Date", "ended_on": "Date", "country": "Country ISO", "latitude": "Latitude"}
_COLUMNS |= {"longitude": "Longitude", "place_precision": "Geo Precision", "external_id": "SiND Event ID"}


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The rows of a sheet of any theme; a file without day and country is refused."""
    mend = "give a spreadsheet of Insecurity Insight"
    return require_columns_of(read_table(path, name, options), (("Date",), ("Country ISO", "Country")), name, mend)


def tell(frame: pl.DataFrame) -> Telling:
    """What the rows say.

    Args:
        frame: a chunk under the names of the health care theme; columns of other themes are known too.
    """
    present = frame.columns
    frame = with_absent(frame, _READ)
    harmed = {name: _of(present, word) for name, word in _HARMS.items()}
    sexual = [name for name in present if name in _SEXUAL_BESIDES or name.endswith(_SEXUAL)]
    low = {f"{name}_low": positive_sum(columns).cast(pl.String) for name, columns in harmed.items()}
    told = frame.with_columns(
        external_id=whole_id("SiND Event ID"),
        started_on=pl.col("Date"),
        ended_on=pl.col("Date"),
        country=pl.coalesce("Country ISO", "Country"),
        admin1=others_than("Admin 1", _NOT_TOLD),
        act=_act(present, harmed, sexual),
        violence=pl.lit("unknown"),
        alleged_by=_alleged(),
        parties=pl.concat_list(_alleged()),
        target=_target(present),
        sensitivity=pl.when(positive_sum(sexual) > 0).then(pl.lit("severe")),
        **_place(),
        **low,
        civilian_deaths_low=low["deaths_low"],
    )
    named = {f"{name}_low": columns[0] for name, columns in harmed.items() if columns}
    return Telling(told, {**_COLUMNS, **named}, {"ended_on": "started_on", "civilian_deaths_low": "deaths_low"})


def _of(present: Sequence[str], word: str) -> list[str]:
    """The columns that count people of the theme who were harmed in that way; subsets of them are left out."""
    return [f"{people} {word}" for people in _PEOPLE if f"{people} {word}" in present]


def _place() -> dict[str, pl.Expr]:
    """Coordinates as the publisher has blurred them; exact ones are dropped."""
    code = pl.col("Geo Precision").str.extract(r"^\s*\((\d)\)")
    kept = (code != "1").fill_null(value=False)
    precision = code.replace_strict(_PRECISIONS, default=None, return_dtype=pl.String)
    return {
        "latitude": pl.when(kept).then("Latitude"),
        "longitude": pl.when(kept).then("Longitude"),
        "place_precision": pl.when(kept).then(precision),
    }


def _act(present: Sequence[str], harmed: dict[str, list[str]], sexual: Sequence[str]) -> pl.Expr:
    """The gravest that is counted; unknown where nothing is."""
    destroyed, attacked = ([c for c in columns if c in present] for columns in (_DESTRUCTION, _ATTACK))
    denied = (pl.col(_ACCESS).str.to_lowercase() == "true") | (number(_ACCESS) > 0)
    steps = [
        (positive_sum(harmed["deaths"]) > 0, "killing"),
        (positive_sum(sexual) > 0, "sexual_violence"),
        (positive_sum(harmed["abducted"]) > 0, "abduction"),
        (positive_sum([*harmed["injured"], *_of(present, "Assaulted")]) > 0, "attack"),
        (positive_sum(harmed["detained"]) > 0, "detention"),
        (positive_sum(destroyed) > 0, "destruction"),
        (positive_sum(attacked) > 0, "attack"),
        (denied, "denial_of_access"),
        (positive_sum(_of(present, "Threatened")) > 0, "threat"),
    ]
    counted = pl.coalesce(pl.when(is_so).then(pl.lit(act)) for is_so, act in steps)
    return counted.fill_null("unknown")


def _alleged() -> pl.Expr:
    """The body named, else what sort of body it was."""
    return pl.coalesce(others_than(name, _NOT_TOLD) for name in ("Reported Perpetrator Name", "Reported Perpetrator"))


def _target(present: Sequence[str]) -> pl.Expr:
    """Who is counted as harmed, by the columns that are above zero; where nobody is, the service the theme is about."""
    harms = (*_HARMS.values(), *_SEXUAL, "Assaulted", "Threatened")
    parts = []
    for word in dict.fromkeys(_PEOPLE.values()):
        people = [name for name, one in _PEOPLE.items() if one == word]
        columns = [f"{name} {harm}" for name in people for harm in harms if f"{name} {harm}" in present]
        parts.append(pl.when(positive_sum(columns) > 0).then(pl.lit(word)))
    people_harmed = pl.concat_str(parts, separator=", ", ignore_nulls=True).replace("", None)
    return people_harmed.fill_null("health care") if _HEALTH_CARE in present else people_harmed

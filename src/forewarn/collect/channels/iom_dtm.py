"""IOM DTM: how many internally displaced people were found in an area in a round of assessment.

Owns what its columns mean in our words. A row is a stock on a day: people who are displaced and present there,
whenever they fled. The country and areas are those where they are, not those they left. A round that found nobody is
told as 0, for it looked.
"""

from __future__ import annotations

import polars as pl

from forewarn.collect.channels.json_lists import list_reader
from forewarn.collect.channels.told import at_most_counted, number, with_absent
from forewarn.collect.telling import Telling

__all__ = ["read", "tell"]

read = list_reader("result", "data")

_IDS = ("admin0Pcode", "admin1Pcode", "admin2Pcode", "operation", "roundNumber", "reportingDate", "assessmentType")
_ORIGINS = ("idpOriginAdmin1Name", "idpOriginAdmin1Pcode", "displacementReason")
_READ = ("id", *_IDS, *_ORIGINS, "admin0Name", "admin1Name", "admin2Name", "numPresentIdpInd")
_COLUMNS = {
    "started_on": "reportingDate",
    "ended_on": "reportingDate",
    "country": "admin0Pcode",
    "admin1": "admin1Name",
    "admin2": "admin2Name",
    "displaced_best": "numPresentIdpInd",
}


def tell(frame: pl.DataFrame) -> Telling:
    """What DTM rows say.

    Args:
        frame: a chunk with the names of the API, version 2 or 3; those of spreadsheets are aliases in the YAML.
    """
    frame = with_absent(frame, _READ)
    found = number("numPresentIdpInd")
    told = frame.with_columns(
        external_id=_id(),
        started_on=pl.col("reportingDate"),
        ended_on=pl.col("reportingDate"),
        date_precision=pl.lit("month"),
        country=pl.coalesce("admin0Pcode", "admin0Name"),
        admin1=pl.col("admin1Name"),
        admin2=pl.col("admin2Name"),
        place_name=_place_name(),
        act=pl.when(found > 0).then(pl.lit("displacement")).when(found == 0).then(pl.lit("other")),
        target=pl.lit("internally displaced persons"),
        text=_words(),
        **(at_most_counted("displaced", found) | {"displaced_best": _best(found)}),
    )
    return Telling(told, _COLUMNS, {"ended_on": "started_on"})


def _best(found: pl.Expr) -> pl.Expr:
    """The count as written, so that what is no number is rejected as such; none where it is above the largest."""
    return pl.when(found.is_null() | at_most_counted("n", found)["n_low"].is_null()).then("numPresentIdpInd")


def _id() -> pl.Expr:
    """Area, operation, round, day, and origin and reason where rows are parted by them; DTM's own number is not
    used, for it is not the same in every extract."""
    area = pl.coalesce("admin2Pcode", "admin2Name", "admin1Pcode", "admin1Name", "admin0Pcode", "admin0Name")
    parts = [area, *(pl.col(name) for name in _IDS[3:]), *(pl.col(name) for name in _ORIGINS)]
    return pl.concat_str([part.fill_null("") for part in parts], separator="/").str.slice(0, 300)


def _place_name() -> pl.Expr:
    """The finest area with its P-code."""
    names = [
        pl.concat_str(f"admin{n}Name", pl.lit(" (") + pl.col(f"admin{n}Pcode") + pl.lit(")"), ignore_nulls=True)
        for n in (2, 1, 0)
    ]
    return pl.coalesce(name.replace("", None) for name in names)


def _words() -> pl.Expr:
    parts = [
        pl.concat_str("numPresentIdpInd", pl.lit(" internally displaced persons present")),
        pl.lit("round ") + pl.col("roundNumber"),
        pl.lit("operation ") + pl.col("operation"),
        pl.lit("assessment ") + pl.col("assessmentType"),
        pl.lit("from ") + pl.coalesce("idpOriginAdmin1Name", "idpOriginAdmin1Pcode"),
        pl.lit("reason ") + pl.col("displacementReason"),
    ]
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)

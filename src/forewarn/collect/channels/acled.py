"""ACLED: one row per event, place and day, coded from news, partners and local observers.

Owns what its event types and codes mean in our words. Event types say what was seen; nothing is said of law. Deaths
are one number without a range. Who the dead were is not coded: where civilians were targeted, all of them together
are the most that can have been civilians.
"""

from __future__ import annotations

import polars as pl

from forewarn.collect.channels.json_lists import list_reader
from forewarn.collect.channels.told import number, with_absent
from forewarn.collect.checks import iso3_of
from forewarn.collect.telling import Telling
from forewarn.errors import UnknownNameError
from forewarn.taxonomy import country_by_m49

__all__ = ["read", "tell"]

read = list_reader("data")

_ACTS = {
    "Armed clash": "clash",
    "Government regains territory": "clash",
    "Non-state actor overtakes territory": "clash",
    "Non-violent transfer of territory": "other",
    "Sexual violence": "sexual_violence",
    "Attack": "attack",
    "Abduction/forced disappearance": "abduction",
    "Chemical weapon": "bombardment",
    "Air/drone strike": "bombardment",
    "Shelling/artillery/missile attack": "bombardment",
    "Suicide bomb": "attack",
    "Remote explosive/landmine/IED": "attack",
    "Grenade": "attack",
    "Peaceful protest": "protest",
    "Protest with intervention": "protest",
    "Excessive force against protesters": "attack",
    "Excessive force against protestors": "attack",
    "Violent demonstration": "protest",
    "Mob violence": "attack",
    "Agreement": "other",
    "Arrests": "detention",
    "Change to group/activity": "other",
    "Disrupted weapons use": "other",
    "Headquarters or base established": "other",
    "Looting/property destruction": "destruction",
    "Other": "other",
}
_ACTS_BY_TYPE = {
    "Battles": "clash",
    "Violence against civilians": "attack",
    "Explosions/Remote violence": "attack",
    "Protests": "protest",
    "Riots": "protest",
    "Strategic developments": "other",
}
_KILLING = ("Attack", "Excessive force against protesters", "Excessive force against protestors", "Mob violence")
_AGAINST_CIVILIANS = "Violence against civilians"
_FIGHTING = ("Battles", "Explosions/Remote violence")
_STATE = ("1", "State forces")
_ORGANIZED = ("2", "3", "4", "Rebel group", "Rebel groups", "Political militia", "Identity militia")
_DATE_PRECISIONS = {"1": "day", "2": "week", "3": "month"}
_PLACE_PRECISIONS = {"1": "exact", "2": "near", "3": "admin1"}
_DAY_FORMATS = ("%d %B %Y", "%d-%B-%Y", "%d/%m/%Y")
_COLUMNS = {
    "external_id": "event_id_cnty",
    "admin1": "admin1",
    "admin2": "admin2",
    "place_name": "location",
    "latitude": "latitude",
    "longitude": "longitude",
    "deaths_best": "fatalities",
    "text": "notes",
}
_READ = (
    *_COLUMNS.values(),
    *("event_date", "time_precision", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "actor2"),
    *("assoc_actor_2", "inter1", "inter2", "civilian_targeting", "country", "iso", "geo_precision", "source"),
)


def tell(frame: pl.DataFrame) -> Telling:
    """What ACLED rows say.

    Args:
        frame: a chunk with the column names in use since March 2023; optional columns may be absent.
    """
    frame = with_absent(frame, _READ).with_columns(pl.col(name).str.strip_chars() for name in _READ)
    against = pl.col("event_type") == _AGAINST_CIVILIANS
    targeted = against | (pl.col("civilian_targeting").str.to_lowercase() == "civilian targeting").fill_null(
        value=False
    )
    not_civilians = [pl.when(~pl.col(name).str.starts_with("Civilians")).then(pl.col(name)) for name in _sides()]
    told = frame.with_columns(
        *(pl.col(column).alias(field) for field, column in _COLUMNS.items()),
        started_on=_day(),
        ended_on=_day(),
        date_precision=pl.col("time_precision").replace(_DATE_PRECISIONS),
        place_precision=pl.col("geo_precision").replace(_PLACE_PRECISIONS),
        country=_countries(frame),
        act=_act(),
        violence=_violence(targeted),
        civilian_deaths_high=pl.when(targeted).then(pl.col("fatalities")),
        parties=pl.concat_list(not_civilians),
        alleged_by=pl.when(against).then("actor1"),
        target=pl.when(targeted).then(pl.concat_str("actor2", "assoc_actor_2", separator="; ", ignore_nulls=True)),
        origin_names=pl.col("source").str.split(";"),
    )
    named = {"started_on": "event_date", "ended_on": "event_date", "date_precision": "time_precision"}
    named |= {"place_precision": "geo_precision", "country": "country", "act": "sub_event_type"}
    copies = {"ended_on": "started_on", "civilian_deaths_high": "deaths_best"}
    return Telling(told, {**_COLUMNS, **named, "civilian_deaths_high": "fatalities"}, copies)


def _sides() -> tuple[str, str]:
    return "actor1", "actor2"


def _day() -> pl.Expr:
    """ISO 8601 as the API gives it, or one of the forms of the export; another form stays, to be rejected."""
    cell = pl.col("event_date")
    days = [cell.str.to_date(form, strict=False).dt.to_string("%Y-%m-%d") for form in _DAY_FORMATS]
    return pl.coalesce(*days, cell)


def _act() -> pl.Expr:
    """By the sub-event, else the event type; a word that is neither stays, to be rejected. An attack that killed is
    a killing."""
    sub = pl.col("sub_event_type")
    word = pl.when(sub.is_not_null()).then(sub.replace(_ACTS)).otherwise(pl.col("event_type").replace(_ACTS_BY_TYPE))
    return pl.when(sub.is_in(_KILLING) & (number("fatalities") > 0)).then(pl.lit("killing")).otherwise(word)


def _violence(targeted: pl.Expr) -> pl.Expr:
    """One-sided where civilians were the target; in fighting state-based where a side is a state's force, non-state
    where both are organized groups; else unknown."""
    sides = [pl.col(name) for name in ("inter1", "inter2")]
    is_fighting = pl.col("event_type").is_in(_FIGHTING)
    return (
        pl.when(targeted)
        .then(pl.lit("one_sided"))
        .when(is_fighting & pl.any_horizontal(side.is_in(_STATE) for side in sides))
        .then(pl.lit("state_based"))
        .when(is_fighting & pl.all_horizontal(side.is_in(_ORGANIZED) for side in sides))
        .then(pl.lit("non_state"))
        .otherwise(pl.lit("unknown"))
    )


def _countries(frame: pl.DataFrame) -> pl.Series:
    """The printed name where we know it, else the country of the ISO number, else the name, to be rejected."""
    pairs = frame.select("country", "iso").unique().rows()
    known = {pair: _country(*pair) for pair in pairs}
    return pl.Series("country", [known[pair] for pair in frame.select("country", "iso").rows()], dtype=pl.String)


def _country(name: str | None, number_text: str | None) -> str | None:
    if name and iso3_of(name):
        return name
    try:
        return country_by_m49(int(number_text or "")).iso3
    except (ValueError, UnknownNameError):
        return name

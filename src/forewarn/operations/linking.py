"""The part of the store that an assessment has to read: what changed, what it can reach, what it touches.

Owns the joining of ``assess`` with what ``store.linkage`` keeps. Its law: after any run the judgements, the incidents
and what is kept are those of a run over the whole store, and after any decision the incidents are what they would be
after such a run, new claims aside. Where that cannot be told from what is kept (other rules, an earlier day), it says
so, and the whole store is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import (
    assemble,
    candidate_pairs,
    clusters,
    current_rulings,
    needs_review,
    overruled,
    quarantined_claims,
    told_apart,
)
from forewarn.assess.linkage.compare import compare
from forewarn.assess.linkage.evidence import Frequencies, frequencies, keys_read
from forewarn.assess.linkage.prepare import LONGEST_SPAN_DAYS, prepared
from forewarn.assess.linkage.reach import beyond, places_of, reach_of
from forewarn.assess.linkage.rulebook import rulebook
from forewarn.assess.linkage.workplace import Engine, workplace
from forewarn.assess.origins.trace import RULE_AUTHOR
from forewarn.config import Settings
from forewarn.operations.knowledge import claims_with_rules, rebuild_incidents
from forewarn.store import grading, linkage, linkage_since, reading
from forewarn.store.casualties import read_recorded
from forewarn.store.corrections import Corrections, corrections
from forewarn.store.review_reading import decisions_since, record_of

__all__ = [
    "Changes",
    "Seen",
    "catch_up",
    "changes",
    "compared_with_reach",
    "engine_of",
    "put_touched",
    "remember_all",
    "unsaid",
]

_DAY = r"\d{4}-\d{2}-\d{2}"
_NOTHING = {"left": pl.String, "right": pl.String, "verdict": pl.String, "score": pl.Float64, "reason": pl.String}
_FORM = "2"
"""Of what is kept; a new one makes the next run a whole one."""


@dataclass(frozen=True, eq=False, slots=True)
class Changes:
    """What differs from what the last run saw.

    Attributes:
        new: current claims never compared.
        gone: compared claims that are current no more.
        decided: claims that decisions since then name, or whose incident is due to be assembled again.
        before: what had been corrected by then of the claims of ``corrected``.
        corrected: the claims of which a correction may hold now that did not by then, or the other way round.
    """

    new: pl.Series
    gone: pl.Series
    decided: pl.Series
    before: Corrections
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """What comparing the new claims gave: judgements, how many pairs were compared, how many blocks narrowed."""

    judged: pl.DataFrame
    compared: int
    crowded: int


def changes(connection: Connection, today: date) -> Changes | None:
    """What changed since the last run; nothing (``None``) where the whole store must be read."""
    found = _decided(connection, today)
    if found is None:
        return None
    new, gone = linkage.unlinked(connection, today), linkage.no_longer_current(connection, today)
    return replace(found, new=new, gone=gone)


def catch_up(connection: Connection, today: date) -> None:
    """Make the incidents what people's decisions since the last run or the last call say.

    Claims that came in or went since then wait for the next run. Where the whole store must be read for it, it is.
    """
    found = _decided(connection, today)
    if found is None:
        rebuild_incidents(connection, today)
    else:
        _read_anew(connection, found, today)
        put_touched(connection, found, today)


def _decided(connection: Connection, today: date) -> Changes | None:
    """What people decided since the last run, no claim new or gone."""
    kept, now = linkage.kept(connection), linkage.decisions_so_far(connection)
    if kept is None or kept.stamp != _stamp(connection) or kept.assessed_on > today.isoformat():
        return None
    far, none = kept.place, pl.Series("claim_id", [], dtype=pl.String)
    is_reviewed = (far.decisions, far.confirmations) != (now.decisions, now.confirmations)
    fixed = _corrected_since(connection, far) if is_reviewed else []
    after = corrections(connection, fixed)
    before = corrections(connection, fixed, upto=(far.decisions, far.confirmations))
    named = [
        linkage.judged_since(connection, far.judgements),
        linkage.due(connection, today),
        linkage_since.ruled_since(connection, far.rulings),
        linkage_since.quarantined_since(connection, far.quarantines),
        linkage_since.counted_since(
            connection, records=far.records, overrulings=far.overrulings, withdrawals=far.withdrawals
        ),
        pl.Series("claim_id", after.unlike(before), dtype=pl.String),
    ]
    return Changes(none, none, pl.concat(part.alias("claim_id") for part in named).unique(), before, tuple(fixed))


def _corrected_since(connection: Connection, far: linkage.Place) -> list[str]:
    """The claims that decisions correct which were made, confirmed or taken back since."""
    record = record_of(connection, decisions_since(connection, far.decisions, far.confirmations))
    changes = (change for one in record.decisions for change in one.changes)
    return sorted({change.subject for change in changes if change.of == "claim"})


def engine_of(settings: Settings) -> Engine:
    """Where claims are compared under these settings."""
    return Engine(settings.linkage_engine, master=settings.spark_master)


def compared_with_reach(connection: Connection, found: Changes, today: date, engine: Engine) -> Seen:
    """Compare the new claims with each other and with those in reach; keep where they lie and what they hold."""
    _read_anew(connection, found, today)
    new = _claims(connection, found.new, today)
    _forget(connection, found.gone)
    if new.is_empty():
        return Seen(pl.DataFrame(schema=_NOTHING), 0, 0)
    places = places_of(new)
    reach = reach_of(places)
    near = linkage.in_reach(
        connection, cells=reach.cells, countries=reach.countries, words=reach.words, span=LONGEST_SPAN_DAYS
    )
    both = pl.concat([_claims(connection, near, today), new])
    pairs = candidate_pairs(both, new["claim_id"].to_list(), is_part=True)
    named = pl.concat([pairs.pairs["left"], pairs.pairs["right"]]).unique()
    total = linkage.summary(connection)["claims"] + new.height
    with workplace(Engine()) as duck:
        linkage.add_counts(connection, frequencies(prepared(new), duck).seen)
        frame = prepared(both)
        keys = keys_read(frame.filter(pl.col("claim_id").is_in(named.implode())), duck)
    linkage.add_linked(connection, _rows(places, new, today))
    known = Frequencies(total, linkage.counts_of(connection, keys))
    judged = compare(both, pairs.pairs, engine=engine, known=known)
    return Seen(judged, pairs.pairs.height, pairs.crowded.height)


def put_touched(connection: Connection, found: Changes, today: date) -> int:
    """Cluster and assemble what the changes touch, in place of what was; how many claims that are."""
    held = linkage.kept(connection)
    since = held.place.judgements if held else 0
    about_gone = linkage.judgements_about(connection, found.gone)
    seeds = [found.new, found.gone, about_gone["left"], about_gone["right"], found.decided]
    seeds.append(linkage.judged_since(connection, since))
    named = pl.concat([part.alias("claim_id") for part in seeds]).unique()
    if not named.len():
        _keep(connection, today)
        return 0
    touched, judgements, gone = _closed(connection, named, today)
    joined = clusters(touched["claim_id"], judgements, never=told_apart(touched))
    kept_out = quarantined_claims(touched, grading.read_quarantines(connection))["claim_id"].to_list()
    rulings = current_rulings(grading.read_rulings(connection))
    made = assemble(touched, joined, as_known_at=today, rulings=rulings, quarantined=kept_out)
    said = read_recorded(connection)
    incidents = overruled(made.incidents, made.members, said.records, said.overrulings)
    linkage.put_incidents(connection, gone, incidents, made.members)
    linkage.set_waiting(
        connection, _waiting(touched, judgements, _claims_beside(connection, touched, judgements, today), today)
    )
    _keep(connection, today)
    return touched.height


def remember_all(connection: Connection, claims: pl.DataFrame, today: date) -> None:
    """Keep what the next run needs, reckoned from all claims and judgements."""
    linkage.forget_all(connection)
    with workplace(Engine()) as duck:
        linkage.add_counts(connection, frequencies(prepared(claims), duck).seen)
    rows = _rows(places_of(claims), claims, today)
    judgements = linkage.all_judgements(connection)
    waiting = _waiting(claims, judgements, claims, today).select("claim_id", "waiting")
    rows = rows.drop("waiting").join(waiting, on="claim_id", how="left")
    linkage.add_linked(connection, rows)
    _keep(connection, today)


def unsaid(connection: Connection, judged: pl.DataFrame) -> pl.DataFrame:
    """What these rules have not said of a pair before."""
    if judged.is_empty():
        return judged
    said = linkage.judgements_about(connection, judged["left"].unique()).filter(pl.col("author") == rulebook().author)
    return judged.join(said, on=["left", "right", "verdict"], how="anti")


def _stamp(connection: Connection) -> str:
    channels = ",".join(sorted(reading.rows_that_are_incidents(connection)))
    return f"{_FORM}|{rulebook().author}|{RULE_AUTHOR}|{channels}"


def _keep(connection: Connection, today: date) -> None:
    place = linkage.decisions_so_far(connection)
    linkage.keep(connection, linkage.Kept(_stamp(connection), today.isoformat(), place))


def _claims(connection: Connection, ids: pl.Series, today: date) -> pl.DataFrame:
    return claims_with_rules(connection, linkage.claims_among(connection, ids, today))


def _forget(connection: Connection, gone: pl.Series) -> None:
    """Take claims that are current no more out of what is kept."""
    if not gone.len():
        return
    claims = claims_with_rules(connection, reading.claims_of(connection, gone.to_list()))
    with workplace(Engine()) as duck:
        seen = frequencies(prepared(claims), duck).seen
    linkage.add_counts(connection, seen.with_columns(-pl.col("count")))
    linkage.forget(connection, gone)


def _read_anew(connection: Connection, found: Changes, today: date) -> None:
    """Where linked claims that read otherwise since are sought now, and what they hold in place of what they held."""
    after = corrections(connection, found.corrected)
    ids = linkage.linked_among(connection, pl.Series("claim_id", after.unlike(found.before), dtype=pl.String))
    if not ids.len():
        return
    before = Corrections({**after.received, **found.before.rows})
    now = claims_with_rules(connection, reading.claims_of(connection, ids.to_list()))
    with workplace(Engine()) as duck:
        held, holds = (frequencies(prepared(one), duck).seen for one in (before.lay_over(now), now))
    linkage.add_counts(connection, held.with_columns(-pl.col("count")))
    linkage.add_counts(connection, holds)
    linkage.forget(connection, ids)
    linkage.add_linked(connection, _rows(places_of(now), now, today))


def _closed(connection: Connection, seeds: pl.Series, today: date) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """The current claims that must be clustered with the seeds, the judgements on them, the incidents they made."""
    named = fresh = seeds
    said, read, gone = [], [], []
    while True:
        beside, incidents = linkage.companions(connection, fresh)
        fresh = pl.concat([fresh, beside.filter(~beside.is_in(named.implode()))]).unique()
        named = pl.concat([named, fresh]).unique()
        said.append(linkage.judgements_about(connection, fresh))
        read.append(_claims(connection, fresh, today))
        gone.append(incidents)
        judgements = pl.concat(said).unique("judgement_id", maintain_order=True)
        claims = pl.concat(read)
        fresh = beyond(named, judgements, claims)
        if not fresh.len():
            return claims.unique("claim_id").sort("claim_id"), judgements, pl.concat(gone).unique()


def _rows(places: pl.DataFrame, claims: pl.DataFrame, today: date) -> pl.DataFrame:
    """The rows of claims among the linked, nothing waiting yet."""
    return places.join(_again(claims, today), on="claim_id", how="left").with_columns(waiting=pl.lit(0, pl.Int64))


def _again(claims: pl.DataFrame, today: date) -> pl.DataFrame:
    """``claim_id`` and ``again_on``: the first day to come on which an origin of the claim is dated, or empty."""
    days = pl.col("origins").fill_null("").str.extract_all(_DAY)
    later = days.list.eval(pl.element().filter(pl.element() > today.isoformat())).list.min()
    return claims.select("claim_id", again_on=later.fill_null(""))


def _waiting(touched: pl.DataFrame, judgements: pl.DataFrame, known: pl.DataFrame, today: date) -> pl.DataFrame:
    """``claim_id``, ``waiting`` and ``again_on`` of the touched claims."""
    pairs = needs_review(judgements, known).group_by(claim_id="left").agg(waiting=pl.len().cast(pl.Int64))
    rows = (
        touched.select("claim_id").join(pairs, on="claim_id", how="left").with_columns(pl.col("waiting").fill_null(0))
    )
    return rows.join(_again(touched, today), on="claim_id", how="left")


def _claims_beside(
    connection: Connection, touched: pl.DataFrame, judgements: pl.DataFrame, today: date
) -> pl.DataFrame:
    """The touched claims and those that judgements name beside them."""
    named = pl.concat([judgements["left"], judgements["right"]]).unique()
    others = named.filter(~named.is_in(touched["claim_id"].implode()))
    return pl.concat([touched, _claims(connection, others, today)])

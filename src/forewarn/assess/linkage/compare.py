"""What two claims have in common, and whether the machine holds them to speak of one happening.

Owns the way from candidate pairs to judgements: evidence, comparison vector and points by Splink, and the reason in
words. The machine says ``same`` or ``unsure``; what it holds to be different it does not list. It never reads the
names of parties for anything but their likeness, weighed by how common they are among the claims at hand.
"""

from __future__ import annotations

import math
from dataclasses import replace

import duckdb
import polars as pl

from forewarn.assess.linkage.comparisons import CONDITIONS
from forewarn.assess.linkage.evidence import Frequencies, evidence, frequencies
from forewarn.assess.linkage.prepare import prepared
from forewarn.assess.linkage.rulebook import RuleBook, rulebook
from forewarn.assess.linkage.scoring import scored
from forewarn.assess.linkage.telling import told
from forewarn.assess.linkage.workplace import Engine, workplace
from forewarn.errors import InputValueError, shorten

__all__ = ["compare", "findings", "judged", "score", "vectors"]


def compare(
    claims: pl.DataFrame,
    pairs: pl.DataFrame,
    *,
    rules: RuleBook | None = None,
    engine: Engine | None = None,
    known: Frequencies | None = None,
) -> pl.DataFrame:
    """The judgements of the machine on pairs of claims.

    Args:
        claims: rows of ``CLAIM_COLUMNS``, all that are at hand: what is common or rare is counted among them.
            ``source_name`` may be present.
        pairs: ``left`` and ``right`` claim ids.
        rules: the table; the shipped one when missing.
        engine: where to run.
        known: how often things occur, where ``claims`` are only the part that the pairs need.

    Returns:
        ``left, right, verdict, score, reason`` with verdict ``same`` or ``unsure``, sorted by the ids. Pairs
        held to be different are left out.
    """
    rules, engine = rules or rulebook(), engine or Engine()
    frame = prepared(claims)
    numbered = _numbered(frame, pairs)
    with workplace(engine) as connection:
        found = _found(connection, frame, numbered, rules=rules, known=known, engine=engine)
    return judged(frame, found, rules)


def findings(claims: pl.DataFrame, pairs: pl.DataFrame, *, engine: Engine | None = None) -> pl.DataFrame:
    """For each pair, ``left`` and ``right``, the name of the level each rule finds; sorted by the ids."""
    frame = prepared(claims)
    everything = replace(rulebook(), unsure=1e-30, same=0.5)
    with workplace(engine or Engine()) as connection:
        found = _found(connection, frame, _numbered(frame, pairs), rules=everything)
    named = {
        rule: pl.col(f"{rule}_level").replace_strict(dict(enumerate(levels)), return_dtype=pl.String)
        for rule, levels in CONDITIONS.items()
    }
    return _with_ids(found, frame).select("left", "right", **named).sort("left", "right")


def judged(frame: pl.DataFrame, found: pl.DataFrame, rules: RuleBook) -> pl.DataFrame:
    """Judgements from the pairs :func:`vectors` found among prepared claims, each with its reason in words."""
    named = _with_ids(found.with_columns(reason=told(frame, found, rules), score=score()), frame)
    verdict = pl.when(pl.col("score") >= rules.same).then(pl.lit("same")).otherwise(pl.lit("unsure"))
    return named.select("left", "right", verdict=verdict, score="score", reason="reason").sort("left", "right")


def score() -> pl.Expr:
    """The chance, 0..1, in whole ten-thousandths, that points say."""
    return (1.0 / (1.0 + (-pl.col("points") * math.log(2.0)).exp())).round(4)


def _found(
    connection: duckdb.DuckDBPyConnection,
    frame: pl.DataFrame,
    numbered: pl.DataFrame,
    *,
    rules: RuleBook,
    known: Frequencies | None = None,
    engine: Engine | None = None,
) -> pl.DataFrame:
    """The vectors of numbered pairs, frequencies counted in the whole frame where they are not known."""
    known = known or frequencies(frame, connection)
    touched = pl.concat([numbered["i"], numbered["j"]]).unique()
    frame = frame.filter(pl.col("n").is_in(touched.implode()))
    return vectors(connection, frame, numbered, known=known, rules=rules, engine=engine)


def vectors(
    connection: duckdb.DuckDBPyConnection,
    frame: pl.DataFrame,
    numbered: pl.DataFrame,
    *,
    known: Frequencies,
    rules: RuleBook,
    engine: Engine | None = None,
) -> pl.DataFrame:
    """The scored pairs ``i`` and ``j`` of prepared claims, rarity read from known frequencies."""
    tokens = evidence(frame, known, connection, "evidence")
    shared = pl.Series(tokens.shared(numbered["i"].to_numpy(), numbered["j"].to_numpy()))
    connection.register("numbered", numbered.select("i", "j", shared=shared).to_arrow())
    found = scored(connection, "evidence", "numbered", rules=rules, engine=engine)
    connection.unregister("numbered")
    connection.execute("drop table evidence")
    return found


def _numbered(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of ids as numbers ``i < j`` of prepared claims."""
    ids = frame.select("claim_id", "n")
    both = pairs.select("left", "right").join(ids, left_on="left", right_on="claim_id", how="left")
    both = both.join(ids, left_on="right", right_on="claim_id", how="left", suffix="_r")
    unknown = both.filter(pl.col("n").is_null() | pl.col("n_r").is_null())
    if unknown.height:
        pair = unknown.row(0, named=True)
        lost = pair["left"] if pair["n"] is None else pair["right"]
        raise InputValueError(f"{shorten(lost)} is not among the claims", where="pairs", mend="give both claims")
    return both.select(i=pl.min_horizontal("n", "n_r"), j=pl.max_horizontal("n", "n_r")).unique()


def _with_ids(found: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    ids = frame.select("n", "claim_id")
    both = found.join(ids, left_on="i", right_on="n").join(ids, left_on="j", right_on="n", suffix="_j")
    one, other = pl.col("claim_id"), pl.col("claim_id_j")
    return both.with_columns(left=pl.min_horizontal(one, other), right=pl.max_horizontal(one, other))

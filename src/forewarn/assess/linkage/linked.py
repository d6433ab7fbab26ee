"""Linkage that is kept and grows: what was judged stays judged, and new claims touch only what they can reach.

Owns the state between two runs and the step from one to the next. A step prepares, compares and clusters the new claims
and the old ones in reach of them, and nothing else; judgements are appended, never changed. Rarity is counted over all
claims known at the step, so an old judgement keeps the score it was given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.assess.linkage.agreement import UNIT, could_grow_large, webs
from forewarn.assess.linkage.compare import score, vectors
from forewarn.assess.linkage.comparisons import CONDITIONS
from forewarn.assess.linkage.evidence import READ, Frequencies, frequencies
from forewarn.assess.linkage.pairs import Blocking, find_pairs
from forewarn.assess.linkage.prepare import DTYPES, prepared
from forewarn.assess.linkage.reach import rows_in_reach
from forewarn.assess.linkage.resolve import JUDGEMENT_COLUMNS, Holding, Placing, apart, current_judgements
from forewarn.assess.linkage.rulebook import RuleBook, rulebook
from forewarn.assess.linkage.telling import told
from forewarn.assess.linkage.workplace import Engine, workplace
from forewarn.clock import instant_text
from forewarn.errors import InputValueError, shorten
from forewarn.ids import content_ids
from forewarn.model.tables import CLAIM_COLUMNS

__all__ = ["Linked", "Manner", "Step", "extended", "in_words", "judged_by_people", "nothing_linked"]


_BESIDE = ("source_name", "row_is", "source_is")
"""Columns that stand beside those of a claim."""
_KEPT = {**dict.fromkeys(_BESIDE, pl.String), "first": pl.Int32, "last": pl.Int32, "said": pl.UInt64}
_KEPT |= {"only_one": pl.String, "document": pl.String}
_JUDGED = {"i": pl.UInt32, "j": pl.UInt32, "whole": pl.Int32, "is_same": pl.Boolean, "levels": pl.UInt64}
_JUDGED |= {"step": pl.UInt16}
_PAIR = {"left": pl.Int64, "right": pl.Int64}
_BITS = 4
"""Of a level in the one number that keeps all levels of a pair; no rule has more than sixteen."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Linked:
    """Claims and how they hang together. Claims are told by their row, pairs kept as a few numbers each.

    Attributes:
        claims: rows of ``CLAIM_COLUMNS`` with those beside them, and what is kept of their preparation:
            ``first`` and ``last`` day, the words ``said`` as a number, and the channel and document that keep them
            apart. In order of arrival.
        known: how often things occur among them.
        judged: what the machine found: ``i`` and ``j`` (rows), ``whole`` (score in ten-thousandths), ``is_same``, the
            ``levels`` of all rules in one number, and the ``step`` at which it was found.
        people: judgements of people, ``JUDGEMENT_COLUMNS`` and ``reason``.
        steps: the rules of each step and when it was.
        root: of each claim the row of the root of its cluster.
        web: of each claim the least row of its web; webs are clustered without each other.
    """

    claims: pl.DataFrame
    known: Frequencies
    judged: pl.DataFrame
    people: pl.DataFrame
    steps: tuple[tuple[RuleBook, str], ...]
    root: Numbers
    web: Numbers

    @property
    def members(self) -> pl.DataFrame:
        """``claim_id``, ``root`` of its cluster and ``web``, by their ids; made when asked for."""
        ids = self.claims["claim_id"]
        return pl.DataFrame({"claim_id": ids, "root": ids.gather(self.root), "web": ids.gather(self.web)})

    @property
    def judgements(self) -> pl.DataFrame:
        """Every judgement so far, the machine's first; the words of its reasons are made when asked for."""
        return pl.concat([in_words(self, self.judged), self.people])


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """What a step led to.

    Attributes:
        linked: the state after it.
        compared: pairs looked at.
        judged: rows added to those of the state.
        reckoned: rows of the claims whose cluster was reckoned anew.
        crowded: the blocks in which not every pair was taken.
    """

    linked: Linked
    compared: int
    judged: pl.DataFrame
    reckoned: Numbers
    crowded: pl.DataFrame

    @property
    def judgements(self) -> pl.DataFrame:
        """The machine's judgements of this step, with their reasons."""
        return in_words(self.linked, self.judged)

    @property
    def touched(self) -> pl.DataFrame:
        """``claim_id`` and ``root`` of every claim whose cluster was reckoned anew."""
        return self.linked.members[self.reckoned].select("claim_id", "root")


@dataclass(frozen=True, slots=True)
class Manner:
    """By which rules, how widely and where linkage runs.

    ``rarity`` fixes how common things are held to be; when missing, it is counted among the claims known at the step.
    """

    rules: RuleBook
    blocking: Blocking
    engine: Engine
    rarity: Frequencies | None = None

    @classmethod
    def usual(cls) -> Manner:
        """The shipped rules on this machine."""
        return cls(rulebook(), Blocking(), Engine())


def nothing_linked() -> Linked:
    """The state before the first claim."""
    claims = pl.DataFrame(schema={column.name: DTYPES[column.kind] for column in CLAIM_COLUMNS} | _KEPT)
    seen = pl.DataFrame(schema={"kind": pl.String, "key": pl.String, "count": pl.Int64})
    people = pl.DataFrame(schema={**JUDGEMENT_COLUMNS, "reason": pl.String})
    nobody = np.zeros(0, dtype=np.int64)
    return Linked(claims, Frequencies(0, seen), pl.DataFrame(schema=_JUDGED), people, (), nobody, nobody)


def extended(linked: Linked, new: pl.DataFrame, *, decided_at: datetime, manner: Manner | None = None) -> Step:
    """The state after new claims.

    Args:
        linked: the state before.
        new: rows of ``CLAIM_COLUMNS`` that are not in it; ``source_name``, ``row_is`` and ``source_is`` may be present.
        decided_at: the instant the machine's judgements are dated.
        manner: rules, blocking and engine.

    Raises:
        InputValueError: a claim is linked already.
    """
    manner = manner or Manner.usual()
    plain = new.with_columns(pl.lit("").alias(name) for name in _BESIDE if name not in new.columns)
    if (again := linked.claims.select("claim_id").join(plain.select("claim_id"), on="claim_id", how="semi")).height:
        raise InputValueError(f"{shorten(again['claim_id'][0])} is linked already", where="claims", mend="leave it out")
    seen = _seen(linked, plain, manner)
    judged = seen.found.select(
        "i",
        "j",
        whole=(score() * UNIT).round(0).cast(pl.Int32),
        is_same=score() >= manner.rules.same,
        levels=_packed(),
        step=pl.lit(len(linked.steps), pl.UInt16),
    )
    rows = np.arange(linked.claims.height, linked.claims.height + plain.height)
    state = Linked(
        pl.concat([linked.claims, seen.fresh], rechunk=False),
        seen.known,
        pl.concat([linked.judged, judged], rechunk=False),
        linked.people,
        (*linked.steps, (manner.rules, instant_text(decided_at))),
        np.append(linked.root, rows),
        np.append(linked.web, rows),
    )
    ends = np.unique(np.concatenate([judged["i"].to_numpy(), judged["j"].to_numpy()]))
    state, reckoned = _clustered_anew(state, ends)
    return Step(state, seen.compared, judged, reckoned, seen.crowded)


def judged_by_people(linked: Linked, judgements: pl.DataFrame) -> Step:
    """The state after judgements of people: links, bans and withdrawals. Only what they touch is clustered anew."""
    made = judgements.select(linked.people.columns)
    state = replace(linked, people=pl.concat([linked.people, made]))
    state, reckoned = _clustered_anew(state, _rows_of(state, made))
    return Step(state, 0, linked.judged.clear(), reckoned, pl.DataFrame())


def in_words(linked: Linked, judged: pl.DataFrame) -> pl.DataFrame:
    """Rows of what the machine judged as judgements, ``JUDGEMENT_COLUMNS`` and ``reason``."""
    parts = [_step_in_words(linked, part) for _, part in judged.group_by("step", maintain_order=True)]
    return pl.concat([linked.people.clear(), *parts])


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """What a look at new claims found: rows to keep, how often things occur now, scored pairs by row."""

    fresh: pl.DataFrame
    known: Frequencies
    found: pl.DataFrame
    compared: int
    crowded: pl.DataFrame


def _seen(linked: Linked, plain: pl.DataFrame, manner: Manner) -> _Seen:
    """Prepare and compare the new claims with each other and with the old ones in reach."""
    rows = rows_in_reach(linked.claims, plain, manner.blocking) if linked.claims.height else np.zeros(0, dtype=np.int64)
    told = [column.name for column in CLAIM_COLUMNS] + [*_BESIDE]
    both = pl.concat([linked.claims[rows].select(told), plain.select(told)]) if rows.size else plain.select(told)
    every = np.append(rows, np.arange(linked.claims.height, linked.claims.height + plain.height))
    frame = prepared(both.with_columns(row=pl.Series(every, dtype=pl.UInt32)))
    frame = frame.with_columns(is_new=pl.col("row") >= linked.claims.height)
    kept = frame.filter("is_new").select("row", "first", "last", "only_one", said=pl.col("said").hash())
    kept = kept.with_columns(document=apart(frame.filter("is_new"))["document"]).sort("row").drop("row")
    fresh = pl.concat([plain.select(told), kept], how="horizontal").select(linked.claims.columns)
    with workplace(manner.engine) as connection:
        counted = frequencies(frame.filter("is_new") if rows.size else frame, connection)
        known = linked.known.plus(counted) if linked.known.claims else counted
        crowded = find_pairs(connection, frame, blocking=manner.blocking)
        numbered = connection.sql("select i, j from candidates").pl()
        connection.execute("drop table candidates")
        named = np.zeros(frame.height, dtype=bool)
        named[numbered["i"].to_numpy()] = named[numbered["j"].to_numpy()] = True
        rows_of = frame["row"]
        touched = frame.select(READ).filter(pl.Series(named))
        del frame
        found = vectors(
            connection, touched, numbered, known=manner.rarity or known, rules=manner.rules, engine=manner.engine
        )
    found = found.with_columns(pl.Series(side, rows_of.gather(found[side])) for side in ("i", "j"))
    return _Seen(fresh, known, found, numbered.height, crowded)


def _packed() -> pl.Expr:
    """The levels of all rules in one number."""
    terms = [pl.col(f"{rule}_level").cast(pl.UInt64) * (1 << (_BITS * at)) for at, rule in enumerate(CONDITIONS)]
    return pl.sum_horizontal(terms)


def _unpacked() -> dict[str, pl.Expr]:
    parts = {rule: pl.col("levels") // (1 << (_BITS * at)) % (1 << _BITS) for at, rule in enumerate(CONDITIONS)}
    return {f"{rule}_level": part.cast(pl.UInt8) for rule, part in parts.items()}


def _step_in_words(linked: Linked, part: pl.DataFrame) -> pl.DataFrame:
    """The judgements of one step, with an id, an author, a time and a reason."""
    rules, stamp = linked.steps[part["step"][0]]
    rows = pl.concat([part["i"], part["j"]]).unique().sort()
    frame = prepared(linked.claims[rows].select(pl.exclude(set(_KEPT) - set(_BESIDE))).with_columns(row=rows))
    found = part.with_columns(**_unpacked())
    reason = told(frame.with_columns(n="row"), found, rules)
    ids = linked.claims["claim_id"]
    sides = [ids.gather(part[side]) for side in ("i", "j")]
    made = pl.DataFrame({"one": sides[0], "other": sides[1]}).with_columns(
        part["whole"],
        part["is_same"],
        reason,
        left=pl.min_horizontal("one", "other"),
        right=pl.max_horizontal("one", "other"),
    )
    parts = [made["left"].to_list(), made["right"].to_list(), [f"{rules.author} {stamp}"] * made.height]
    verdict = pl.when("is_same").then(pl.lit("same")).otherwise(pl.lit("unsure"))
    return made.select(
        pl.Series("judgement_id", content_ids("jdg", parts) if made.height else [], dtype=pl.String),
        "left",
        "right",
        verdict=verdict,
        kind=pl.lit("machine"),
        author=pl.lit(rules.author),
        decided_at=pl.lit(stamp),
        score=pl.col("whole") / UNIT,
        withdraws=pl.lit(""),
        reason="reason",
    )


def _rows_of(state: Linked, judgements: pl.DataFrame) -> Numbers:
    """The rows of the claims that judgements name."""
    named = pl.concat([judgements.select(claim_id="left"), judgements.select(claim_id="right")]).unique()
    rows = state.claims.select("claim_id").with_row_index("row").join(named, on="claim_id", how="semi")["row"]
    return rows.to_numpy().astype(np.int64)


def _clustered_anew(state: Linked, ends: Numbers) -> tuple[Linked, Numbers]:
    """The state with the clusters of every web that the claims are in reckoned anew, and the rows of those.

    A web in which a large group could grow takes in those it has weak links to.
    """
    is_hit = np.zeros(state.claims.height, dtype=bool)
    is_hit[state.web[ends]] = True
    left, right, whole = (state.judged[name].to_numpy() for name in ("i", "j", "whole"))
    spoken = _rows_of(state, state.people)
    while True:
        is_inside = is_hit[state.web]
        found = _opened(state, is_inside)
        is_large = could_grow_large(found.web, (left, right, whole), spoken, _least(state))
        is_crossing = is_inside[left] != is_inside[right]
        one, other = left[is_crossing], right[is_crossing]
        one, other = np.where(is_inside[one], one, other), np.where(is_inside[one], other, one)
        more = state.web[other[is_large[one]]]
        if not more.size:
            root = state.root.copy()
            root[found.rows] = found.rows[found.placing.roots()]
            return replace(state, root=root, web=found.web), found.rows
        is_hit[more] = True


@dataclass(frozen=True, eq=False, slots=True)
class _Opened:
    """Claims inside, by row in the order of their ids, about to be joined, and the web of every claim."""

    rows: Numbers
    placing: Placing
    web: Numbers


def _opened(state: Linked, is_inside: NDArray[np.bool_]) -> _Opened:
    """The claims inside with the judgements between them, and the webs they hang in."""
    size = state.claims.height
    inside = np.flatnonzero(is_inside)
    rows = inside[state.claims["claim_id"].gather(inside).arg_sort().to_numpy()]
    number = np.zeros(size, dtype=np.int64)
    number[rows] = np.arange(rows.size)
    ends = [is_inside[state.judged[side].to_numpy()] for side in ("i", "j")]
    pairs = state.judged.filter(pl.Series(ends[0] & ends[1], dtype=pl.Boolean))
    one, other = (number[pairs[side].to_numpy()] for side in ("i", "j"))
    seen = pl.DataFrame({"left": np.minimum(one, other), "right": np.maximum(one, other)})
    people = _people_inside(state, is_inside)
    holds = _holding(state, pairs, seen.with_columns(pairs["whole"], pairs["is_same"]), people, number)
    never = state.claims.select("first", "last", "document", channel="only_one")[rows]
    placing = Placing.of(rows.size, holds, never.with_columns(claim_id=pl.int_range(pl.len())), least=_least(state))
    by_people = np.stack([number[people[side].to_numpy()] for side in ("i", "j")])
    every = np.arange(rows.size)
    hung = np.concatenate([by_people, [every, _first_of(placing.webs)], [every, placing.so_far()]], axis=1)
    labels = webs(rows.size, hung[0], hung[1])
    least_row = np.full(rows.size, size)
    np.minimum.at(least_row, labels, rows)
    web = state.web.copy()
    web[rows] = least_row[labels]
    return _Opened(rows, placing, web)


def _first_of(labels: Numbers) -> Numbers:
    """For each place the first place with the same label."""
    _, first, back = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(first[back], dtype=np.int64)


def _least(state: Linked) -> float:
    return (state.steps[-1][0] if state.steps else rulebook()).same


def _people_inside(state: Linked, is_inside: NDArray[np.bool_]) -> pl.DataFrame:
    """The judgements of people on claims inside, with the rows of both."""
    ids = state.claims.select("claim_id").with_row_index("i")
    if state.people.is_empty():
        return state.people.with_columns(i=pl.lit(0, pl.UInt32), j=pl.lit(0, pl.UInt32))
    both = state.people.join(ids, left_on="left", right_on="claim_id")
    both = both.join(ids.rename({"i": "j"}), left_on="right", right_on="claim_id")
    return both.filter(pl.Series(is_inside[both["i"].to_numpy()], dtype=pl.Boolean))


def _holding(state: Linked, pairs: pl.DataFrame, seen: pl.DataFrame, people: pl.DataFrame, number: Numbers) -> Holding:
    """What holds of the machine's pairs and people's judgements; pairs that people speak of are weighed in full."""
    if people.is_empty():
        return Holding(pl.DataFrame(schema=_PAIR), pl.DataFrame(schema=_PAIR), seen)
    spoken = people.select(i=pl.min_horizontal("i", "j"), j=pl.max_horizontal("i", "j")).unique()
    disputed = pairs.with_columns(a=pl.min_horizontal("i", "j"), b=pl.max_horizontal("i", "j"))
    is_disputed = disputed.select(
        pl.struct("a", "b").is_in(
            spoken.select(pl.struct("i", "j").alias("s").struct.rename_fields(["a", "b"]))["s"].implode()
        )
    ).to_series()
    told_in_full = in_words(state, pairs.filter(is_disputed)).select(list(JUDGEMENT_COLUMNS))
    all_told = pl.concat([told_in_full, people.select(list(JUDGEMENT_COLUMNS))])
    ids = state.claims.select("claim_id", number=pl.Series(number))
    for side in ("left", "right"):
        all_told = all_told.join(ids, left_on=side, right_on="claim_id").drop(side).rename({"number": side})
    holds = Holding.of(current_judgements(all_told))
    return Holding(holds.told, holds.bans, pl.concat([seen.filter(~is_disputed), holds.seen.select(seen.columns)]))

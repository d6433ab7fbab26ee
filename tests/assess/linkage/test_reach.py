"""A part of the store is enough: what is found around touched claims is clustered as with everything at hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from forewarn.assess import clusters, told_apart
from forewarn.assess.linkage.reach import beyond, places_of, reach_of
from forewarn.model.grid import cell_neighbours

Frame = Callable[..., pl.DataFrame]


def webs_of_links(seed: int, sizes: tuple[int, ...], weak: int) -> list[tuple[int, int, float]]:
    """Webs of strong links among claims in a row, and so many weak links between any two."""
    chance = np.random.default_rng(seed)
    links: dict[tuple[int, int], float] = {}
    start = 0
    for size in sizes:
        for at in range(1, size):
            for other in chance.integers(0, at, min(at, 25)):
                links[start + int(other), start + at] = round(float(chance.uniform(0.3, 0.95)), 3)
        start += size
    for _ in range(weak):
        one, other = sorted(chance.choice(start, 2, replace=False).tolist())
        links.setdefault((one, other), round(float(chance.uniform(0.1, 0.34)), 3))
    return [(one, other, score) for (one, other), score in sorted(links.items())]


@pytest.mark.parametrize(
    ("seed", "sizes", "weak"), [(1, (4, 3, 5, 2), 6), (2, (70, 4, 55, 6, 3), 60), (3, (60, 2, 2), 4)]
)
def test_what_is_beyond_nothing_is_clustered_as_with_everything(
    tell: Frame, judged: Frame, seed: int, sizes: tuple[int, ...], weak: int
) -> None:
    """From any claim on, the claims that hang together with it get the clusters that all give; so do large webs."""
    links = webs_of_links(seed, sizes, weak)
    claims = tell(*({"started_on": f"2011-01-0{1 + number % 3}"} for number in range(sum(sizes))))
    ids = claims["claim_id"].sort()
    rows = [(*sorted((ids[one], ids[other])), score) for one, other, score in links]
    people = {3: ("human", "different", None), 5: ("human", "same", None)}
    made = judged(
        *(
            {"left": left, "right": right, "verdict": "same" if score >= 0.35 else "unsure", "score": score}
            | (dict(zip(("kind", "verdict", "score"), people[at], strict=True)) if at in people else {})
            for at, (left, right, score) in enumerate(rows)
        )
    )
    whole = dict(clusters(ids, made, never=told_apart(claims)).iter_rows())
    is_part = False
    for seed_claim in ids.gather_every(max(1, ids.len() // 12)):
        inside = more = pl.Series("claim_id", [seed_claim])
        while more.len():
            inside = pl.concat([inside, more]).unique()
            about = made.filter(pl.col("left").is_in(inside.implode()) | pl.col("right").is_in(inside.implode()))
            more = beyond(inside, about, claims.filter(pl.col("claim_id").is_in(inside.implode())))
        part = claims.filter(pl.col("claim_id").is_in(inside.implode()))
        found = dict(clusters(inside, made, never=told_apart(part)).iter_rows())
        assert found == {claim: whole[claim] for claim in inside}
        is_part |= inside.len() < ids.len()
    assert is_part


def test_reach_is_the_cells_around_and_the_days_beside(tell: Frame) -> None:
    """A claim known to the cell is sought in its cell and those around it; one that is not, in its country."""
    told = tell({"text": "Two men shot"}, {"latitude": None, "longitude": None, "cell": 0, "text": ""})
    places = places_of(told)
    found = reach_of(places)
    cell = int(places["cell"].max())
    around = {int(one) for one in cell_neighbours(np.array([cell])).ravel() if one > 0}
    assert set(found.cells["cell"]) == {cell, *around}
    day = int(places["first"].max())
    assert (found.cells["low"] <= day - 3).all()
    assert (found.cells["high"] >= day + 3).all()
    assert sorted(found.countries["coarse"]) == [0, 1]
    assert found.words.height == 1


def test_claims_without_day_or_place_are_sought_by_their_words_alone(tell: Frame) -> None:
    """No day, or a period too long for one happening, gives no cell and no country to seek in."""
    undated = {"started_on": None, "text": "The same story"}
    long = {"started_on": "2011-01-01", "ended_on": "2011-12-31", "text": "A year of killings"}
    backwards = {"started_on": "2011-02-09", "ended_on": "2011-01-01", "text": "Days the wrong way round"}
    found = reach_of(places_of(tell(undated, long, backwards)))
    assert (found.cells.height, found.countries.height, found.words.height) == (0, 0, 3)

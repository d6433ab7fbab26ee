"""Land on a half-degree lattice: where it lies, how it is shared out, and the outlines of the shares.

A cell is a pair (column, row) counted from the south-west corner of the frame and is one PRIO-GRID cell. Shares
cover the land without gap or overlap, each is one piece without holes, and neighbours use the very same
vertices, so their outlines tile. Coordinates are whole thousandths of a degree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forewarn.learn.exercise.dice import Dice

__all__ = ["CELL", "Cell", "centre", "draw_land", "neighbours", "outline", "share_out", "shifts", "touching"]

Cell = tuple[int, int]
Point = tuple[int, int]

CELL = 500
"""The side of a cell, in thousandths of a degree."""

COLUMNS, ROWS = 24, 16
_WEST, _SOUTH = -22_000, -36_000
_SHIFT = 140
_TRIES = 400
_LEAST = 4


def centre(cell: Cell) -> Point:
    """Longitude and latitude of a cell's centre, thousandths of a degree."""
    return _WEST + cell[0] * CELL + CELL // 2, _SOUTH + cell[1] * CELL + CELL // 2


def neighbours(cell: Cell) -> tuple[Cell, ...]:
    """The four cells that share a side: west, east, south, north."""
    column, row = cell
    return (column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1)


def draw_land(dice: Dice) -> frozenset[Cell]:
    """One landmass without inland waters, inside the frame and away from its edge."""
    land = {
        (column, row)
        for column in range(1, COLUMNS - 1)
        for row in range(1, ROWS - 1)
        if _off_centre(column, row) + dice.between(-170, 170) < 1000
    }
    return frozenset(_without_waters(_largest_piece(land)))


def share_out(cells: frozenset[Cell], weights: tuple[int, ...], dice: Dice) -> dict[Cell, int]:
    """The cells shared among ``len(weights)`` owners, sizes about as the weights, each in one plain piece.

    Raises:
        AssertionError: no such sharing was found; with land of :func:`draw_land` this does not happen.
    """
    for _ in range(_TRIES):
        owner = _grow(cells, weights, dice)
        shares = [[cell for cell, who in owner.items() if who == share] for share in range(len(weights))]
        if len(owner) == len(cells) and all(len(share) >= _LEAST and _is_plain(share) for share in shares):
            return owner
    raise AssertionError("the land could not be shared out")


def shifts(dice: Dice) -> dict[Point, Point]:
    """How far each corner of the lattice is moved, so that borders do not look ruled."""
    corners = [(column, row) for column in range(COLUMNS + 1) for row in range(ROWS + 1)]
    return {corner: (dice.between(-_SHIFT, _SHIFT), dice.between(-_SHIFT, _SHIFT)) for corner in corners}


def outline(cells: Iterable[Cell], moved: Mapping[Point, Point]) -> tuple[Point, ...]:
    """The closed ring around a plain share, counter-clockwise, as (longitude, latitude); first point = last."""
    follow = _border(cells)
    start = min(follow)
    ring = [start]
    while not (len(ring) > 1 and ring[-1] == start):
        ring.append(follow[ring[-1]][0])
    return tuple((_WEST + c * CELL + moved[c, r][0], _SOUTH + r * CELL + moved[c, r][1]) for c, r in ring)


def touching(owner: Mapping[Cell, int]) -> dict[int, tuple[int, ...]]:
    """For each owner the others it shares a border with, sorted."""
    found: dict[int, set[int]] = {who: set() for who in owner.values()}
    for cell, who in owner.items():
        found[who].update(owner[other] for other in neighbours(cell) if owner.get(other, who) != who)
    return {who: tuple(sorted(others)) for who, others in sorted(found.items())}


def _off_centre(column: int, row: int) -> int:
    """0 in the middle of the frame, 1000 on an ellipse within it."""
    across, up = 2 * column - (COLUMNS - 1), 2 * row - (ROWS - 1)
    return across * across * 1000 // (COLUMNS - 4) ** 2 + up * up * 1000 // (ROWS - 3) ** 2


def _largest_piece(cells: set[Cell]) -> set[Cell]:
    pieces = []
    rest = set(cells)
    while rest:
        piece = _reached(min(rest), rest)
        pieces.append(piece)
        rest -= piece
    return max(pieces, key=lambda piece: (len(piece), min(piece)))


def _without_waters(land: set[Cell]) -> set[Cell]:
    frame = {(column, row) for column in range(COLUMNS) for row in range(ROWS)}
    return frame - _reached((0, 0), frame - land)


def _reached(start: Cell, cells: set[Cell]) -> set[Cell]:
    seen, edge = {start}, [start]
    while edge:
        for cell in neighbours(edge.pop()):
            if cell in cells and cell not in seen:
                seen.add(cell)
                edge.append(cell)
    return seen


def _grow(cells: frozenset[Cell], weights: tuple[int, ...], dice: Dice) -> dict[Cell, int]:
    """Shares grown from spread-out seats: the one furthest below its weight takes the cell that keeps it compact."""
    seats = _seats(sorted(cells), len(weights), dice)
    owner = {seat: share for share, seat in enumerate(seats)}
    sizes = [1] * len(weights)
    stuck: set[int] = set()
    while len(owner) < len(cells) and len(stuck) < len(weights):
        share = min(
            (n for n in range(len(weights)) if n not in stuck), key=lambda n: (sizes[n] * 1000 // weights[n], n)
        )
        edge = _edge(cells, owner, share)
        if not edge:
            stuck.add(share)
            continue
        taken = max(edge, key=lambda cell: (_fit(cell, seats[share], owner, share), dice.whole(1000), cell))
        owner[taken] = share
        sizes[share] += 1
    return owner


def _seats(cells: list[Cell], number: int, dice: Dice) -> list[Cell]:
    seats = [dice.pick(cells)]
    while len(seats) < number:
        seats.append(max(cells, key=lambda c: (min(_apart(c, s) for s in seats) * 10 + dice.whole(30), c)))
    return seats


def _edge(cells: frozenset[Cell], owner: Mapping[Cell, int], share: int) -> list[Cell]:
    mine = [cell for cell, who in owner.items() if who == share]
    return sorted({n for cell in mine for n in neighbours(cell) if n in cells and n not in owner})


def _fit(cell: Cell, seat: Cell, owner: Mapping[Cell, int], share: int) -> int:
    """Sides shared with one's own land and with taken land count for a cell, distance from the seat against it."""
    own = sum(owner.get(n) == share for n in neighbours(cell))
    taken = sum(n in owner for n in neighbours(cell))
    return 6 * own + 3 * taken - _apart(cell, seat)


def _apart(one: Cell, other: Cell) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _border(cells: Iterable[Cell]) -> dict[Point, list[Point]]:
    """From each corner on the border to the next ones, walking with the share on the left."""
    inside = set(cells)
    follow: dict[Point, list[Point]] = {}
    for column, row in sorted(inside):
        west, east, south, north = (other in inside for other in neighbours((column, row)))
        corners = (column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)
        for blocked, start, end in ((south, 0, 1), (east, 1, 2), (north, 2, 3), (west, 3, 0)):
            if not blocked:
                follow.setdefault(corners[start], []).append(corners[end])
    return follow


def _is_plain(cells: list[Cell]) -> bool:
    """Whether the border is one ring that visits no corner twice: one piece, no hole, no pinch."""
    follow = _border(cells)
    if not cells or any(len(ends) > 1 for ends in follow.values()):
        return False
    start = min(follow)
    corner, steps = follow[start][0], 1
    while corner != start:
        corner, steps = follow[corner][0], steps + 1
    return steps == len(follow)

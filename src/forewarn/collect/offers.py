"""What to offer somebody who named a thing that is not there: the nearest name, or the names there are."""

from __future__ import annotations

from collections.abc import Sequence

from forewarn.errors import shorten
from forewarn.taxonomy import nearest

__all__ = ["offer"]

_MOST = 8


def offer(name: str, known: Sequence[str], most: int = _MOST) -> str:
    """Words for the mend of an error: ``the nearest is 'x'``, or the first ``most`` names there are."""
    near = nearest(name, known)
    if near:
        return f"the nearest is '{shorten(near)}'"
    some = ", ".join(shorten(one, 40) for one in known[:most])
    return f"there are: {some}{', …' if len(known) > most else ''}" if some else "there is none"

"""The queue of review: what waits for a person, in what order, and how incidents are rearranged by judgement.

Frames in, frames out. ``queue`` lists by consequence what the kinds in ``KINDS`` find; ``arranged`` turns a wish to
split, move or merge into judgements. Nothing here decides, and nothing orders or counts persons.
"""

from __future__ import annotations

from forewarn.assess.queue.arrange import Arrangement, Stamp, arranged, web_of
from forewarn.assess.queue.known import PENDING, PROPOSED, Kind, Known
from forewarn.assess.queue.order import KINDS, kind_named, places, queue

__all__ = [
    "KINDS",
    "PENDING",
    "PROPOSED",
    "Arrangement",
    "Kind",
    "Known",
    "Stamp",
    "arranged",
    "kind_named",
    "places",
    "queue",
    "web_of",
]

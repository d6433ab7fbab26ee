"""Places: official boundaries that users add, P-codes, and the gazetteer of populated places.

Owns the reading and looking up of places. Nothing is shipped but what GeoNames offers, nothing is guessed: a name that
fits two places has none, and a point in two areas lies in none.
"""

from __future__ import annotations

from forewarn.collect.places.atlas import Atlas, Ring, Window
from forewarn.collect.places.gazetteer import Candidate, Located, locate
from forewarn.collect.places.names import Match, NameIndex
from forewarn.collect.places.pcodes import Pcode, PcodeTable, read_pcodes
from forewarn.collect.places.shapes import LEVELS, Area, ShapeRule, Shapes, read_shapes

__all__ = [
    "LEVELS",
    "Area",
    "Atlas",
    "Candidate",
    "Located",
    "Match",
    "NameIndex",
    "Pcode",
    "PcodeTable",
    "Ring",
    "ShapeRule",
    "Shapes",
    "Window",
    "locate",
    "read_pcodes",
    "read_shapes",
]

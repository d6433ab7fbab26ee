"""Assess: claims → clusters → incidents, and how sure we are.

``candidate_pairs`` and ``linkage.compare`` give the machine's judgements, ``clusters`` what follows from them all,
``assemble`` the incidents as known at a day, ``trace_origins`` who said it first. Nothing here stores, reads a
clock or decides what a person must: frames in, frames out. What runs Splink is imported from its own module, so that
nobody else waits for it.
"""

from __future__ import annotations

from forewarn.assess.incidents.assemble import Assembly, assemble
from forewarn.assess.incidents.casualties import (
    casualty_parts,
    conflicting,
    minimum_fields,
    overruled,
    side_by_side,
    tallies,
)
from forewarn.assess.incidents.coverage import coverage, coverage_sentence, sight_of, who_could_see
from forewarn.assess.incidents.grade import Suggestion, current_grades, grades_as_of, grades_of, suggest_credibility
from forewarn.assess.incidents.parties import PartyFigures, party_balance
from forewarn.assess.linkage.pairs import Blocking, Candidates, candidate_pairs
from forewarn.assess.linkage.resolve import Resolution, clusters, current_judgements, needs_review, resolve, told_apart
from forewarn.assess.linkage.rulebook import RuleBook, rulebook
from forewarn.assess.origins.dependence import Ruling
from forewarn.assess.origins.trace import Traced, count_origins, current_rulings, trace, trace_origins
from forewarn.assess.sources.quarantine import in_quarantine, quarantined_claims
from forewarn.assess.sources.record import OUTCOMES, TrackRecord, propose_reliability, track_records

__all__ = [
    "OUTCOMES",
    "Assembly",
    "Blocking",
    "Candidates",
    "PartyFigures",
    "Resolution",
    "RuleBook",
    "Ruling",
    "Suggestion",
    "Traced",
    "TrackRecord",
    "assemble",
    "candidate_pairs",
    "casualty_parts",
    "clusters",
    "conflicting",
    "count_origins",
    "coverage",
    "coverage_sentence",
    "current_grades",
    "current_judgements",
    "current_rulings",
    "grades_as_of",
    "grades_of",
    "in_quarantine",
    "minimum_fields",
    "needs_review",
    "overruled",
    "party_balance",
    "propose_reliability",
    "quarantined_claims",
    "resolve",
    "rulebook",
    "side_by_side",
    "sight_of",
    "suggest_credibility",
    "tallies",
    "told_apart",
    "trace",
    "trace_origins",
    "track_records",
    "who_could_see",
]

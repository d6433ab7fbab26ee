"""By what means an attack was carried out, as far as the words let one say.

A trained model of words decides between families of means and abstains when unsure; listed words give the finer code.
"Firearms" covers arms carried by armed people as well as arms fired, as in the records it learnt from. An attack told
without a hint of means stays unknown.
"""

from __future__ import annotations

from forewarn.collect.narratives.cues import means_features
from forewarn.collect.narratives.found import Found, Narrative
from forewarn.collect.narratives.tokens import cut
from forewarn.collect.narratives.wordmodel import WordModel, load_model

__all__ = ["find_weapon"]


def find_weapon(narrative: Narrative, model: WordModel | None = None) -> Found | None:
    """The means, or ``None`` when the words do not decide.

    The value is one of ``WEAPON_CLASSES``, ``detail`` the finer code where a listed word names it; the span is the word
    that spoke most for it and ``evidence`` the further ones. ``model`` replaces the shipped one.
    """
    tokens = cut(narrative.text)
    if not tokens.words:
        return None
    features = means_features(tokens)
    used = model or load_model("weapon_model")
    decision = used.decide(features)
    if decision.label == "unknown" or decision.confidence < used.threshold or not decision.because:
        return None
    spans = [tokens.span(*features[name]) for name in decision.because]
    fine = _fine(decision.label, features)
    return Found(
        decision.label,
        *spans[0],
        rule="weapons.model",
        detail=fine,
        confidence=round(decision.confidence, 3),
        evidence=tuple(dict.fromkeys(spans[1:])),
    )


def _fine(label: str, features: dict[str, tuple[int, int]]) -> str:
    """The finer code named first in the text, a named device before an unspecified one."""
    named = [(at, name.partition(".")[2]) for name, at in features.items() if name.startswith(f"@{label}.")]
    named = [pair for pair in named if pair[1] not in ("unspecified", "armed", "none")] or named
    return min(named)[1] if named else ""

"""The sources of the exercise: who they are, in which language and file they speak, and how they tell.

Their reliability is never written into a file: a trainee has to find out from what they say. ``MERITS`` is for
trainers and tests alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from forewarn.learn.exercise.accounts import Habits
from forewarn.learn.exercise.names import MONITORS, NEWSPAPERS, NGO, POSTS, WIRE, broadcaster
from forewarn.learn.exercise.region import Region

__all__ = ["MERITS", "Outlet", "broadcasters", "monitors", "newspapers", "ngo", "posts", "wire"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source: its name and kind (of ``model.report``), language, file, the prefix of its ids, its habits.

    ``countries`` are the codes of the countries it tells of; empty means all.
    """

    name: str
    kind: str
    language: str
    file: str
    prefix: str
    habits: Habits
    countries: tuple[str, ...] = ()


def wire() -> Outlet:
    """The news agency others copy: quick, fair, best where many died."""
    habits = Habits((300, 660, 930), 240, (0, 2), 80, (62, 25, 13), "press")
    return Outlet(WIRE, "news_agency", "en", "wire.csv", "AQW", habits)


def newspapers() -> tuple[Outlet, ...]:
    """Three newspapers, one a language; most of what they print is the wire's."""
    habits = Habits((35, 90, 160), 40, (0, 3), 120, (45, 30, 25), "press")
    languages, prefixes = ("en", "fr", "es"), ("HNQ", "CSA", "GDR")
    return tuple(
        Outlet(name, "news_outlet", language, "newspapers.csv", prefix, habits)
        for name, language, prefix in zip(NEWSPAPERS, languages, prefixes, strict=True)
    )


def ngo() -> Outlet:
    """An NGO that records harm to civilians: weeks late, with ranges that mostly hold."""
    habits = Habits((200, 560, 880), 120, (20, 110), 20, (80, 15, 5), "careful")
    return Outlet(NGO, "ngo", "en", "ngo.csv", "OHL", habits)


def broadcasters(region: Region) -> tuple[Outlet, ...]:
    """Two State broadcasters, each of its own country: prompt, and small where their own side is blamed."""
    habits = Habits((110, 330, 650), 60, (0, 4), 60, (50, 20, 30), "official")
    return tuple(
        Outlet(broadcaster(region.country(code).name), "state", language, "state.csv", prefix, habits, (code,))
        for code, language, prefix in (("XKA", "fr", "SBA"), ("XKC", "es", "SBC"))
    )


def posts() -> tuple[Outlet, ...]:
    """Posts that nobody signs, in three languages: quick, vague, often wrong."""
    habits = Habits((50, 130, 420), 50, (0, 6), 400, (20, 25, 55), "loose")
    return tuple(
        Outlet(POSTS, "social_media", language, "posts.csv", f"UP{language.upper()}", habits)
        for language in ("en", "fr", "es")
    )


def monitors() -> Outlet:
    """Pseudonymous field monitors, present in most areas: close by, exact, of small things too."""
    habits = Habits((330, 430, 520), 560, (0, 5), 40, (85, 10, 5), "local")
    return Outlet(MONITORS, "field_monitor", "en", "field_forms.jsonl", "SLM", habits)


MERITS = {
    WIRE: "B: usually right on what and where; first numbers move by about a third",
    NEWSPAPERS[0]: "C: mostly the wire's words; counts as the wire",
    NEWSPAPERS[1]: "C: mostly the wire's words, translated; counts as the wire",
    NEWSPAPERS[2]: "C: mostly the wire's words, translated; counts as the wire",
    NGO: "A: late, open about ranges, revises itself",
    "State Broadcasting": "D: prompt and exact, except where its own side is blamed",
    POSTS: "E: numbers from a third to five times the truth; some are made up",
    MONITORS: "B: close by and exact, where there is a monitor",
}
"""What the exercise knows of its sources, on the Admiralty scale, for comparing with what trainees find."""

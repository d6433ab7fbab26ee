"""Resolutions, decisions and meetings named in words: "resolution 2286 (2016)", "General Assembly resolution 60/1".

Owns what their numbers tell of the organ. A number with a year is the Security Council's; a number with a session is
the Assembly's or the Human Rights Council's and is settled only by an organ that is named or passed in, as the practice
of the organs is to leave out their own name. What stays open is flagged ``ambiguous_organ`` and has no target.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forewarn.collect.documents.mentions import Mention
from forewarn.collect.documents.series import organ_prefix

__all__ = ["find_bare_numbers", "find_meetings", "find_resolutions"]

_ORGAN = (
    r"(?:(?:United\s+Nations\s+)?(?:Security\s+Council|General\s+Assembly|Human\s+Rights\s+Council"
    r"|Economic\s+and\s+Social\s+Council))"
)
_HEAD = re.compile(
    rf"(?<![\w-])(?:(?P<organ>{_ORGAN})(?:'s)?\s+(?:\w{{1,20}}\s+)?)?(?P<noun>resolution|decision)s?"
    r"(?:\s+(?:[Nn]os?\.|numbers?))?\s+(?=\d|ES-|S-)",
    re.IGNORECASE,
)
_OTHER_BODY = re.compile(
    r"(?:\b(?:Board|Parliament|Commission|Conference|Committee|Union|Agency|Organization|Parties)"
    r"|\b(?!The\b|This\b)[A-Z]\w{1,20}\s(?:Council|Assembly))(?:'s)?\s$"
)
_OTHER_BEHIND = re.compile(
    r"\s(?:of|by)\s(?:the\s)?(?!General\s|Security\s|Human\s|Economic\s|United\s|Council\b)[A-Z]\w"
)
_ASSEMBLY = re.compile(r"\bAssembly(?:'s)?\s$")
_YEAR = r"(?:19|20)\d\d"
_ITEM = re.compile(
    rf"(?P<number>\d{{1,4}})(?:\s(?P<letter>[A-Z](?:-[A-Z])?))?\s?\((?P<paren>{_YEAR}|(?:ES-|S-)?[IVXLC]{{1,8}})\)"
    r"|(?P<session>(?:ES-|S-)?\d{1,4})/(?P<of>\d{1,4})(?![\w/])(?:\s(?P<part>[A-Z](?:-[A-Z])?)(?=\s?[,.;:)]|\sof\b|\sand\b|$))?"
    r"|(?P<alone>\d{3,4})(?![\w/(]|\s\(|[.,]\d|\s(?:people|persons|civilians|million|per\b))"
)
_BETWEEN = re.compile(r"\s?[,;]\s?(?:and\s|or\s)?|\s(?:and|or|as\swell\sas)\s")
_AFTER = re.compile(rf"\s+(?:of|by)\s+the\s+(?P<organ>{_ORGAN})", re.IGNORECASE)
_MOST = 60
_MEETING = re.compile(
    rf"(?<![\w-])(?P<number>\d{{1,2}},?\d{{3}}|\d{{1,5}})(?:st|nd|rd|th)\s+(?:\(\w{{1,8}}\)\s+)?"
    rf"(?:closed\s+|private\s+|formal\s+)?meeting(?:\s+of\s+the\s+(?P<organ>{_ORGAN}))?(?!\w)",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![\w./,:%$€£+-])(?:(?P<session>(?:ES-)?\d{{1,3}})/(?P<of>\d{{1,4}})|(?P<number>\d{{3,4}})\s\((?P<year>{_YEAR})\))(?![\w/%]|[.,]\d)"
)
_CUE = re.compile(
    r"(?:\b(?:see|see\salso|under|in|by|of|recall|recalled|recalling|adopted|through|and|implementing|with)\s|\()$",
    re.IGNORECASE,
)
_PARAGRAPHS = re.compile(r"\s?,?\s?\(?(?:op(?:erative)?\.?\s)?para(?:s\.|\.|graphs?)\s?\d", re.IGNORECASE)
_FIRST_WITH_SESSION = 31


def find_resolutions(text: str, context: str) -> Iterator[Mention]:
    """Each resolution or decision named in words, lists taken apart; ``context`` is an organ's prefix or empty."""
    done = 0
    for head in _HEAD.finditer(text):
        if head.start() < done:
            continue
        items = list(_listed(text, head.end()))
        if not items:
            continue
        done = items[-1].end()
        reading = _Reading(head["noun"], _named_organ(text, head, done), context)
        for place, item in enumerate(items):
            start = head.start("organ") if head["organ"] else head.start("noun")
            if item["alone"] is None or reading.part == "RES":
                yield _mention(item, start if place == 0 else item.start(), reading)


def _named_organ(text: str, head: re.Match[str], end: int) -> str:
    """Prefix of the organ named before or behind the numbers; ``?`` for a body that is none of the four; or empty."""
    after = _AFTER.match(text, end)
    if named := head["organ"] or (after["organ"] if after else ""):
        return organ_prefix(named)
    before = text[max(0, head.start() - 60) : head.start()]
    if _OTHER_BODY.search(before) or _OTHER_BEHIND.match(text, end):
        return "?"
    return "A" if _ASSEMBLY.search(before) else ""


def _listed(text: str, place: int) -> Iterator[re.Match[str]]:
    """The numbers of a list, up to the first thing that is none."""
    for _ in range(_MOST):
        item = _ITEM.match(text, place)
        if item is None:
            return
        yield item
        between = _BETWEEN.match(text, item.end())
        if between is None:
            return
        place = between.end()


class _Reading:
    """What is known of a number's organ: the noun before it, the organ named with it, the organ that speaks."""

    def __init__(self, noun: str, named: str, context: str) -> None:
        self.part = "DEC" if noun.casefold() == "decision" else "RES"
        self.named = named
        self.organ = named or context

    def target(self, item: dict[str, str | None]) -> tuple[str, tuple[str, ...]]:
        """Normal form and flags."""
        if item.get("paren"):
            return self._with_bracket(item)
        if item.get("session"):
            return self._with_session(str(item["session"]), _lettered(item["of"], item.get("part")))
        return self._alone(str(item["alone"]))

    def _with_bracket(self, item: dict[str, str | None]) -> tuple[str, tuple[str, ...]]:
        number, paren = _lettered(item["number"], item["letter"]), str(item["paren"])
        year = paren.isdigit()
        if year and self.part == "RES" and self.named in ("", "S"):
            return f"S/RES/{number} ({paren})", ()
        if not year and self.organ in ("A", "E"):
            return f"{self.organ}/{self.part}/{number} ({paren})", ()
        return "", ("ambiguous_organ",)

    def _with_session(self, session: str, number: str) -> tuple[str, tuple[str, ...]]:
        if session.startswith("ES-"):
            return f"A/{self.part}/{session}/{number}", ()
        if len(session) == 4 and session.isdigit():
            fits = self.organ == "E"
        elif self.organ == "A":
            fits = session.startswith("S-") or int(session) >= _FIRST_WITH_SESSION
        else:
            fits = self.organ == "A/HRC"
        return (f"{self.organ}/{self.part}/{session}/{number}", ()) if fits else ("", ("ambiguous_organ",))

    def _alone(self, number: str) -> tuple[str, tuple[str, ...]]:
        if self.organ == "S" and self.part == "RES":
            return f"S/RES/{number}", ("year_missing",)
        return "", ("ambiguous_organ", "year_missing")


def _lettered(number: str | None, letter: str | None) -> str:
    return f"{number} {letter}" if letter else str(number)


def _mention(item: re.Match[str], start: int, reading: _Reading) -> Mention:
    target, flags = reading.target(item.groupdict())
    kind = "resolution" if reading.part == "RES" else "symbol"
    return Mention(start, item.end(), kind, target, flags)


def find_bare_numbers(text: str, context: str) -> Iterator[Mention]:
    """Numbers of resolutions without the word, flagged ``bare_number``.

    Dates, page numbers, shares and scores look alike, so a number counts only with a pin-point behind it, with a word
    before it that leads to a text, or alone; and only if it can be no day of a month.
    """
    for match in _BARE.finditer(text):
        if not (_PARAGRAPHS.match(text, match.end()) or _is_led_to(text, match, context)):
            continue
        item = {**match.groupdict(), "paren": match["year"]}
        target, flags = _Reading("resolution", "", context).target(item | {"letter": None})
        flags = ("bare_number", *flags)
        yield Mention(match.start(), match.end(), "resolution", target, flags)


def _is_led_to(text: str, match: re.Match[str], context: str) -> bool:
    alone = not text[: match.start()].strip("( \n") and not text[match.end() :].strip(").; \n")
    if not alone and not _CUE.search(text, max(0, match.start() - 16), match.start()):
        return False
    if match["year"]:
        return alone or context == "S"
    session, number = match["session"], int(match["of"])
    if session.startswith("ES-"):
        return True
    if not _FIRST_WITH_SESSION < int(session) < 200 or number == int(session):
        return False
    # A page is never past the last one, and a share of more than the whole is rare.
    return number >= 100 or ((alone or context in ("A", "A/HRC")) and int(session) > number)


def find_meetings(text: str, context: str) -> Iterator[Mention]:
    """Meetings by their number: ``8091st meeting``. Only Security Council records need no session to be named."""
    for match in _MEETING.finditer(text):
        number = match["number"].replace(",", "")
        organ = organ_prefix(match["organ"]) if match["organ"] else context
        target = f"S/PV.{number}" if organ == "S" else ""
        flags = () if target else ("session_missing",) if organ == "A" else ("ambiguous_organ",)
        yield Mention(match.start(), match.end(), "meeting", target, flags)

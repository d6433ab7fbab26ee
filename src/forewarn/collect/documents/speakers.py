"""Speaker lines: who takes the floor, as a record prints it, read token by token.

Owns the grammar of a line: role or title and name, brackets, capacity, language note, colon. A line that does not fit
it whole is no speaker line: a possessive, a verb, a missing colon. One pass over at most 420 characters, whatever
the text; nobody's identity is decided beyond name, affiliation and meeting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from forewarn.collect.documents.packs import PACKS, Pack
from forewarn.collect.documents.spoken import LanguageNote, language_note
from forewarn.model.document import Speaker
from forewarn.taxonomy.delegations import delegation_list
from forewarn.taxonomy.naming import folded

__all__ = ["LONGEST_LINE", "SpeakerLine", "is_same_person", "read_name", "speaker_line", "split_address"]

LONGEST_LINE = 420
"""Characters a speaker line may have, over however many lines of the page."""

_LONGEST_BRACKET = 200
_MOST_NAMES = 9
_TOKEN = re.compile(r"\s*([^\W\d_][^\W\d_'’`ʼ.\-‐‑]*(?:['’`ʼ.\-‐‑](?:\s*\n\s*)?[^\W\d_]+)*[.\-‐‑]?|['’`][^\W\d_]+)")
_SMALL_HEAD = re.compile(r"(?:[a-z]{1,3}|ash|abd)[-'’`‐‑]\s*(?=[^\W\d_])")
_POSSESSIVE = re.compile(r"['’`ʼ]s$")
_INITIAL = re.compile(r"(?:[^\W\d_]\.|Jr\.|Sr\.|St\.|Ph\.|Dr\.|Hj\.)+$", re.IGNORECASE)
_HONOUR = re.compile(
    r"(?:H\. ?E\.|His Excellency|Her Excellency|S\. ?E\.|HE|HRH|His Royal Highness|Her Royal Highness)\s*"
)
_NO_NAMES = frozenset(
    """assembly debate secretary council committee security conference meeting member members states president chairman
    chairperson chair speaker minister moderator assembly's secretary-general vice-president madam sir president's
    assembly. public resolution report and statement order staff""".split()  # noqa: SIM905
)
_PROSE = re.compile(
    r"\b(?:said|says|told|stated|asked|whom|who|which|has|have|had|was|were|is|are|will|would|noted|added|recalled|thank)\b"
)
_SENTENCE = re.compile(r"[^\W\d_]{4,}[.!?]\s")
_BLANK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class SpeakerLine:
    """A speaker line as read.

    Attributes:
        length: characters from its first letter to behind the colon.
        printed: without the colon, white space made plain.
        title, name, role: of which a name or a role is there.
        label: the first bracket that tells no language: State, body, or empty.
        capacity: what stands behind the bracket or in a second one, or empty.
        note: what it says of the language.
    """

    length: int
    printed: str
    title: str = ""
    name: str = ""
    role: str = ""
    label: str = ""
    capacity: str = ""
    note: LanguageNote | None = None

    @property
    def is_strong(self) -> bool:
        """Whether more than a title and a name speak for its being one: a role, a bracket, a language note."""
        return bool(self.role or self.label or self.note)


def split_address(text: str, *, language: str = "en") -> tuple[str, str | None]:
    """The speaker line a text begins with, verbatim with its colon, and the language it says was spoken.

    A text that begins with none gives the empty address; an address that says nothing of language gives none.
    """
    start = len(text) - len(text.lstrip())
    line = speaker_line(text, start, PACKS.get(language, PACKS["en"]))
    if line is None:
        return "", None
    return text[start : start + line.length], (line.note.language or None) if line.note else None


def speaker_line(text: str, start: int, pack: Pack) -> SpeakerLine | None:
    """The speaker line that begins at a place of a text; none when what stands there is something else."""
    window = text[start : start + LONGEST_LINE]
    blank = _BLANK.search(window)
    window = window[: blank.start()] if blank else window
    if ":" not in window:
        return None
    opened = _opened(window, pack)
    return _completed(window, opened, pack) if opened is not None else None


def read_name(text: str, pack: Pack | None = None) -> tuple[str, str, int] | None:
    """Title, name and length of "H.E. Mrs. Name" at the beginning of a text; none when it begins otherwise."""
    pack = pack or PACKS["en"]
    return _titled(text[:LONGEST_LINE], pack)


def is_same_person(one: Speaker, other: Speaker) -> bool:
    """Whether two speakers of one meeting are one person: the same affiliation and names that do not disagree.

    Titles are left aside (Mrs. and Ms. differ between texts); one name may be part of the other. Speakers without a
    name are the same only in the same role.
    """
    if (one.iso3 or folded(one.affiliation)) != (other.iso3 or folded(other.affiliation)):
        return False
    first, second = set(folded(one.name).split()), set(folded(other.name).split())
    if not first or not second:
        return not first and not second and folded(one.role) == folded(other.role)
    return first <= second or second <= first


def _opened(window: str, pack: Pack) -> SpeakerLine | None:
    """The part before brackets, capacity and colon."""
    role = pack.role.match(window)
    if role is not None:
        return SpeakerLine(role.end(), "", role=_plain(role[0]))
    named = _titled(window, pack)
    if named is None:
        return None
    title, name, length = named
    return SpeakerLine(length, "", title=title, name=name)


def _titled(window: str, pack: Pack) -> tuple[str, str, int] | None:
    honour = _HONOUR.match(window)
    at = honour.end() if honour else 0
    title, at = _titles(window, at, pack)
    if not title and honour is None:
        return None
    name, at = _name(window, at, noble=title.rpartition("|")[2] in delegation_list().noble)
    if not name:
        return None
    return " ".join(filter(None, (_plain(honour[0]) if honour else "", title.replace("|", " ")))), name, at


def _titles(window: str, at: int, pack: Pack) -> tuple[str, int]:
    """Up to three titles in a row, joined by ``|``."""
    found: list[str] = []
    while len(found) < 3:
        title = _title_at(window, at, pack)
        if title is None:
            break
        found.append(title[0])
        at = title[1]
    return "|".join(found), at


def _title_at(window: str, at: int, pack: Pack) -> tuple[str, int] | None:
    match = _titles_pattern(pack.language).match(window, at)
    if match is None:
        return None
    end = match.end()
    rest = window[end:]
    glued = match[1][-1] == "." or len(match[1]) > 4
    if rest[:1].isspace() or (glued and rest[:1].isupper()):
        return " ".join(match[1].split()), end + len(rest) - len(rest.lstrip())
    return None


@cache
def _titles_pattern(language: str) -> re.Pattern[str]:
    shapes = (re.escape(title).replace(r"\ ", r"\s+") for title in PACKS[language].titles)
    return re.compile("(" + "|".join(f"{shape}?" if shape[-1] == "." else shape for shape in shapes) + ")")


def _name(window: str, at: int, *, noble: bool) -> tuple[str, int]:
    """The name from a place on; empty when the words there are none."""
    parts: list[str] = []
    while len(parts) < _MOST_NAMES:
        token = _TOKEN.match(window, at)
        if token is None:
            break
        word = token[1]
        if not _may_be_name(word, noble=noble, first=not parts):
            return "", at
        parts.append(re.sub(r"\s+", "", word))
        at = token.end()
    if not any(part[0].isupper() or _SMALL_HEAD.match(part) for part in parts) or len(parts) == _MOST_NAMES:
        return "", at
    return re.sub(r"(?<=-) ", "", " ".join(parts)), at


def _may_be_name(word: str, *, noble: bool, first: bool) -> bool:
    low = word.lower()
    if _POSSESSIVE.search(word) or low.strip(".") in _NO_NAMES:
        return False
    if word[-1] == "." and not (_INITIAL.match(word) or low in delegation_list().particles):
        return False
    if word[0].isupper():
        return True
    if low in delegation_list().particles or (noble and not first and low in ("of", "the")):
        return True
    head = _SMALL_HEAD.match(word)
    return bool(head and word[head.end()].isupper()) or word[0] in "'’`"


def _completed(window: str, line: SpeakerLine, pack: Pack) -> SpeakerLine | None:
    """Brackets, capacity and colon, in the order they come."""
    at = line.length
    while True:
        at += len(window[at:]) - len(window[at:].lstrip())
        mark = window[at : at + 1]
        if mark == ":":
            return replace(line, length=at + 1, printed=_plain(window[:at]))
        if mark == "(":
            end = _closing(window, at)
            if end is None:
                return None
            line, at = _bracketed(line, window[at + 1 : end - 1], pack), end
        elif mark == "," and not line.capacity and (line.label or line.role):
            end = _capacity_end(window, at + 1, pack)
            if end is None:
                return None
            line, at = replace(line, capacity=_plain(window[at + 1 : end])), end
        else:
            return None


def _bracketed(line: SpeakerLine, inside: str, pack: Pack) -> SpeakerLine:
    note = language_note(inside, pack)
    if note is not None:
        return replace(line, note=note) if line.note is None else line
    if not line.label:
        return replace(line, label=_plain(inside))
    return replace(line, capacity=_plain(inside)) if not line.capacity else line


def _closing(window: str, at: int) -> int | None:
    """Behind the bracket that closes the one at ``at``, nested ones counted; none when it stays open."""
    depth = 0
    for offset, char in enumerate(window[at : at + _LONGEST_BRACKET], start=at):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return offset + 1
    return None


def _capacity_end(window: str, at: int, pack: Pack) -> int | None:
    """Where the capacity ends: before a language note or the colon; none when the words read as prose."""
    end = at
    while end < len(window) and window[end] != ":":
        if window[end] == "(":
            close = _closing(window, end)
            if close is None:
                return None
            if language_note(window[end + 1 : close - 1], pack) is not None:
                break
            end = close
        else:
            end += 1
    words = window[at:end]
    if end == len(window) or not words.strip() or _PROSE.search(words) or _SENTENCE.search(words):
        return None
    first = words.split(None, 1)[0]
    return end if first[0].isupper() or first in ("on", "speaking", "in", "also", "au", "en", "representing") else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"(?<=\w)-\s*\n\s*", "-", text).split())

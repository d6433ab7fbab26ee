"""Text that was taken from two columns by reading across them: found by what stands where it cannot stand.

Owns the two tests for text that has lost its geometry: stage lines in the middle of a sentence, and two columns
printed side by side with blanks between them. Such text is refused: its order cannot be known from itself.
"""

from __future__ import annotations

import re
from collections import Counter

from forewarn.errors import InputFormatError

__all__ = ["require_reading_order"]

_RECORD = re.compile(r"/(?:PV|SR)\.\d|called to order at|Verbatim Record|verbatim record")
_STAGE = re.compile(
    r"(?:The (?:meeting|session)[ \t]+(?:was called to order|rose|was suspended|was resumed)[ \t]+at[ \t]+"
    r"(?:\d{1,2}(?:[.:]\d{2})?[ \t]+[ap]\.m\.|noon|midnight)|"
    r"called to order at[ \t]+\d{1,2}(?:[.:]\d{2})?[ \t]+[ap]\.m\.)"
    r"(?P<rest>[^\n]{0,200})"
)
_HEADING = re.compile(r"(?<=[a-z,])[ \t]+(?:Adoption of the agenda|The agenda was adopted\.)[ \t]+(?=[a-z])")
_CONTINUES = re.compile(
    r"(?:and|by|with|on|in|at|under|after|The (?:President|agenda|meeting|session|Chair)|Adoption|"
    r"Expression|Tribute|Opening|Statement|Agenda|In favour|Mrs?\.|Ms\.|\()(?!\w)"
)
_UNFINISHED = re.compile(r"[A-Za-z,]$")
_GAP = re.compile(r"(?<=\S)[ ]{3,60}(?=\S)")
_WORDS = re.compile(r"[a-z]{2,}")
_FEWEST = 8
_LONGEST = 400


def require_reading_order(text: str, name: str) -> None:
    """The text shows no trace of having been read across two columns.

    Raises:
        InputFormatError: it does; the line is named.
    """
    spot = _stage_inside(text) if _RECORD.search(text) else None
    if spot is not None:
        raise _refusal("a stage line stands inside a sentence", text.count("\n", 0, spot) + 1, name)
    line = _side_by_side(text)
    if line is not None:
        raise _refusal("two columns stand side by side", line, name)


def _refusal(what: str, line: int, name: str) -> InputFormatError:
    return InputFormatError(
        f"{what}: it was read across two columns",
        where=f"{name}, line {line}",
        mend="give the PDF itself, or the text column by column",
    )


def _stage_inside(text: str) -> int | None:
    """Where a stage line is followed, on its own line, by words that break off, or a heading parts a sentence."""
    heading = _HEADING.search(text)
    if heading is not None:
        return heading.start()
    for stage in _STAGE.finditer(text):
        rest = stage["rest"].strip(" \t.")
        broken = _UNFINISHED.search(stage["rest"].strip()) and _goes_on(text, stage.end())
        if broken and len(rest.split()) >= 3 and not _CONTINUES.match(rest):
            return stage.start()
    return None


def _goes_on(text: str, at: int) -> bool:
    """Whether a line ends at an offset and the next one has words."""
    return text[at : at + 1] == "\n" and bool(text[at + 1 : at + 2].strip())


def _side_by_side(text: str) -> int | None:
    """The first line of a stretch of lines that have prose on both sides of one gap."""
    starts: Counter[int] = Counter()
    first: dict[int, int] = {}
    full = 0
    for number, line in enumerate(text.split("\n"), 1):
        full += bool(line.strip())
        gaps = list(_GAP.finditer(line[:_LONGEST]))
        if len(gaps) != 1:
            continue
        left, right = line[: gaps[0].start()], line[gaps[0].end() :]
        if len(_WORDS.findall(left)) >= 3 and len(_WORDS.findall(right)) >= 3:
            column = gaps[0].end() // 3
            starts[column] += 1
            first.setdefault(column, number)
    for column, _ in starts.most_common(1):
        beside = sum(starts[near] for near in (column - 1, column, column + 1))
        if beside >= _FEWEST and beside * 10 >= full * 4:
            return first[column]
    return None

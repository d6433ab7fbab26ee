"""What is printed around the text of a page: running heads and feet, job numbers, bar codes, standing notices.

Owns the exact patterns and the search for lines that come back on page after page. Furniture stays in the verbatim
text and is marked, so that later steps can skip it; a line of the body is never taken for it because it is short.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from forewarn.model.document import Span

__all__ = ["edges_of", "furniture_of", "is_furniture", "merged"]

_JOB = r"\d{2}-\d{5}(?: ?\([A-Z]\))?"
_PAGE = r"\d{1,3}/\d{1,3}"
_BAR_CODE = r"\*\d{7}[A-Z]?\*"
_SYMBOL = r"[A-Z]{1,5}/[A-Za-z0-9.()/*-]{1,40}(?: \((?:Resumption|Part) [\dIVX]{1,4}\))?"
_DAY = r"\d{1,2}/\d{1,2}/\d{4}"
_INSIDE = re.compile(
    rf"(?<![\w/-])(?:{_JOB}[ \t\n]{{1,9}}{_PAGE}|{_PAGE}[ \t\n]{{1,9}}{_JOB})(?![\w/-])|{_BAR_CODE}|\*{_JOB}\*"
)
_LINE = re.compile(
    rf"{_JOB}|{_BAR_CODE}|{_PAGE}|Please recycle\s?\S?|Accessible document|"
    rf"(?:{_SYMBOL}[ \t]+(?:\S.{{0,160}}?[ \t]+)?{_DAY}|{_DAY}[ \t]+(?:\S.{{0,160}}?[ \t]+)?{_SYMBOL})|"
    rf"(?:{_JOB}|{_PAGE}|{_BAR_CODE})(?:[ \t]{{1,40}}(?:{_JOB}|{_PAGE}|{_BAR_CODE})){{1,3}}"
)
_HEAD = re.compile(rf"{_SYMBOL}|{_DAY}")
_NOTICE = re.compile(r"This record contains the text of speeches delivered in English")
_NOTICE_ENDS = re.compile(
    r"documents\.un\.org/?\)?\.?|"
    r"Verbatim Reporting Service,\s{1,3}room\s{1,3}[\w-]{1,10}(?:\s{1,3}\([^)\n]{1,60}\))?\.?"
)
_LONGEST_NOTICE = 1_400
_LONGEST_LINE = 240
_LONGEST_HEAD = 120
_DEEPEST = 3
_DIGITS = re.compile(r"\d+")


def is_furniture(line: str) -> bool:
    """Whether a whole line is a job number, bar code, page number of pages or running head, by its pattern alone."""
    stripped = line.strip()
    return 0 < len(stripped) <= _LONGEST_LINE and _LINE.fullmatch(stripped) is not None


def furniture_of(text: str) -> tuple[Span, ...]:
    """The furniture of a text that knows no pages, or marks them by form feeds; sorted, not overlapping."""
    found = [Span(match.start(), match.end()) for match in _INSIDE.finditer(text)]
    found += _notices(text)
    lines = list(_lines(text))
    found += [Span(at, at + len(words)) for at, words in lines if is_furniture(words)]
    found += _returning(lines)
    if "\f" in text:
        found += _edges_of_text(text)
    return merged(found)


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping ones as one, empty ones left out."""
    out: list[Span] = []
    for span in sorted(spans):
        if span.start == span.end:
            continue
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)


def edges_of(pages: Sequence[Sequence[Sequence[str]]]) -> list[tuple[int, int]]:
    """How many rows at the head and at the foot of each page are furniture.

    Args:
        pages: for each page its rows from the top, each the parts that stand apart on it. The head of the first
            page is never furniture unless by its pattern: it is the masthead.
    """
    heads = _counts(rows[:_DEEPEST] for rows in pages)
    feet = _counts(rows[-_DEEPEST:] for rows in pages)
    often = max(2, -(-len(pages) * 3 // 10))
    edges = []
    for number, rows in enumerate(pages):
        above = _run(rows, heads if number else Counter(), often)
        below = _run(rows[above:][::-1], feet, often)
        edges.append((above, below))
    return edges


def _counts(pages: Iterator[Sequence[Sequence[str]]] | Sequence[Sequence[Sequence[str]]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for rows in pages:
        counts.update({_key(part) for row in rows for part in row})
    return counts


def _key(part: str) -> str:
    return _DIGITS.sub("0", " ".join(part.split())).casefold()


def _run(rows: Sequence[Sequence[str]], counts: Counter[str], often: int) -> int:
    """How many rows from the edge inwards are furniture."""
    for depth, row in enumerate(rows[:_DEEPEST]):
        whole = "  ".join(row)
        returns = all(len(part) <= _LONGEST_HEAD and counts[_key(part)] >= often for part in row)
        if not (returns or is_furniture(whole) or all(is_furniture(part) for part in row)):
            return depth
    return min(len(rows), _DEEPEST)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in re.split(r"[\n\f]", text):
        words = line.strip()
        if words:
            yield at + line.index(words[0]), words
        at += len(line) + 1


def _notices(text: str) -> Iterator[Span]:
    for start in _NOTICE.finditer(text):
        window = text[start.start() : start.start() + _LONGEST_NOTICE]
        ends = [match.end() for match in _NOTICE_ENDS.finditer(window)]
        blank = window.find("\n\n")
        end = ends[-1] if ends else blank if blank > 0 else 0
        if end:
            yield Span(start.start(), start.start() + end)


def _returning(lines: Sequence[tuple[int, str]]) -> Iterator[Span]:
    """Running heads on lines of their own: a symbol or day that comes back, and a line that comes back next to it."""
    counts = Counter(words for _, words in lines if len(words) <= _LONGEST_HEAD)
    seen: set[str] = set()
    heads: set[int] = set()
    for index, (_, words) in enumerate(lines):
        if counts[words] > 1 and words in seen and _HEAD.fullmatch(words):
            heads.add(index)
        seen.add(words)
    for index in sorted(heads):
        yield _span(lines[index])
        for near in (index - 1, index + 1):
            if 0 <= near < len(lines) and near not in heads and _comes_back(lines, near, counts, heads):
                yield _span(lines[near])


def _comes_back(lines: Sequence[tuple[int, str]], index: int, counts: Counter[str], heads: set[int]) -> bool:
    """Whether a line beside a running head belongs to it: printed again and again, and no sentence."""
    words = lines[index][1]
    return counts[words] > 2 and not words.endswith((".", "?", "!", ":", ";", ",")) and bool(heads)


def _span(line: tuple[int, str]) -> Span:
    return Span(line[0], line[0] + len(line[1]))


def _edges_of_text(text: str) -> Iterator[Span]:
    """Heads and feet of a text whose pages end in form feeds."""
    pages: list[list[tuple[int, str]]] = []
    at = 0
    for words in text.split("\f"):
        pages.append([(at + start, line) for start, line in _lines(words)])
        at += len(words) + 1
    pages = [page for page in pages if page]
    rows = [[re.split(r"\s{3,}", line) for _, line in page] for page in pages]
    for page, (above, below) in zip(pages, edges_of(rows), strict=True):
        for line in page[:above] + page[len(page) - below :]:
            yield _span(line)

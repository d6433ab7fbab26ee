"""How well documents are taken apart: phrases, speakers, references, paragraphs, speaker lines, and how fast.

Needs the real statements and the table of phrases in ``../shared``; says so in one line where they are absent. A phrase
counts as found when its own words, in its own file, overlap a sentence that undertakes something or a mark of a theme.
That is easily had where marks are dense, so more figures stand beside it: the share of all windows of the same length
that would count, the phrases with a mark wholly inside them, and the marks in a thousand words.

    python benchmarks/extraction.py [--json]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forewarn.collect.documents.assemble import parse_document
from forewarn.collect.documents.speakers import split_address
from forewarn.collect.documents.themes import themes_in
from forewarn.model.document import Document, Span

HERE = Path(__file__).resolve()
SHARED = HERE.parents[2] / "shared"
SENTENCES = HERE.parents[1] / "tests" / "collect" / "documents" / "written_sentences.py"
ROW = re.compile(r'^\| (S\d\.\d+) \| (\d{3}) \| "(.+?)" \|', re.MULTILINE)
PAGES, WORDS_A_PAGE = 40, 500
LIMITS = {"phrases": 0.95, "record_seconds": 2.0}
# Read off the files by eye: name, State, language, whether it is a translation, blocks between blank lines, references.
STATEMENTS: dict[str, tuple[str, str, str, bool, int, dict[str, bool]]] = {
    "000": ("Sadykov", "Kazakhstan", "English", False, 4, {}),
    "001": ("Umarov", "Kazakhstan", "English", False, 8, {"S/PV.8091": True}),
    "002": ("Byrganym Aitimova", "Kazakhstan", "", False, 9, {"A/63/677": False, "A/RES/60/1": False}),
    "003": ("Kabentayev", "Kazakhstan", "Spanish", True, 8, {"S/2015/453": False, "S/RES/1325 (2000)": False}),
    "004": (
        "Umarov", "Kazakhstan", "English", False, 9,
        {"S/2018/462": True, "S/RES/2286 (2016)": False, "Arms Trade Treaty": False},
    ),
}  # fmt: skip
UNRELATED = (
    "Growers in the valley sold their apples early this autumn, for the frost came late and the crates were full. "
    "A lorry takes them to the railway twice a week. The cooperative has bought a new press and hopes to bottle "
    "juice by spring. On the lake, the rowing club finished third of eight and kept its boat for another season. "
    "The evening will be cloudy with light rain in the hills, and the morning fog should lift before noon. The "
    "museum shows clocks from four centuries, and the oldest still strikes the hour."
)


def main() -> None:
    """Measure, print, and fail where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    given = parser.parse_args()
    folder, table = SHARED / "data" / "un", SHARED / "reference" / "requirements.md"
    if not (folder / "statements").is_dir() or not table.is_file():
        sys.exit("extraction: needs ../shared/data/un and ../shared/reference/requirements.md, which are not here")
    documents = {
        path.name[:3]: parse_document(path, path.name) for path in sorted((folder / "statements").glob("*.txt"))
    }
    result = {
        "phrases": phrases(documents, table.read_text(encoding="utf-8")),
        "density": density(documents),
        "written_sentences": written_sentences(),
        "statements": statements(documents),
        "address_cases": address_cases(folder / "address_cases.json"),
        "speed": speed(),
    }
    held = {
        "phrases": result["phrases"]["found_share"] >= LIMITS["phrases"],
        "statements": all(not wrong for wrong in result["statements"].values()),
        "address_cases": result["address_cases"]["right"] == result["address_cases"]["of"],
        "speed": result["speed"]["ratio_to_limit"] <= 1,
    }
    print(json.dumps({**result, "holds": held}, indent=2) if given.json else told(result, held))
    sys.exit(not all(held.values()))


def phrases(documents: dict[str, Document], table: str) -> dict[str, Any]:
    """The phrases of the table found in their own files, loosely, strictly, and by chance."""
    rows = [(name, file, place(documents[file].text, phrase)) for name, file, phrase in ROW.findall(table)]
    found = {
        "by_undertaking": [name for name, file, at in rows if meets(at, sentences_of(documents[file]))],
        "by_theme": [name for name, file, at in rows if meets(at, themes_of(documents[file]))],
        "with_a_mark_inside": [name for name, file, at in rows if holds(at, themes_of(documents[file]))],
    }
    either = {*found["by_undertaking"], *found["by_theme"]}
    placed = [(documents[file], at) for _, file, at in rows if at is not None]
    by_chance = [chance(one, at, [*sentences_of(one), *themes_of(one)]) for one, at in placed]
    undertaken = [chance(one, at, sentences_of(one)) for one, at in placed]
    return {
        "phrases": len(rows),
        "found": len(either),
        "found_share": len(either) / len(rows),
        **{how: len(names) for how, names in found.items()},
        "missed": [name for name, _, _ in rows if name not in either],
        "windows_of_same_length_that_would_count": sum(by_chance) / len(by_chance),
        "windows_that_would_count_by_undertaking": sum(undertaken) / len(undertaken),
    }


def place(text: str, phrase: str) -> Span | None:
    """Where the words of a phrase stand in a text, whatever the white space between them."""
    match = re.search(r"\s+".join(map(re.escape, phrase.split())), text)
    return Span(*match.span()) if match else None


def sentences_of(document: Document) -> list[Span]:
    """The sentences in which something is undertaken."""
    return [one.span for one in document.undertakings]


def themes_of(document: Document) -> list[Span]:
    """The places of the marks."""
    return [one.span for one in document.themes]


def meets(at: Span | None, places: Sequence[Span]) -> bool:
    """Whether the place shares a character with one of the places."""
    return at is not None and any(one.start < at.end and at.start < one.end for one in places)


def holds(at: Span | None, places: Sequence[Span]) -> bool:
    """Whether one of the places lies wholly inside the place."""
    return at is not None and any(at.start <= one.start and one.end <= at.end for one in places)


def chance(document: Document, at: Span, places: Sequence[Span]) -> float:
    """The share of windows as long as the phrase, one at each tenth character, that meet one of the places."""
    length = at.end - at.start
    starts = range(0, max(1, len(document.text) - length), 10)
    return sum(meets(Span(start, start + length), places) for start in starts) / len(starts)


def density(documents: dict[str, Document]) -> dict[str, float]:
    """Marks of themes and undertakings in a thousand words; the same for made-up text on other matters."""
    words = sum(len(document.text.split()) for document in documents.values())
    return {
        "theme_marks_per_1000_words": 1000 * sum(len(one.themes) for one in documents.values()) / words,
        "undertakings_per_1000_words": 1000 * sum(len(one.undertakings) for one in documents.values()) / words,
        "theme_marks_per_1000_unrelated_words": 1000
        * len(themes_in(UNRELATED, Span(0, len(UNRELATED))))
        / len(UNRELATED.split()),
    }


def written_sentences() -> dict[str, dict[str, int]]:
    """Made-up sentences decided right in kind, denial and report, for the half seen while writing and the other."""
    spec = importlib.util.spec_from_file_location("written_sentences", SENTENCES)
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    decided = {half: module.decided(half) for half in ("development", "check")}
    return {half: {"right": sum(one.is_right for one in all_), "of": len(all_)} for half, all_ in decided.items()}


def statements(documents: dict[str, Document]) -> dict[str, list[str]]:
    """What is wrong in each statement; empty where everything is right."""
    return {file: wrong_in(documents[file], STATEMENTS[file]) for file in STATEMENTS}


def wrong_in(document: Document, truth: tuple[str, str, str, bool, int, dict[str, bool]]) -> list[str]:
    """The parts of a statement that differ from what the eye reads."""
    name, state, language, translated, blocks, references = truth
    if len(document.speeches) != 1:
        return [f"{len(document.speeches)} speeches"]
    speech = document.speeches[0]
    found = {one.target: one.editorial for paragraph in speech.paragraphs for one in paragraph.references}
    checks = {
        "speaker": speech.speaker.name == name,
        "country": speech.speaker.affiliation == state,
        "language": (speech.language_spoken, speech.is_translation) == (language, translated),
        "paragraphs": len(speech.paragraphs) == blocks,
        "references": all(found.get(target) is editorial for target, editorial in references.items()),
    }
    return [part for part, right in checks.items() if not right]


def address_cases(path: Path) -> dict[str, Any]:
    """Speaker lines of real records, OCR damage included: address and language both right."""
    cases = json.loads(path.read_text(encoding="utf-8"))
    asked = [(one["text"], one) for one in cases["address_split"]]
    asked += [(one["address"], one) for one in cases["spoken_language"]]
    wrong = [text for text, one in asked if split_address(text) != (one["address"], one["language"])]
    return {"right": len(asked) - len(wrong), "of": len(asked), "wrong": wrong}


def speed() -> dict[str, float]:
    """Seconds for a made-up record of forty pages, the shortest of three, beside the limit."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.txt"
        path.write_text(made_up_record(), encoding="utf-8")
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            document = parse_document(path, path.name)
            seconds.append(time.perf_counter() - started)
    return {
        "words": len(document.text.split()),
        "speeches": len(document.speeches),
        "slowest_seconds": max(seconds),
        "seconds": min(seconds),
        "ratio_to_limit": min(seconds) / LIMITS["record_seconds"],
    }


def made_up_record() -> str:
    """A record of forty pages of fictional speeches by delegates of real States."""
    said = (
        "I thank the briefers for their remarks on the valley. My delegation supports the renewal of the mandate and\n"
        "calls on all parties to protect civilians, in line with resolution 2286 (2016). We are concerned about the\n"
        "displaced families who cannot return, and those responsible must be held accountable (see S/2018/462). We\n"
        "will host a meeting on early warning next month.\n\n"
    )
    speakers = ("Mr. Halvorsen (Norway)", "Ms. Abreu (Uruguay)", "Mr. Tamba (Gabon) (spoke in French)")
    turns = PAGES * WORDS_A_PAGE // (5 * len(said.split()))
    return "".join(f"{speakers[number % 3]}: {said * 5}" for number in range(turns))


def told(result: dict[str, Any], held: dict[str, bool]) -> str:
    """The figures as lines of text."""
    found, dense, speed_ = result["phrases"], result["density"], result["speed"]
    lines = [
        f"phrases found                     {found['found']} of {found['phrases']} ({found['found_share']:.1%})",
        f"  in a sentence that undertakes   {found['by_undertaking']}"
        f" (any window {found['windows_that_would_count_by_undertaking']:.1%})",
        f"  overlapping a theme mark        {found['by_theme']}",
        f"  a theme mark wholly inside      {found['with_a_mark_inside']}",
        f"  any window of the same length   {found['windows_of_same_length_that_would_count']:.1%}",
        f"  missed                          {', '.join(found['missed']) or 'none'}",
        f"theme marks in 1,000 words        {dense['theme_marks_per_1000_words']:.0f}"
        f" (unrelated text {dense['theme_marks_per_1000_unrelated_words']:.0f})",
        f"undertakings in 1,000 words       {dense['undertakings_per_1000_words']:.0f}",
    ]
    for half, counts in result["written_sentences"].items():
        lines.append(f"written sentences, {half:15}{counts['right']} of {counts['of']}")
    for file, wrong in result["statements"].items():
        lines.append(f"statement {file}                     {', '.join(wrong) + ' wrong' if wrong else 'all right'}")
    cases = result["address_cases"]
    lines.append(f"speaker lines                     {cases['right']} of {cases['of']}")
    lines.append(
        f"40 pages, {speed_['words']:,} words            {speed_['seconds']:.2f} s"
        f" ({speed_['ratio_to_limit']:.2f} of the limit), slowest of three {speed_['slowest_seconds']:.2f} s"
    )
    lines.append("missed: " + (", ".join(name for name, holds_ in held.items() if not holds_) or "nothing"))
    return "\n".join(lines)


if __name__ == "__main__":
    main()

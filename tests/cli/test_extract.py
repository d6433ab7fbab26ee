"""Narratives at the command line: a made-up table, every row checked, and tables made to harm."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

ROWS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (
        "March 2021: Two nurses were killed and three others injured when a hospital was shelled in Monywa.",
        "MMR",
        "",
        {"act": "killing", "killed_best": "2", "health_workers_killed_best": "2", "date_start": "2021-03-01",
         "place_name": "Monywa", "weapon": "shelling", "protected_status": "medical"},
    ),
    (
        "On 26 June 2021 a doctor was kidnapped by unidentified gunmen.",
        "MLI",
        "",
        {"act": "abduction", "health_workers_abducted_best": "1", "date_start": "2021-06-26", "date_precision": "day",
         "actor_class": "non_state_armed_group", "place_precision": "country"},
    ),
    ("A pharmacy was looted. No casualties.", "", "",
     {"act_detail": "looting", "killed_best": "0", "negated": "false"}),
    ("At least five civilians were killed.", "", "", {"killed_low": "5", "killed_high": ""}),
    ("Between 3 and 5 villagers were killed.", "", "", {"killed_low": "3", "killed_high": "5"}),
    ("Dozens of people fled the village.", "", "", {"act": "displacement"}),
    ("A school was set on fire last week.", "", "2023-11-15",
     {"act_detail": "arson", "date_start": "2023-11-06", "date_end": "2023-11-12", "date_precision": "week",
      "protected_status": "education"}),
    ("A journalist was arrested by police.", "", "",
     {"act": "detention", "journalists_detained_best": "1", "actor_detail": "police", "target": "journalist"}),
    ("Four teachers were abducted.", "", "", {"teachers_abducted_best": "4", "health_workers_abducted_best": ""}),
    ("In early May 2020, an aid convoy was ambushed and two aid workers were killed.", "", "",
     {"target": "aid_convoy", "aid_workers_killed_best": "2", "health_workers_killed_best": "",
      "date_end": "2020-05-10", "date_precision": "month"}),
    ("The hospital was not attacked.", "", "", {"negated": "true", "acts": ""}),
    ("A clinic was reportedly destroyed.", "", "", {"certainty": "reported", "act": "destruction"}),
    ("An ambulance was hit. The army denied responsibility.", "", "", {"certainty": "denied", "target": "ambulance"}),
    ("Fighting in Demoso township, Kayah state, damaged a church.", "MMR", "",
     {"place_name": "Demoso", "place_precision": "admin2", "target": "place_of_worship"}),
    ("A doctor was arrested in Mandalay.", "Myanmar", "", {"place_precision": "admin1", "latitude": ""}),
    ("", "MMR", "", {}),
    ("Something happened.", "", "", {"act": "unknown", "weapon": "unknown", "date_precision": "unknown"}),
    ("=HYPERLINK(1) said +Nurse was beaten", "", "", {"act_detail": "assault"}),
)  # fmt: skip


@pytest.fixture
def narratives(tmp_path: Path) -> Path:
    """The made-up table."""
    path = tmp_path / "narratives.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["words", "land", "day"])
        writer.writerows(row[:3] for row in ROWS)
    return path


def test_eighteen_narratives_are_read_as_they_are_told(run: Any, narratives: Path, tmp_path: Path) -> None:
    """Each row's claim says what the narrative says, and no more."""
    out = tmp_path / "claims.csv"
    done = run("extract", narratives, "--text-column", "words", "--country-column", "land", "--date-column", "day",
               "--out", out, "--json")  # fmt: skip
    assert done.code == 0, done.err
    made = json.loads(done.out)
    assert (made["rows"], made["blank"], made["claims"]) == (len(ROWS), 1, len(ROWS) - 1)
    with out.open(encoding="utf-8", newline="") as file:
        claims = {int(row["row"]): row for row in csv.DictReader(file)}
    for number, (text, _, _, expected) in enumerate(ROWS, 1):
        got = {name: claims[number][name] for name in expected} if text else {}
        assert got == expected, text


def test_no_cell_of_the_result_is_run_as_a_formula(run: Any, narratives: Path, tmp_path: Path) -> None:
    """Nothing that a spreadsheet would run, whatever the narratives hold."""
    out = tmp_path / "claims.csv"
    assert run("extract", narratives, "--text-column", "words", "--out", out).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]


def test_text_mode_says_what_was_told_and_what_to_do(run: Any, narratives: Path, tmp_path: Path) -> None:
    """Counts, what was left out, and the advice to check."""
    done = run("extract", narratives, "--text-column", "words", "--country-column", "day", "--out", tmp_path / "c.csv")
    assert done.code == 0
    assert "17 claims from 18 rows" in done.out
    assert "1 rows have no narrative" in done.out
    assert "1 countries" in done.out
    assert "evidence" in done.out


HOSTILE: dict[str, tuple[bytes, int]] = {
    "empty.csv": (b"", 23),
    "nul.csv": (b"words\nA clinic \0 was hit\n", 23),
    "latin.csv": (b"words\nUne \xe9cole a br\xfbl\xe9\n", 22),
    "huge.csv": (b"words\n" + b"killed " * 1_500_000 + b"\n", 24),
    "other.csv": (b"text\nA clinic was hit\n", 23),
    "cut.xlsx": (b"PK\x03\x04cut", 23),
    "cut.parquet": (b"PAR1cut", 23),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_tables_made_to_harm_give_one_clear_line(run: Any, tmp_path: Path, name: str) -> None:
    """The error's own code, one line that names the file, and no result."""
    body, code = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(body)
    done = run("extract", path, "--text-column", "words", "--out", tmp_path / "claims.csv")
    assert done.code == code, done.err
    assert done.err.strip().count("\n") == 0
    assert name in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "claims.csv").exists()


def test_words_of_the_call_that_are_off_exit_2(run: Any, narratives: Path, tmp_path: Path) -> None:
    """A missing option, another ending, the table itself as result."""
    assert run("extract", narratives, "--out", tmp_path / "c.csv").code == 2
    assert run("extract", narratives, "--text-column", "words", "--out", tmp_path / "c.json").code == 2
    assert run("extract", narratives, "--text-column", "words", "--out", narratives).code == 2

"""From printed labels to States and bodies."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from forewarn.collect.documents.delegations import (
    NAME_NOT_IN_USE,
    UNKNOWN_AFFILIATION,
    group_named,
    party_named,
    place_named,
)
from forewarn.taxonomy.delegations import delegation_list


def labels(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "un" / "entities.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize(
    ("label", "iso3"),
    [
        ("Bolivia (Plurinational State of)", "BOL"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("Democratic People’s Republic of Korea", "PRK"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("the former Yugoslav Republic of Macedonia", "MKD"),
    ],
)
def test_case_05_bracketed_and_turned_names_are_one_state(label: str, iso3: str) -> None:
    """Names with brackets of their own, lost accents and curly quotes are read."""
    assert party_named(label).iso3 == iso3


def test_case_05_a_name_is_in_use_between_its_days() -> None:
    """A State has one canonical name and code over its renaming; a name out of its time is flagged."""
    early, late = date(2010, 5, 5), date(2023, 5, 5)
    for old, new, iso3 in (("Swaziland", "Eswatini", "SWZ"), ("Turkey", "Türkiye", "TUR")):
        assert party_named(old, on=early).name == party_named(new, on=late).name
        assert party_named(old, on=early).iso3 == iso3
        assert party_named(old, on=early).flags == party_named(new, on=late).flags == ()
        assert party_named(old, on=late).flags == party_named(new, on=early).flags == (NAME_NOT_IN_USE,)


def test_case_05_a_capital_that_was_renamed_twice_is_one_place() -> None:
    """Nur-Sultan was Astana before 2019 and is again since 2022."""
    assert place_named("Nur-Sultan", on=date(2019, 5, 23)) == ("Astana", ())
    assert place_named("Astana", on=date(2015, 6, 10)) == ("Astana", ())
    assert place_named("Nur-Sultan", on=date(2015, 6, 10)) == ("Astana", (NAME_NOT_IN_USE,))
    assert place_named("Astana", on=date(2020, 1, 1)) == ("Astana", (NAME_NOT_IN_USE,))
    assert place_named("Geneva") == ("Geneva", ())


def test_case_30_spellings_of_an_acronym_mean_one_thing() -> None:
    """RtoP and R2P are one, PoC and POC are one; no spelling stands for two things."""
    acronyms = delegation_list().acronyms
    assert {"RtoP", "R2P"} <= set(acronyms["responsibility to protect"])
    assert {"PoC", "POC"} <= set(acronyms["protection of civilians"])
    spellings = [one for several in acronyms.values() for one in several]
    assert len(spellings) == len(set(spellings))


def test_case_30_groups_under_either_acronym_are_one_group() -> None:
    """The Group of Friends is one, whichever way its name is cut short."""
    names = {getattr(group_named(f"Group of Friends of {short}"), "name", "") for short in ("R2P", "RtoP")}
    assert names == {"Group of Friends of the Responsibility to Protect"}


def test_a_label_nobody_knows_is_kept_and_flagged() -> None:
    """No name is guessed: an unknown label keeps its printed form, without a code."""
    found = party_named("Atlantis Lagoon")
    assert (found.name, found.iso3, found.flags) == ("Atlantis Lagoon", "", (UNKNOWN_AFFILIATION,))


def test_a_body_out_of_its_time_is_flagged() -> None:
    """The Organization of African Unity ended on 8 July 2002."""
    assert party_named("Organization of African Unity", on=date(2001, 1, 1)).flags == ()
    assert party_named("Organization of African Unity", on=date(2003, 1, 1)).flags == (NAME_NOT_IN_USE,)


def test_labels_of_the_council_get_the_right_state(shared_data: Path) -> None:
    """Of 601 labels of the Council's debates no body gets a State; States, dissolved ones too, get their own."""
    wrong = {
        row["country_org"]: (row["iso3"], party_named(row["country_org"]).iso3)
        for row in labels(shared_data)
        if party_named(row["country_org"]).iso3 != row["iso3"]
    }
    assert wrong == {"Serbia And Montenegro": ("SRB", "SCG"), "Yugoslavia": ("SRB", "YUG")}


def test_no_kind_is_told_wrongly_for_labels_of_the_council(shared_data: Path) -> None:
    """Where our lists tell a kind, it is that of the hand-checked table in at least 97 of 100 labels."""
    told = [
        (row["entity_type"], kind)
        for row in labels(shared_data)
        if (kind := party_named(row["country_org"]).kind) and kind != "group"
    ]
    right = sum(expected == kind for expected, kind in told)
    assert len(told) > 270
    assert right / len(told) >= 0.97

"""Countries: codes side by side, names as data print them, nothing guessed."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn import taxonomy
from forewarn.errors import UnknownNameError
from forewarn.taxonomy.naming import folded

ENDED = {"CSK", "DDR", "SCG", "SUN", "YMD", "YUG"}

PRINTED = {
    "Myanmar (Burma)": "MMR",
    "DR Congo (Zaire)": "COD",
    "Congo": "COG",
    "Congo (Kinshasa)": "COD",
    "Bosnia-Herzegovina": "BIH",
    "Cote d'Ivoire": "CIV",
    "CÔTE D’IVOIRE": "CIV",
    "Ivory Coast": "CIV",
    "Russia (Soviet Union)": "RUS",
    "Yemen (North Yemen)": "YEM",
    "Serbia (Yugoslavia)": "SRB",
    "Kingdom of eSwatini (Swaziland)": "SWZ",
    "Cambodia (Kampuchea)": "KHM",
    "Zimbabwe (Rhodesia)": "ZWE",
    "Madagascar (Malagasy)": "MDG",
    "Macedonia, FYR": "MKD",
    "North Macedonia": "MKD",
    "Turkey": "TUR",
    "Türkiye": "TUR",
    "United States of America": "USA",
    "Iran (Islamic Republic of)": "IRN",
    "Bolivia (Plurinational State of)": "BOL",
    "Korea, Republic of": "KOR",
    "Democratic People's Republic of Korea": "PRK",
    "Tanzania, United Republic of": "TZA",
    "Vietnam (North Vietnam)": "VNM",
    "Rumania": "ROU",
    "St. Lucia": "LCA",
    "mmr": "MMR",
    "NOR": "NOR",
    " the   Gambia ": "GMB",
    "Swaziland (eSwatini)": "SWZ",
    "Burma (Myanmar)": "MMR",
}


@pytest.mark.parametrize(("name", "iso3"), PRINTED.items())
def test_names_as_data_print_them(name: str, iso3: str) -> None:
    """Names of UCDP, the United Nations and VIEWS find their country."""
    assert taxonomy.country(name).iso3 == iso3


@pytest.mark.parametrize(
    "name",
    [
        "Georgia (USA)",
        "Niger (Nigeria)",
        "Congo (Somewhere)",
        "Monitoring Commission (South Sudan)",
        "Korea",
        "Nigeri",
        "Atlantis",
        "",
        "()",
        "\x00" * 99,
        "Мьянма",
        "X" * 100_000,
    ],
)
def test_a_name_is_never_guessed(name: str) -> None:
    """What is not exactly a name, or names two different countries, is refused in one line."""
    with pytest.raises(UnknownNameError) as caught:
        taxonomy.country(name)
    assert len(str(caught.value)) < 400


def test_a_misspelling_is_answered_with_the_nearest_name() -> None:
    """The mend names a country, and does not take it."""
    with pytest.raises(UnknownNameError, match=r"Georgia \(GEO\)"):
        taxonomy.country("Gorgia")


def test_norway_is_not_a_boolean() -> None:
    """The alpha-2 code NO survived YAML."""
    assert taxonomy.country("NOR").iso2 == "NO"


def test_codes_are_those_of_iso() -> None:
    """Every present country has ISO's codes, every ISO country is there."""
    present = {one.iso3: one for one in taxonomy.countries() if one.iso3 not in ENDED | {"XKX"}}
    assert set(present) == {one.alpha_3 for one in pycountry.countries}
    for iso in pycountry.countries:
        ours = present[iso.alpha_3]
        assert (ours.iso2, ours.m49_number()) == (iso.alpha_2, int(iso.numeric))
        assert taxonomy.country(iso.name) is ours


def test_views_and_gleditsch_ward_numbers_are_those_of_the_key(shared_data: Path) -> None:
    """Every row of VIEWS' own key finds the same State by id, and by number where it holds it still."""
    with (shared_data / "views_cm" / "country_key.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 220
    for row in rows:
        ours = taxonomy.country_by_views(int(row["id"]))
        assert ours.iso3 == (row["isoab"] or "XKX")
        assert int(row["gwcode"]) in [code.number for code in ours.gw]


@pytest.mark.parametrize(
    ("number", "on", "iso3"),
    [
        (775, None, "MMR"),
        (365, date(1990, 5, 1), "SUN"),
        (365, date(1992, 5, 1), "RUS"),
        (365, None, "RUS"),
        (345, date(1998, 6, 1), "YUG"),
        (345, date(2003, 2, 4), "SCG"),
        (345, None, "SCG"),
        (340, date(2006, 6, 5), "SRB"),
        (678, date(1989, 1, 1), "YEM"),
    ],
)
def test_numbers_change_hands_on_a_day(number: int, on: date | None, iso3: str) -> None:
    """A Gleditsch-Ward number belongs to whoever held it on that day."""
    assert taxonomy.country_by_gw(number, on).iso3 == iso3


@pytest.mark.parametrize(("number", "on"), [(9999, None), (-1, None), (345, date(2007, 1, 1)), (340, date(2000, 1, 1))])
def test_a_number_nobody_holds_is_refused(number: int, on: date | None) -> None:
    """No holder, no country."""
    with pytest.raises(UnknownNameError):
        taxonomy.country_by_gw(number, on)


def test_sudan_changed_its_codes_in_july_2011() -> None:
    """M49 and VIEWS numbers follow the day; South Sudan did not exist before."""
    sudan = taxonomy.country("Sudan")
    assert (sudan.m49_number(date(2011, 7, 8)), sudan.m49_number(date(2011, 7, 9))) == (736, 729)
    assert (sudan.views_id(date(2011, 7, 8)), sudan.views_id()) == (59, 245)
    assert not taxonomy.country("SSD").existed(date(2011, 7, 8))
    assert taxonomy.country_by_m49(736).iso3 == taxonomy.country_by_m49(729).iso3 == "SDN"


@given(st.from_regex(r"X[A-Z]{2}", fullmatch=True))
def test_fictional_codes_are_never_in_the_table(code: str) -> None:
    """User-assigned codes are for exercises; Kosovo's is the one exception and is never fictional."""
    in_table = any(one.iso3 == code for one in taxonomy.countries())
    assert taxonomy.is_fictional(code) is not in_table
    assert in_table is (code == "XKX")


@pytest.mark.parametrize("code", ["MMR", "XA", "xaa", "XAAA", "", "XA1", "XAA\n"])
def test_other_codes_are_not_fictional(code: str) -> None:
    """Only the whole pattern counts."""
    assert not taxonomy.is_fictional(code)


def test_predecessors_and_days_fit_together() -> None:
    """A State begins no earlier than the day after a predecessor whose number it took over."""
    for one in taxonomy.countries():
        assert one.first is None or one.last is None or one.first <= one.last
        for code in (*one.gw, *one.m49, *one.views):
            others = [other for other in taxonomy.countries() if other is not one for other in other.gw]
            overlapping = [
                other
                for other in others
                if code in one.gw
                and other.number == code.number
                and (other.first or date.min) <= (code.last or date.max)
                and (code.first or date.min) <= (other.last or date.max)
            ]
            assert not overlapping


@given(st.text(max_size=300))
def test_folding_leaves_plain_words(name: str) -> None:
    """Only small Latin letters, digits and single blanks remain."""
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", folded(name))

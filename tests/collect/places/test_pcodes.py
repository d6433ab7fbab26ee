"""Tables of P-codes: read whole or refused, looked up by country and level."""

from __future__ import annotations

from pathlib import Path

import pytest

from forewarn.collect.places import read_pcodes
from forewarn.errors import InputError, InputFormatError, InputValueError

HEADER = "Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date"
HASHTAGS = "#country+code,#geo+admin_level,#adm+code,#adm+name,#adm+code+parent,#date+start"


def _table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "pcodes.csv"
    path.write_text("\n".join([header, HASHTAGS, *rows]) + "\n", encoding="utf-8")
    return path


def test_codes_and_names_find_each_other(tmp_path):
    """Within a country and a level; the same name elsewhere does not disturb."""
    path = _table(
        tmp_path,
        "MLI,1,ML07,Gao,MLI,2020-01-01",
        "MLI,2,ML0701,Gao,ML07,2020-01-01",
        "MLI,2,ML0702,Bourem,ML07,2020-01-01",
        "NER,2,NE0101,Bourem,NE01,",
    )
    table = read_pcodes(path, "pcodes.csv")
    assert table.match("Région de Gao", "MLI").key == "ML07"
    assert table.match("Gao", "MLI", 2).key == "ML0701"
    assert table.match("Bourem", "MLI", 2, parent="ML07").key == "ML0702"
    assert table.match("Bourem", "MLI", 2, parent="ML08").how == "unknown"
    assert table.match("Gao", "BFA").how == "unknown"
    found = table.area("ml0702")
    assert found is not None
    assert (found.name, found.parent, found.valid_from) == ("Bourem", "ML07", "2020-01-01")
    assert table.area("ML9999") is None


def test_two_areas_of_one_name_have_no_code(tmp_path):
    """Without the area above, a name that two districts bear is ambiguous."""
    path = _table(tmp_path, "MLI,2,ML0101,Niono,ML01,", "MLI,2,ML0201,Niono,ML02,")
    match = read_pcodes(path, "p").match("Niono", "MLI", 2)
    assert (match.key, match.how, match.among) == ("", "ambiguous", ("ML0101", "ML0201"))


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("MLI,1,,Gao,MLI,", "'P-Code' is blank"),
        ("MLI,1,ML07,,MLI,", "'Name' is blank"),
        ("Atlantis,1,AT01,Poseidonis,,", "no country"),
        ("MLI,7,ML07,Gao,MLI,", "no level"),
        ("MLI,1,ML07,Gao,MLI,yesterday", "not a date"),
        ("MLI,1,ml01,Kayes again,MLI,", "comes twice"),
    ],
)
def test_a_row_that_cannot_be_used_refuses_the_table(tmp_path, row, what):
    """A table with holes would silently leave areas without a code; the message has the row."""
    path = _table(tmp_path, "MLI,1,ML01,Kayes,MLI,", row)
    with pytest.raises(InputValueError, match=what) as caught:
        read_pcodes(path, "pcodes.csv")
    assert caught.value.where == "pcodes.csv, row 2"


def test_another_table_is_refused_with_the_column_it_lacks(tmp_path):
    """A CSV of something else is no table of P-codes."""
    with pytest.raises(InputFormatError, match="'P-Code'"):
        read_pcodes(_table(tmp_path, header=HEADER.replace("P-Code,Name", "Code,Name")), "p")


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b'{"type":"FeatureCollection"}', b"PK\x03\x04", b"\x1f\x8b\x08"])
def test_what_is_no_table_is_refused(tmp_path, data):
    """Hostile or wrong bytes end in one line."""
    path = tmp_path / "p.csv"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_pcodes(path, "p.csv")


def test_the_real_table_loads_whole(shared_data: Path):
    """All 33,363 units of 156 countries; every code finds its row, every unambiguous name its code."""
    table = read_pcodes(shared_data / "geo" / "pcodes_adm1_adm2.csv", "pcodes_adm1_adm2.csv")
    assert len(table.rows) == 33_363
    assert len({row.country for row in table.rows}) == 156
    for row in table.rows[::97]:
        assert table.area(row.code) is row
        assert table.match(row.name, row.country, row.level).how in ("exact", "ambiguous")
    assert table.match("Rakhine State", "MMR").key == "MMR012"
    assert table.match("Shan State", "MMR").how == "unknown"  # the table has Shan in three parts

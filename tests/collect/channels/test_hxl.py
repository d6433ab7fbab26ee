"""A table with hashtags is read by its hashtags, wherever they stand and whatever the headers say."""

from __future__ import annotations

import gzip
import io
import json
import string
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch, RejectsFile, channel, original_row
from forewarn.collect.channels.hxl_files import TAG
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]
Totals = Callable[[list[Batch]], tuple[int, int, int]]

TAGS = "#event+id,#date+start,#date+end,#country+code,#country+name,#adm1+name,#adm1+code,#geo+lat,#geo+lon"
TAGS += (
    ",#affected+killed,#affected+killed+max,#group+name+first,#group+perp+name,#meta+source,#description,#contact+name,"
)
ROW = (
    "e1,2024-01-02,2024-01-03,XKA,Karvia,North,XK01,12.5,20.25,4,7,Militia,Militia,Radio Vale,four dead,Jane Doe,secret"
)
TITLE = "Incidents in Karvia,,,,,,,,,,,,,,,,"
HEADERS = "Nummer,Beginn,Ende,Land,Landname,Gebiet,Kode,Breite,Länge,Tote,höchstens,A,Täter,Quelle,Text,Kontakt,Notiz"


def write_workbook(target: io.BytesIO, rows: Sequence[Sequence[str]]) -> None:
    """The smallest workbook of one sheet with text alone."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cells = [[f'<c t="inlineStr"><is><t>{cell}</t></is></c>' if cell else "<c/>" for cell in row] for row in rows]
    sheet = "".join(f"<row>{''.join(row)}</row>" for row in cells)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        )
        link = f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/%s" Target="%s"/>'
        archive.writestr("_rels/.rels", link % ("officeDocument", "xl/workbook.xml") + "</Relationships>")
        archive.writestr(
            "xl/_rels/workbook.xml.rels", link % ("worksheet", "worksheets/sheet1.xml") + "</Relationships>"
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}">'
            '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
        )


def claim(collect: Collect, data: bytes) -> dict[str, Any]:
    """The first claim of a file."""
    batch = collect("hxl", data)[0]
    assert batch.rejects.height == 0, batch.rejects.rows()
    return batch.claims.row(0, named=True)


def test_tags_say_it_all(collect: Collect) -> None:
    """Headers in any language do not matter; untagged columns and contacts are in nothing."""
    batch = collect("hxl", f"{HEADERS}\n{TAGS}\n{ROW}\n".encode())[0]
    told = batch.claims.row(0, named=True)
    assert (told["external_id"], told["started_on"], told["ended_on"]) == ("e1", "2024-01-02", "2024-01-03")
    assert (told["country"], told["admin1"], told["latitude"], told["longitude"]) == ("XKA", "North", 12.5, 20.25)
    assert (told["deaths_low"], told["deaths_best"], told["deaths_high"]) == (None, 4, 7)
    assert (told["alleged_by"], json.loads(told["parties"])) == ("Militia", ["Militia"])
    assert (json.loads(told["origins"]), told["text"]) == ([["Radio Vale", None]], "four dead")
    assert (told["act"], told["sensitivity"]) == ("unknown", "severe")
    assert not any(word in batch.claims.write_csv() + batch.reports.write_csv() for word in ("Jane", "secret"))


@pytest.mark.parametrize("above", [0, 1, 5, 24])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_hashtags_may_stand_in_any_of_the_first_rows(collect: Collect, above: int, delimiter: str) -> None:
    """Titles above them are passed over, and rows count from the first below."""
    text = "\n".join([*[TITLE] * above, TAGS, ROW, ROW.replace("e1", "e2")]) + "\n"
    reports = collect("hxl", text.replace(",", delimiter).encode())[0].reports
    assert reports.select("external_id", "row").rows() == [("e1", 1), ("e2", 2)]


def test_the_form_of_the_file_does_not_matter(collect: Collect) -> None:
    """CSV, gzip, workbook and objects say the same."""
    plain = f"{HEADERS}\n{TAGS}\n{ROW}\n".encode()
    cells = dict(zip(TAGS.split(","), ROW.split(","), strict=True))
    del cells[""]
    book = io.BytesIO()
    write_workbook(book, [HEADERS.split(","), TAGS.split(","), ROW.split(",")])
    found = [
        claim(collect, data)
        for data in (plain, gzip.compress(plain), book.getvalue(), json.dumps(cells).encode() + b"\n")
    ]
    assert all({**one} == found[0] for one in found)


@pytest.mark.parametrize(
    ("tags", "cells", "field", "value"),
    [
        ("#date,#affected+killed", "2024-01-02,3", "ended_on", "2024-01-02"),
        ("#date+year,#affected+killed", "2023,3", "date_precision", "year"),
        ("#date+occurred,#date+reported,#x", "2024-01-02,2024-01-05,1", "known_on", "2024-01-05"),
        ("#date,#country", "2024-01-02,Kenya", "country", "KEN"),
        ("#date, #COUNTRY + Code + v_iso3 ", "2024-01-02,KEN", "country", "KEN"),
        ("#date,#affected+students+killed,#affected+teachers+killed", "2024-01-02,3,5", "deaths_low", 5),
        ("#date,#affected+idps+ind", "2024-01-02,900", "act", "displacement"),
        ("#date,#affected+injured+min,#affected+injured+max", "2024-01-02,1,2", "injured_high", 2),
        ("#date,#affected+kidnapped,#affected+arrested", "2024-01-02,1,2", "detained_best", 2),
        ("#date,#adm1,#adm2+name,#loc+name", "2024-01-02,North,Vale,Dorn", "place_name", "Dorn"),
    ],
)
def test_attributes_have_their_meaning(collect: Collect, tags: str, cells: str, field: str, value: object) -> None:
    """Order, case and blanks of tags do not matter; groups that may overlap are at least the largest."""
    assert claim(collect, f"{tags}\n{cells}\n".encode())[field] == value


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n",
        b"#1,#2\nx,y\n",
        ("\n".join([TITLE] * 25 + [TAGS, ROW]) + "\n").encode(),
        b'{"a": 1}\n',
        b'"#date',
        b"# not a tag\n1\n",
    ],
)
def test_a_table_without_hashtags_is_refused(collect: Collect, data: bytes) -> None:
    """Nothing is guessed from headers; the message says what to do."""
    with pytest.raises(InputFormatError, match=r"no row of hashtags|cut off|never closed"):
        collect("hxl", data)


def test_a_row_is_shown_and_corrected_under_its_tags(collect: Collect, tmp_path: Path) -> None:
    """Rejected rows come back and give the report they would have given."""
    bad = collect("hxl", f"{HEADERS}\n{TAGS}\n{ROW.replace('12.5', '912.5')}\n".encode())
    (path,) = [one for one in (tmp_path / "snapshots").rglob("*") if one.is_file()]
    assert original_row(channel("hxl"), path, row=1)["#geo+lat"] == "912.5"
    with RejectsFile(tmp_path / "rejects.csv") as file:
        for batch in bad:
            file.add(batch.rejects, batch.rejected)
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8").replace("912.5", "12.5")
    again = collect("hxl", text.encode())[0]
    meant = collect("hxl", f"{HEADERS}\n{TAGS}\n{ROW}\n".encode())[0]
    assert again.reports["report_id"].to_list() == meant.reports["report_id"].to_list()


def test_the_real_table_with_hashtags_loads_whole(shared_data: Path, collect: Collect, totals: Totals) -> None:
    """All 601 rows are taken; its ids have no tag, so that two rows alike in all that is tagged are one."""
    batches = collect("hxl", shared_data / "events" / "ucdp_ged191_bangladesh_hxl.csv")
    assert totals(batches) == (601, 601, 0)
    assert batches[0].reports["report_id"].n_unique() == 599
    assert batches[0].claims["country"].unique().to_list() == ["BGD"]
    assert batches[0].claims["deaths_best"].null_count() == 0


@given(
    tag=st.text(string.ascii_letters, min_size=1, max_size=8),
    attributes=st.lists(
        st.text(string.ascii_lowercase + "_", min_size=1).filter(lambda one: one[0] != "_"), max_size=4
    ),
    blank=st.sampled_from(["", " ", "  "]),
)
def test_every_tag_is_a_tag(tag: str, attributes: list[str], blank: str) -> None:
    """Tag and attributes with blanks between them, as the standard has it; without the sign it is none."""
    text = f"{blank}+{blank}".join([tag, *attributes])
    assert TAG.fullmatch(f"{blank}#{text}{blank}")
    assert not TAG.fullmatch(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    tags=st.lists(st.sampled_from([*TAGS.split(","), "#date", "#affected", "#geo+lat", "#adm2"]), max_size=6),
    cells=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=6),
    noise=st.binary(max_size=12),
    at=st.integers(0, 60),
)
def test_no_bytes_break_the_reader(collect: Collect, tags: list[str], cells: list[str], noise: bytes, at: int) -> None:
    """Any tags over any cells with noise anywhere: rows are taken or rejected, or the file is refused."""
    data = f"{','.join(tags)}\n{','.join(cells)}\n".encode()
    try:
        batches = collect("hxl", data[:at] + noise + data[at:])
    except ForewarnError:
        return
    for batch in batches:
        assert batch.read == batch.reports.height + batch.rejects.height

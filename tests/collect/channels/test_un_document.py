"""UN documents: one file, one statement under its symbol, no claim."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forewarn.collect import Batch
from forewarn.collect.channels import un_document
from forewarn.errors import InputError
from forewarn.testing import check_channel

Collect = Callable[..., list[Batch]]

ROOT = Path(__file__).resolve().parents[3]
RECORD = ROOT / "examples" / "documents" / "record.txt"
DEFINITION = ROOT / "src" / "forewarn" / "collect" / "channels" / "un_document.yml"


def test_the_channel_conforms() -> None:
    """The checks that authors of channels run, files made to harm among them."""
    check_channel(DEFINITION.read_bytes(), un_document.tell, un_document.read, RECORD)


def test_a_record_is_one_statement_on_its_day(collect: Collect) -> None:
    """Under its symbol, with its title and day; it claims nothing."""
    (batch,) = collect("un-document", RECORD.read_bytes())
    report = batch.reports.row(0, named=True)
    assert (report["external_id"], report["kind"], report["published_on"]) == ("S/PV.99901", "statement", "2019-03-05")
    assert (report["title"], report["language"], batch.claims.height) == ("99901st meeting", "en", 0)


def test_case_40_a_reissue_is_another_version_of_the_same_report(collect: Collect) -> None:
    """One external id, other content."""
    first, second = (
        collect("un-document", data)[0].reports.row(0, named=True)
        for data in (RECORD.read_bytes(), RECORD.read_bytes().replace(b"S/PV.99901", b"S/PV.99901*", 1))
    )
    assert first["external_id"] == second["external_id"]
    assert first["content_sha256"] != second["content_sha256"]


def test_a_text_without_a_symbol_goes_by_its_own_id(collect: Collect) -> None:
    """Two texts without a symbol are two reports."""
    ids = {
        collect("un-document", f"Mr. Akvane (Ghana): {said}\n".encode())[0].reports["external_id"][0]
        for said in ("We support this.", "We support that.")
    }
    assert len(ids) == 2
    assert all(one.startswith("doc_") for one in ids)


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"])
def test_what_holds_no_text_is_refused(collect: Collect, data: bytes) -> None:
    """Broken and foreign files are one clear error."""
    with pytest.raises(InputError):
        collect("un-document", data)

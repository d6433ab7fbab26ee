"""Packages as files: what was not made exactly so, by whom it says and for us, opens nothing."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import DisclosureError, ForewarnError, InputFormatError
from forewarn.exchange import envelope as e
from forewarn.exchange.rows_text import received_rows, rows_from_text
from forewarn.ids import content_id
from forewarn.model.package import PackageManifest

OURS, THEIRS, OTHER = e.new_keys("ours"), e.new_keys("theirs"), e.new_keys("other")
MANIFEST = PackageManifest(
    kind="recall",
    sender=THEIRS.card.fingerprint,
    recipients=(OURS.card.fingerprint,),
    number=1,
    made_at=datetime(2026, 1, 2, tzinfo=UTC),
    purpose="a study",
    expires_on=date(2026, 6, 1),
    releasability="TLP:AMBER",
    permissible_actions="PAP:AMBER",
    subject=content_id("pkg", "x"),
    reason="wrong place",
)
PACKAGE_ID, PACKAGE = e.sealed_package(MANIFEST, THEIRS, [OURS.card], {"a": "b"})


def members() -> dict[str, bytes]:
    """The members of the package."""
    with zipfile.ZipFile(io.BytesIO(PACKAGE)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: list[tuple[str, bytes]], kind: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of those members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", kind) as package:
        for name, data in parts:
            package.writestr(zipfile.ZipInfo(name), data, compress_type=kind)
    return held.getvalue()


def test_a_package_opens_for_its_recipient_alone() -> None:
    """The content comes back; nobody else's keys open it, whoever they say it came from."""
    read = e.read_envelope(PACKAGE)
    assert (read.manifest, read.package_id) == (MANIFEST, PACKAGE_ID)
    assert json.loads(read.opened_with(OURS, THEIRS.card)) == {"a": "b"}
    assert b'"b"' not in PACKAGE
    for keys, sender in ((OTHER, THEIRS.card), (OURS, OTHER.card), (THEIRS, THEIRS.card)):
        with pytest.raises(DisclosureError):
            read.opened_with(keys, sender)


@given(st.integers(0, len(PACKAGE) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(position: int, change: int) -> None:
    """Any byte changed: refused, or in a header that says nothing, and then the package is the same one."""
    changed = bytearray(PACKAGE)
    changed[position] ^= change
    try:
        read = e.read_envelope(bytes(changed))
        assert json.loads(read.opened_with(OURS, THEIRS.card)) == {"a": "b"}
        assert read.package_id == PACKAGE_ID
    except ForewarnError:
        pass


@given(st.integers(0, len(PACKAGE) - 1))
def test_no_cut_package_passes(length: int) -> None:
    """Cut anywhere, it is no package."""
    with pytest.raises(InputFormatError):
        e.read_envelope(PACKAGE[:length])


def test_bombs_doubles_and_paths_are_refused() -> None:
    """Compressed, doubled, added, renamed and reordered members, and too many bytes, before anything is unpacked."""
    held = list(members().items())
    bomb = zipped([held[0], held[1], ("content.sealed", bytes(2**24))], zipfile.ZIP_DEFLATED)
    wrong = [bomb, zipped(held[::-1]), zipped(held[:2]), zipped([*held, ("../../evil", b"x")])]
    wrong += [zipped([("../manifest.json", held[0][1]), *held[1:]]), bytes(e.LARGEST + 1), b"", b"PK"]
    with pytest.warns(UserWarning, match="Duplicate name"):
        wrong.append(zipped([*held, held[0]]))
    for data in wrong:
        with pytest.raises(InputFormatError):
            e.read_envelope(data)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"version": 2},
        {"version": True},
        {"version": 1.0},
        {"format": "other"},
        {"more": 1},
        {"terms": {}},
        {"content": None},
    ],
)
def test_another_version_or_form_is_refused_even_when_signed(change: dict[str, Any]) -> None:
    """No downgrade: nothing but version 1 in canonical form is looked at, whoever signed it."""
    told = json.loads(members()["manifest.json"]) | change
    signed = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    signature = THEIRS.signing.sign(b"forewarn-package-1\n" + signed)
    parts = [("manifest.json", signed), ("signature", signature), ("content.sealed", members()["content.sealed"])]
    with pytest.raises(InputFormatError):
        e.read_envelope(zipped(parts))
    spaced = [("manifest.json", members()["manifest.json"] + b"\n"), *list(members().items())[1:]]
    with pytest.raises(InputFormatError):
        e.read_envelope(zipped(spaced))


def test_a_signature_is_over_these_terms() -> None:
    """Terms of one package under the signature of another are refused."""
    longer = replace(MANIFEST, expires_on=date(2099, 1, 1))
    _, other = e.sealed_package(longer, OTHER, [OURS.card], {"a": "b"})
    with zipfile.ZipFile(io.BytesIO(other)) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    parts[1] = ("signature", members()["signature"])
    with pytest.raises(DisclosureError, match="not signed"):
        e.read_envelope(zipped(parts)).opened_with(OURS, THEIRS.card)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"columns":[["a","Int64"]],"rows":[[NaN]]}',
        '{"columns":[["a","Int64"]],"rows":[["x"]]}',
        '{"columns":[["a","Int64"]],"rows":[[1,2]]}',
        '{"columns":[["a","Object"]],"rows":[[1]]}',
        '{"columns":[["a","Int64"],["a","Int64"]],"rows":[[1,2]]}',
        '{"columns":[["../a","String"]],"rows":[["x"]]}',
        '{"columns":[["a","Int64"]],"rows":[[99999999999999999999999]]}',
        '{"columns":[["a","String"]],"rows":[["' + "x" * 1_001 + '"]]}',
        "[" * 100_000,
    ],
)
def test_rows_of_another_form_are_refused(text: str) -> None:
    """Whatever was signed around them."""
    with pytest.raises(InputFormatError):
        rows_from_text(text)


@pytest.mark.parametrize("column", ['["name","String"]', '["claim_id","Int64"]', '["purpose","String"]'])
def test_a_partner_brings_in_no_other_column(column: str) -> None:
    """A column that a release does not have, has of another kind, or must have and does not: refused."""
    with pytest.raises(InputFormatError, match="other columns"):
        received_rows('{"columns":[' + column + '],"rows":[]}')


def test_keys_come_back_and_show_nothing() -> None:
    """The key file gives the same keys; a damaged one is named; nothing secret is printed."""
    assert e.keys_from_text(OURS.text()).card == OURS.card
    assert OURS.signing.private_bytes_raw().hex() not in repr(OURS)
    for damaged in ("", "{}", "[]", '{"name":"a","signing":"00","opening":"00"}'):
        with pytest.raises(InputFormatError, match="damaged"):
            e.keys_from_text(damaged)

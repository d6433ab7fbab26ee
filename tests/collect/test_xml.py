"""XML is read only where it can do no harm."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.xml import DEEPEST, LARGEST_BYTES, local_name, read_xml, text_of
from forewarn.errors import ForewarnError, InputFormatError

LAUGHS = (
    b'<!DOCTYPE r [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><r a="&l9;">&l9;</r>'
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LAUGHS, "document type"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "document type"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "document type"),
        (b"<a>" * 10_000, f"nested more than {DEEPEST} deep"),
        (b"<a>" + b"<b/>" * 600_000 + b"</a>", "elements"),
        (b"<a " + b" ".join(b'x%d="1"' % n for n in range(50_000)) + b"/>", "attributes"),
        (b" " * (LARGEST_BYTES + 1), "larger than"),
        (b"<a>&unknown;</a>", "not well-formed"),
        (b"<a>\0</a>", "not well-formed"),
        (b"<a><b></a>", "not well-formed"),
        (b"<a>", "not well-formed"),
        (b"", "not well-formed"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "not well-formed"),
    ],
)
def test_what_may_harm_is_refused_with_its_reason(data: bytes, words: str) -> None:
    """Entities, outside files, depth, width, size and broken text are refused before they cost anything."""
    with pytest.raises(InputFormatError, match=words):
        read_xml(data, "given.xml")


def test_other_encodings_are_read_as_they_declare_themselves() -> None:
    """Feeds of the world are not all UTF-8."""
    data = '<?xml version="1.0" encoding="windows-1251"?><a><b>Привет</b></a>'.encode("cp1251")
    assert text_of(read_xml(data, "given.xml"), "b") == "Привет"


def test_namespaces_comments_and_instructions_do_not_matter() -> None:
    """Names are told without their namespace; what is no element or text is passed over."""
    root = read_xml(b'<x:a xmlns:x="u"><!-- c --><?pi d?><x:b>t<i>u</i>v</x:b></x:a>', "given.xml")
    assert (local_name(root), text_of(root, "b")) == ("a", "tuv")


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text("<>/ab&;\"'=![]?- \n", max_size=300).map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but an error of ours ever comes out."""
    with suppress(ForewarnError):
        assert local_name(read_xml(data, "given.xml")) is not None

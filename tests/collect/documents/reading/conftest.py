"""PDF files made by hand: positioned text on pages, as small as the format allows."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import pytest


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252")
    return raw.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


@dataclass
class Pdf:
    """A PDF in the making: pages of positioned lines in Times, 612 by 792 points."""

    pages: list[list[bytes]] = field(default_factory=list)
    compressed: bool = True
    trailer: bytes = b""

    def page(self) -> Pdf:
        """Begin a page."""
        self.pages.append([])
        return self

    def line(self, x: float, y: float, text: str, *, size: float = 10, mode: int = 0, grey: float = 0) -> Pdf:
        """Put a line whose base is ``y`` points from the foot; ``mode`` 3 is invisible."""
        self.pages[-1].append(
            b"BT %.2f g %d Tr /F1 %.2f Tf 1 0 0 1 %.2f %.2f Tm (%s) Tj ET" % (grey, mode, size, x, y, _escaped(text))
        )
        return self

    def lines(self, x: float, y: float, text: str, *, size: float = 10, leading: float = 12) -> Pdf:
        """Put lines under each other; one that starts with ``>`` is indented as a paragraph, an empty one a gap."""
        for number, words in enumerate(text.splitlines()):
            if words:
                indent = 18.0 if words.startswith(">") else 0.0
                self.line(x + indent, y - number * leading, words.removeprefix(">"), size=size)
        return self

    def raw(self, operators: bytes) -> Pdf:
        """Put operators as they are."""
        self.pages[-1].append(operators)
        return self

    def build(self) -> bytes:
        """The bytes of the file."""
        kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(self.pages)))
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self.pages), kids),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
        ]
        for number, page in enumerate(self.pages):
            content = b"\n".join(page)
            how = b""
            if self.compressed:
                content, how = zlib.compress(content), b"/Filter /FlateDecode "
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
                b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
            )
            objects.append(b"<< %s/Length %d >>\nstream\n%s\nendstream" % (how, len(content), content))
        return self._file(objects)

    def _file(self, objects: list[bytes]) -> bytes:
        out, places = bytearray(b"%PDF-1.4\n"), []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer << /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, self.trailer, start)
        return bytes(out)


@pytest.fixture
def pdf() -> Pdf:
    """An empty PDF to put lines on."""
    return Pdf()

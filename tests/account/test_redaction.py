"""Redaction: what was masked is gone, what a file says of itself too, and what cannot be done safely is refused."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import unicodedata
import zlib
from collections.abc import Callable
from fractions import Fraction
from itertools import groupby

import av
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin

from forewarn.account.marks import Box, Marks
from forewarn.account.redaction import redacted
from forewarn.errors import ForewarnError, InputError, InputValueError, MissingExtraError

TOLD = "Place of the witness"


def picture(kind: str, size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    """A white picture with a red square from (8, 8) to (15, 15)."""
    drawn, made = Image.new("RGB", size, "white"), io.BytesIO()
    ImageDraw.Draw(drawn).rectangle((8, 8, 15, 15), fill="red")
    drawn.save(made, kind, **more)
    return made.getvalue()


def told_jpeg() -> bytes:
    """A JPEG lying on its side, with EXIF that says so and more, a comment, and bytes behind its end."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x0132] = 6, TOLD, TOLD
    exif.get_ifd(0x8825)[1] = TOLD
    return picture("JPEG", exif=exif, comment=TOLD, quality=95) + TOLD.encode()


def told_png() -> bytes:
    """A PNG with texts, compressed too, and bytes behind its end."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", TOLD)
    told.add_text("Comment", TOLD, zip=True)
    return picture("PNG", pnginfo=told) + TOLD.encode()


def film(seconds: int = 2, rotate: bool = False) -> bytes:
    """A film of a red square on white, 4 frames a second, with sound and a title."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as target:
        target.metadata["title"] = TOLD
        seen = target.add_stream("libx264", rate=4)
        seen.width, seen.height, seen.pix_fmt = 64, 48, "yuv420p"
        heard = target.add_stream("aac", rate=8000, layout="mono")
        for number in range(4 * seconds):
            frame = av.VideoFrame.from_image(Image.open(io.BytesIO(picture("PNG", (64, 48)))))
            frame.pts, frame.time_base = number, Fraction(1, 4)
            target.mux(seen.encode(frame))
        for number in range(8 * seconds):
            sound = av.AudioFrame(format="fltp", layout="mono", samples=1000)
            sound.planes[0].update(bytes(4000))
            sound.rate, sound.pts = 8000, 1000 * number
            target.mux(heard.encode(sound))
        target.mux(seen.encode())
        target.mux(heard.encode())
    if rotate:  # the matrix of the track says: a quarter turn
        upright = b"\0\1\0\0" + bytes(12) + b"\0\1\0\0" + bytes(12) + b"@\0\0\0"
        turned = bytes(4) + b"\0\1\0\0" + bytes(4) + b"\xff\xff\0\0" + bytes(16) + b"@\0\0\0"
        assert len(upright) == len(turned) == 36
        data = made.getvalue()
        at = data.index(upright, data.index(b"tkhd"))
        return data[:at] + turned + data[at + 36 :]
    return made.getvalue()


def frames(data: bytes) -> list[Image.Image]:
    with av.open(io.BytesIO(data)) as source:
        return [frame.to_image() for frame in source.decode(video=0)]


def pdf(pages: int = 2) -> bytes:
    """A PDF of pages of text, with a title."""
    streams = [f"BT /F1 24 Tf 50 {700 - 100 * n} Td ({TOLD}) Tj ET".encode() for n in range(pages)]
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects.append(f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(b"<< /Title (%s) >>" % TOLD.encode())
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, len(objects), len(body),
    )  # fmt: skip
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def inflated(data: bytes) -> bytes:
    """The bytes, and what of them can be inflated: what is compressed is not hidden."""
    parts = [data]
    for found in re.finditer(rb"x[\x01\x5e\x9c\xda]", data):
        try:
            parts.append(zlib.decompressobj().decompress(data[found.start() :], 1 << 20))
        except zlib.error:
            continue
    return b"".join(parts)


@given(st.text(min_size=1, max_size=60), st.data())
def test_what_is_masked_in_a_text_is_gone_and_all_else_stays(text: str, data: st.DataObject) -> None:
    """Every run of masked characters is one mask, as long as any; every other character that shows stays in order."""
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), min_size=1, max_size=4))
    spans = [(start, data.draw(st.integers(start + 1, len(text)))) for start in starts]
    expected = ""
    for is_masked, run in groupby(range(len(text)), lambda n: any(start <= n < end for start, end in spans)):
        expected += "█████" if is_masked else "".join(text[n] for n in run if shows(text[n]))
    assert redacted(text.encode(), "text/plain", Marks(tuple(spans))).data.decode() == expected


def shows(letter: str) -> bool:
    return letter in "\n\t\u200c\u200d" or not unicodedata.category(letter).startswith("C")


def test_a_masked_word_that_stands_elsewhere_is_told() -> None:
    """The name is masked once and stands twice more: where is said, in whatever case; hidden characters are gone."""
    text = "Name came. \u202ehidden\u200b Then NAME left; name again.".encode()
    made = redacted(text, "text/plain", Marks(((0, 4),)))
    assert made.still_at == ((25, 29), (36, 40))
    assert made.data.decode() == "█████ came. hidden Then NAME left; name again."


@pytest.mark.parametrize("make", [told_jpeg, told_png])
def test_a_picture_loses_what_was_masked_and_all_it_says_of_itself(make: Callable[[], bytes]) -> None:
    """No red is left, no text, no EXIF, nothing behind the end; what was not masked stays; boxes are on it upright."""
    data = make()
    upright = make is told_png
    box = Box(8, 8, 8, 8) if upright else Box(30 - 16, 8, 8, 8)
    made = redacted(data, f"image/{'png' if upright else 'jpeg'}", Marks(boxes=(box,)))
    assert TOLD.encode() not in inflated(made.data)
    with Image.open(io.BytesIO(made.data)) as shown:
        assert (shown.format, shown.size) == ("PNG", (40, 30) if upright else (30, 40))
        assert dict(shown.getexif()) == {}
        assert set(shown.info) <= {"gamma"}
        assert shown.getpixel((box.left, box.top)) == (0, 0, 0)
        assert shown.getpixel((1, 1)) == (255, 255, 255)
        reds = [p for p in shown.convert("RGB").get_flattened_data() if p[0] > 200 and p[1] < 100]
    assert reds == []
    kinds = re.findall(rb"(?:IHDR|IDAT|IEND|tEXt|zTXt|iTXt|eXIf|tIME|iCCP)", made.data)
    assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}
    assert made.data.endswith(b"IEND\xaeB`\x82")


def test_colours_hidden_by_transparency_stay_hidden() -> None:
    """A picture that shows nothing but holds red under full transparency comes out white."""
    made = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(made, "PNG")
    shown = Image.open(io.BytesIO(redacted(made.getvalue(), "image/png", Marks()).data))
    assert shown.getpixel((1, 1)) == (255, 255, 255)


def test_pages_become_pictures_without_text_or_title() -> None:
    """Words can be taken from neither the text layer nor the pixels under the box, on that page alone."""
    made = redacted(pdf(), "application/pdf", Marks(boxes=(Box(80, 100, 700, 150, page=1),)))
    assert TOLD.encode() not in inflated(made.data)
    document = pypdfium2.PdfDocument(made.data)
    assert len(document) == 2
    assert document.get_metadata_dict(skip_empty=True) == {}
    assert [page.get_textpage().get_text_bounded() for page in document] == ["", ""]
    first, second = (page.render(scale=2).to_pil().convert("L") for page in document)
    assert first.getpixel((200, 180)) < 30
    assert first.crop((0, 300, 1200, 1500)).getextrema()[0] > 200
    assert second.crop((80, 300, 780, 420)).getextrema()[0] < 100


def test_a_film_loses_what_was_masked_its_sound_and_all_it_says_of_itself() -> None:
    """Masked for its second second alone; as many frames at the same times; one track; the title is gone."""
    made = redacted(film(), "video/mp4", Marks(boxes=(Box(6, 6, 14, 14, from_s=1.0, to_s=9.0),)))
    with av.open(io.BytesIO(made.data)) as source:
        assert [stream.type for stream in source.streams] == ["video"]
        assert [frame.time for frame in source.decode(video=0)] == [n / 4 for n in range(8)]
    assert TOLD.encode() not in made.data
    middle = [frame.getpixel((11, 11)) for frame in frames(made.data)]
    assert all(red > 200 and green < 90 for red, green, _ in middle[:4])
    assert all(max(colour) < 60 for colour in middle[4:])


def test_a_film_taken_on_its_side_is_drawn_upright() -> None:
    """The track says a quarter turn: the derivative stands as it is seen, and boxes are on it as seen."""
    turned = film(1, rotate=True)
    assert frames(turned)[0].size == (64, 48)
    made = frames(redacted(turned, "video/mp4", Marks()).data)[0]
    assert made.size == (48, 64)
    red = [
        (x, y) for x in range(48) for y in range(64) if made.getpixel((x, y))[0] > 180 > 2 * made.getpixel((x, y))[1]
    ]
    assert (min(x for x, _ in red), min(y for _, y in red)) >= (30, 6)


def test_a_film_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, what is to be installed is said."""
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"forewarn\[media\]"):
        redacted(CACHED_FILM, "video/mp4", Marks())


CACHED_FILM = film(1)


def zipped() -> bytes:
    return b"PK\x03\x04" + bytes(40)


REFUSED: list[tuple[bytes, str, Marks]] = [
    (b"words", "text/plain", Marks()),
    (b"words", "text/plain", Marks(boxes=(Box(0, 0, 1, 1),))),
    (b"words", "text/plain", Marks(((3, 9),))),
    (b"words", "text/plain", Marks(((3, 3),))),
    (b"\xff\xfe", "text/plain", Marks(((0, 1),))),
    (picture("PNG"), "image/png", Marks(((0, 1),))),
    (picture("PNG"), "image/png", Marks(boxes=(Box(30, 0, 20, 5),))),
    (picture("PNG"), "image/png", Marks(boxes=(Box(0, 0, 5, 5, page=1),))),
    (picture("PNG")[:60], "image/png", Marks()),
    (b"GIF89a", "image/gif", Marks()),
    (zipped(), "application/zip", Marks()),
    (b"OggS", "audio/ogg", Marks()),
    (pdf()[:200], "application/pdf", Marks()),
    (pdf(), "application/pdf", Marks(boxes=(Box(0, 0, 9, 9, page=3),))),
    (film(1)[:300], "video/mp4", Marks()),
    (film(1), "video/mp4", Marks(boxes=(Box(60, 0, 20, 5),))),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_cannot_be_redacted_safely_is_refused(number: int) -> None:
    """A mask outside, a mask of another kind, a damaged file, a container, a voice: an error of one line."""
    data, kind, marked = REFUSED[number]
    with pytest.raises(InputError) as refused:
        redacted(data, kind, marked)
    assert "\n" not in str(refused.value)


@given(number=st.integers(0, 3), data=st.data())
def test_DNH_35_a_damaged_file_is_redacted_or_refused(number: int, data: st.DataObject) -> None:
    """Bytes changed, cut out or added anywhere: a derivative or one of our errors, never another."""
    kind, whole = list(CACHED)[number], bytearray(CACHED[list(CACHED)[number]])
    changes = st.tuples(st.integers(0, len(whole) - 1), st.binary(max_size=6), st.integers(0, 30))
    for at, added, gone in data.draw(st.lists(changes, min_size=1, max_size=5)):
        whole[at : at + gone] = added
    with contextlib.suppress(InputError):
        assert redacted(bytes(whole), kind, Marks(boxes=(Box(1, 1, 2, 2),))).data


CACHED = {
    "image/png": told_png(), "image/jpeg": told_jpeg(), "application/pdf": pdf(), "video/mp4": CACHED_FILM,
}  # fmt: skip


def test_a_picture_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its size as told, before its pixels are read."""
    monkeypatch.setattr("forewarn.account.redaction_pictures._MOST_PIXELS", 1_000)
    for data, kind in ((picture("PNG"), "image/png"), (pdf(), "application/pdf")):
        with pytest.raises(ForewarnError, match="more than 1,000 pixels"):
            redacted(data, kind, Marks())


def test_pages_that_would_not_be_held_in_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their sizes, before any is drawn; how many go at once is said."""
    monkeypatch.setattr("forewarn.account.redaction_pictures._MOST_PIXELS_OF_PAGES", 5_000_000)
    with pytest.raises(InputError, match="has 4 pages, too many at once; cut out 2 of them"):
        redacted(pdf(4), "application/pdf", Marks())


def test_a_box_of_nothing_cannot_be_marked() -> None:
    """Without width or height, or with an end before its beginning, it is no box."""
    for sides in ({"width": 0}, {"height": -1}, {"from_s": 3.0, "to_s": 2.0}):
        with pytest.raises(InputValueError):
            Box(**{"left": 0, "top": 0, "width": 1, "height": 1, **sides})

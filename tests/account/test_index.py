"""The index of an original: what it holds, as files of other writers say, within bounds."""

from __future__ import annotations

import io
import json
import wave
import zipfile
from collections.abc import Callable
from typing import Any

import av
import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from forewarn.account import index
from forewarn.account.index import index_of, media_type

PAGES = [f"https://example.org/{n}" for n in range(3)]


def warc(*, packed: bool) -> bytes:
    """A web archive of three pages, as warcio writes it."""
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=packed)
    records = [writer.create_warcinfo_record("a.warc", {"software": "warcio"})]
    for address in PAGES:
        told = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = io.BytesIO(b"WARC/1.0\r\n\r\n<p>not a record</p>" * 400)
        records.append(writer.create_warc_record(address, "response", payload=body, http_headers=told))
    for record in records:
        writer.write_record(record)
        record.raw_stream.close()
    return made.getvalue()


def wacz() -> bytes:
    """A WACZ of that archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("archive/data.warc.gz", warc(packed=True))
        archive.writestr("datapackage.json", json.dumps({"title": "A capture"}))
        archive.writestr(
            "pages/pages.jsonl", '{"format": "json-pages-1.0"}\n{"url": "https://example.org/0", "ts": "d"}\n'
        )
    return made.getvalue()


def film() -> bytes:
    """Half a second of film with a place in its tags, as PyAV writes it."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as target:
        target.metadata["location"] = "+10.0+20.0/"
        track = target.add_stream("mpeg4", rate=4)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for number in range(2):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = number
            target.mux(track.encode(frame))
        target.mux(track.encode())
    return made.getvalue()


def sound() -> bytes:
    """A second of silence."""
    made = io.BytesIO()
    with wave.open(made, "wb") as target:
        target.setparams((1, 2, 8000, 0, "NONE", ""))
        target.writeframes(bytes(16000))
    return made.getvalue()


def picture() -> bytes:
    """A JPEG that says who took it."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "a place"
    Image.new("RGB", (8, 6)).save(made, "JPEG", exif=exif)
    return made.getvalue()


def letter() -> bytes:
    """A letter with an author."""
    made, document = io.BytesIO(), docx.Document()
    document.core_properties.author, document.core_properties.title = "Ministry & Co", "A letter"
    document.save(made)
    return made.getvalue()


MADE: dict[str, Callable[[], bytes]] = {
    "a.warc": lambda: warc(packed=False), "a.warc.gz": lambda: warc(packed=True), "a.wacz": wacz, "a.mp4": film,
    "a.wav": sound, "a.docx": letter, "a.jpg": picture,
}  # fmt: skip


def indexed(name: str, data: bytes) -> dict[str, Any]:
    return index_of(io.BytesIO(data), media_type(name, data[:16]))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.wacz"])
def test_web_archives_of_another_writer_tell_their_addresses(name: str) -> None:
    """Each record once, with its kind and day; words in a body that look like a record are none."""
    records = indexed(name, MADE[name]())["records"]
    assert [one["address"] for one in records if one["type"] == "response"] == PAGES
    assert all(one["date"].endswith("Z") for one in records)


def test_recordings_and_office_documents_tell_what_they_say_of_themselves() -> None:
    """Length, tracks and tags of a film and a sound; author and title of a letter."""
    told = indexed("a.mp4", film())
    assert (told["seconds"], told["tracks"][0]["width"], told["told"]["location"][:5]) == (0.5, 64, "+10.0")
    heard = indexed("a.wav", sound())
    assert (heard["seconds"], heard["tracks"]) == (1.0, [{"kind": "audio", "codec": "pcm_s16le"}])
    assert indexed("a.docx", letter())["told"].items() >= {"creator": "Ministry & Co", "title": "A letter"}.items()


@given(name=st.sampled_from(sorted(MADE)), data=st.data())
def test_DNH_35_a_damaged_file_is_indexed_as_far_as_it_goes(name: str, data: st.DataObject) -> None:
    """Cut, or a few bytes changed: the index is some facts, or says that it is unreadable, and nothing is raised."""
    whole = bytearray(CACHED[name])
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=4)):
        whole[at] = byte
    found = indexed(name, bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert json.loads(json.dumps(found)) == found


CACHED = {name: make() for name, make in MADE.items()}


def test_DNH_35_an_archive_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """More records than an index holds: the first are told, and that there are more."""
    monkeypatch.setattr(index, "MOST_RECORDS", 2)
    for name in ("a.warc.gz", "a.wacz"):
        found = indexed(name, CACHED[name])
        assert (len(found["records"]), found["is_cut"]) == (2, True)

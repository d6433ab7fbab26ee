"""Whatever is given to a channel is read or refused by an error of ours: nothing crashes, hangs or eats the memory.

One corpus goes through every channel there is, from the snapshot to the rejects file, in a process of its own whose
memory is bounded and which the system ends when one case takes too long. Run by itself, this file is the process that
reads the code once and of which the others are forked.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import (
    ChannelDefinition,
    Mapping,
    ParseRequest,
    Provenance,
    RejectsFile,
    channel,
    channels,
    keep_snapshot,
    load_mapping,
    original_rows,
    parse,
    snapshot_path,
)
from forewarn.errors import ForewarnError, InputError

NOW = datetime(2024, 6, 1, 12, 0, 0, tzinfo=UTC)
SECONDS_PER_CASE = 90
MEMORY_BYTES = 1_000_000_000
"""What the process may hold at any moment of a case, all libraries included."""
ADDRESS_BYTES = 6_000_000_000
"""What the system lets it reserve: the allocators of the libraries ask for much that they never touch."""
TOTAL_SECONDS = 900
LARGE = 4_200_000
"""Characters of the largest values: more than any reader takes for one cell, form or note, and no more than that."""
BOMB = 120_000_000
"""What a small archive unpacks to: more than twice what is let through without a look at how well it was packed."""
CANARY = "canary-5f1d7c"
NAMES = [one.name for one in channels()]
HEAD = "id,day,country,area,lat,lon,deaths,words"
GOOD = "1,2024-03-01,Myanmar,Rakhine,20.5,92.5,2,Something happened"
MAPPING = """\
name: hostile
title: A table
publisher: Nobody
licence: CC0-1.0
sensitivity: low
identity: [reporter]
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  admin1: area
  latitude: lat
  longitude: lon
  deaths: deaths
  text: words
"""


def table_of(definition: ChannelDefinition, cell: Callable[[str], str]) -> str:
    """A CSV with the columns the channel must and may have, one row, each cell made from its column's name."""
    if definition.needs_mapping:
        columns = HEAD.split(",")
    else:
        columns = [*definition.columns.required, *definition.columns.expected, *definition.columns.identity]
    columns = list(dict.fromkeys(columns)) or ["id", "text"]
    cells = [cell(name).replace('"', '""') for name in columns]
    return ",".join(columns) + "\n" + ",".join(f'"{one}"' for one in cells) + "\n"


def xml_cases() -> Iterator[tuple[str, bytes]]:
    """Entities that multiply, reach out or never end; depth, width, and lies about the encoding."""
    laughs = "".join(f'<!ENTITY l{n + 1} "' + f"&l{n};" * 10 + '">' for n in range(10))
    for root in ("rss", "feed", "alert", "data", "submissions"):
        yield (
            f"laughs-{root}.xml",
            (f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "lol">{laughs}]><{root}>&l10;</{root}>'.encode()),
        )
        yield (
            f"outside-{root}.xml",
            (
                f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "CANARY_FILE">]>'
                f"<{root}><channel><item><title>&x;</title></item></channel><entry><title>&x;</title></entry></{root}>"
            ).encode(),
        )
        yield f"cut-{root}.xml", f"<{root}><channel><item><title>half".encode()
        yield f"empty-{root}.xml", f"<{root}/>".encode()
        yield f"deep-{root}.xml", (f"<{root}>" + "<a>" * 50_000 + "</a>" * 50_000 + f"</{root}>").encode()
        yield f"large-{root}.xml", f"<{root}><title>".encode() + b"x" * LARGE + f"</title></{root}>".encode()
        yield f"nul-{root}.xml", f"<{root}><title>a\0b</title></{root}>".encode()
    quadratic = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "' + b"a" * 100_000 + b'">]><rss>'
    yield "quadratic.xml", quadratic + b"&a;" * 20_000 + b"</rss>"
    yield "far-dtd.xml", b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss/>'
    yield "parameter.xml", b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]><r/>'
    yield "attributes.xml", ("<rss " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>").encode()
    yield "attribute.xml", b'<rss version="' + b"x" * LARGE + b'"/>'
    yield "namespaces.xml", ("<rss " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(20_000)) + "/>").encode()
    yield (
        "include.xml",
        (b'<rss xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="CANARY_FILE" parse="text"/></rss>'),
    )
    for name in ("UTF-16", "UTF-7", "bogus", "IBM037"):
        yield f"says-{name}.xml", f'<?xml version="1.0" encoding="{name}"?><rss><channel/></rss>'.encode()
    yield "utf16.xml", '<?xml version="1.0" encoding="UTF-16"?><rss/>'.encode("utf-16")
    yield "items.xml", b"<rss><channel>" + b"<item><title>a</title></item>" * 30_000 + b"</channel></rss>"


def json_cases() -> Iterator[tuple[str, bytes]]:
    """Depth, numbers that are none, keys twice, half characters, and lists where none are expected."""
    for opening, closing in (("[", "]"), ('{"a":', "}"), ('{"data":[', "]}"), ('{"results":[', "]}")):
        yield f"deep-{len(opening)}.json", (opening * 100_000 + "1" + closing * 100_000).encode()
        yield f"deep-open-{len(opening)}.json", (opening * 100_000).encode()
    values = ["1e999999", "9" * 5_000, "NaN", "-Infinity", '"\\ud800"', "null", "[]", "{}", '"' + "x" * LARGE + '"']
    for number, value in enumerate(values):
        for key in ("id", "data", "results", "value", "event_id_cnty", "_id")[: 2 if len(value) > LARGE else 6]:
            yield f"value-{number}-{key}.json", f'{{"{key}": {value}}}'.encode()
        yield f"rows-{number}.json", f'{{"data": [{{"id": {value}, "country": {value}}}, {value}]}}'.encode()
        yield f"list-{number}.json", f"[{value}, {value}]".encode()
    yield "twice.json", b'{"id": 1, "id": 2}'
    yield "key.json", b'{"' + b"k" * LARGE + b'": 1}'
    yield "keys.json", json.dumps({f"k{n}": n for n in range(50_000)}).encode()
    yield "many.json", b"[" + b"{}," * 120_000 + b"{}]"
    yield "cut.json", b'{"data": [{"id": 1}, {"id'
    yield "behind.json", b'{"data": []} and more'
    yield "bom.json", b'\xef\xbb\xbf{"data": [{"id": 1}]}'
    yield "lines.jsonl", b'{"id": 1}\n[1]\n"x"\n\n{"id": {"a": [1, {"b": 2}]}}\nnull\n{'
    yield "badtext.json", b'{"id": "\xff\xfe"}'


def text_cases() -> Iterator[tuple[str, bytes]]:
    """Tables that are damaged, disguised, enormous, or meant for whoever opens them in a spreadsheet."""
    yield "empty.csv", b""
    yield "blank.csv", b" \r\n\t\n"
    yield "bom.csv", b"\xef\xbb\xbf"
    yield "bom-twice.csv", b"\xef\xbb\xbf\xef\xbb\xbf" + f"{HEAD}\n{GOOD}\n".encode()
    yield "header.csv", f"{HEAD}\n".encode()
    yield "utf16.csv", f"{HEAD}\n{GOOD}\n".encode("utf-16")
    yield "utf32.csv", f"{HEAD}\n{GOOD}\n".encode("utf-32")
    yield "mixed.csv", f"{HEAD}\n{GOOD}é\n".encode() + f"{GOOD}é\n".encode("latin-1")
    yield "nul.csv", f"{HEAD}\n{GOOD}\0\n".encode()
    yield "nul-only.csv", b"\0" * 100_000
    yield "bytes.bin", bytes(range(256)) * 400
    yield "noise.bin", b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(6_000))
    yield "controls.csv", f"{HEAD}\n1,2024-03-01,Myanmar,\x1b[2J\x07,,,2,\x85\u2028\u202e\n".encode()
    for number, delimiter in enumerate(("^", "~", "::", " ", "\x1f")):
        yield f"delimiter-{number}.csv", f"{HEAD}\n{GOOD}\n".replace(",", delimiter).encode()
    yield "returns.csv", f"{HEAD}\r{GOOD}\r".encode()
    yield "ragged.csv", f"{HEAD}\n1,2\n{GOOD},{GOOD}\n".encode()
    yield "twice.csv", b"id,id,id\n1,2,3\n"
    yield "columns.csv", (",".join(f"c{n}" for n in range(100_000)) + "\n").encode()
    yield "lines.csv", f"{HEAD}\n".encode() + b"\n" * 700_000
    yield "line.csv", b"x" * (2 * LARGE)
    yield "cell.csv", f"{HEAD}\n1,2024-03-01,Myanmar,,,,2,".encode() + b"x" * LARGE + b"\n"
    yield "quote.csv", f'{HEAD}\n1,2024-03-01,Myanmar,,,,2,"'.encode() + b"x," * (LARGE // 2)
    yield "quotes.csv", f'{HEAD}\n1,2024-03-01,Mya"nmar,,,,"2"x,"""\n'.encode()
    yield "numbers.csv", f"{HEAD}\n{'9' * 5000},2024-03-01,Myanmar,,1e999,NaN,-inf,x\n".encode()
    yield "days.csv", f"{HEAD}\n1,99999-99-99,Myanmar,,,,1,x\n2,-0001-01-01,MMR,,,,1,x\n".encode()
    yield "hashtags.csv", f"{HEAD}\n#id,#date,#country,#adm1,#lat,#lon,#a,#b\n{GOOD}\n".encode()


def mail_cases() -> Iterator[tuple[str, bytes]]:
    """Letters with endless headers, letters within letters, and characters that no set has."""
    head = b"From a@b Fri Mar  1 00:00:00 2024\nFrom: A <a@b>\nDate: Fri, 1 Mar 2024 00:00:00 +0000\nSubject: x\n"
    yield "plain.eml", head.partition(b"\n")[2] + b"\nhello\n"
    yield "headers.mbox", head + b"".join(b"X-%d: y\n" % n for n in range(50_000)) + b"\nhello\n"
    yield "header.mbox", head + b"X: " + b"y" * LARGE + b"\n\nhello\n"
    yield "folded.mbox", head + b"X: y\n" + b" y\n" * 120_000 + b"\nhello\n"
    yield "charset.mbox", head + b'Content-Type: text/plain; charset="bogus"\n\n\xff\xfe\n'
    yield "words.mbox", head + b"Subject: =?utf-8?q?=ff=fe?= =?bogus?b?!!!?=\n\nhello\n"
    yield "dates.mbox", head.replace(b"Fri, 1 Mar 2024", b"99 Foo 99999") + b"\nhello\n"
    yield "encoding.mbox", head + b"Content-Transfer-Encoding: base64\n\n" + b"!!!=" * 100_000 + b"\n"
    yield "unbounded.mbox", head + b'Content-Type: multipart/mixed; boundary="x"\n\nno boundary\n'
    nested = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(3_000))
    yield "nested.mbox", head + b"Content-Type: multipart/mixed; boundary=b0\n\n" + nested
    yield "letters.mbox", head + b"Content-Type: message/rfc822\n\n" * 3_000
    yield "many.mbox", (head + b"\nhello\n\n") * 5_000
    yield "parts.mbox", head + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 30_000
    yield "html.mbox", head + b"Content-Type: text/html\n\n" + b"<div>" * 100_000
    yield "from.mbox", b"From \n" * 100_000


def packed_cases() -> Iterator[tuple[str, bytes]]:
    """Archives that unpack to far more than they are, are cut off, or lie about what they hold."""
    plain = gzip.compress(f"{HEAD}\n{GOOD}\n".encode() * 2_000)
    zeros = io.BytesIO()
    with gzip.GzipFile(fileobj=zeros, mode="wb") as packed:
        for _ in range(BOMB // 1_000_000):
            packed.write(b"\0" * 1_000_000)
    spaces = io.BytesIO()
    with gzip.GzipFile(fileobj=spaces, mode="wb") as packed:
        packed.write(f"{HEAD}\n".encode())
        for _ in range(BOMB // 1_000_000):
            packed.write(b"a," * 500_000)
    yield "bomb.csv.gz", zeros.getvalue()
    yield "bomb-text.csv.gz", spaces.getvalue()
    yield "bomb-twice.csv.gz", gzip.compress(zeros.getvalue())
    yield "cut.csv.gz", plain[: len(plain) // 2]
    yield "behind.csv.gz", plain + b"garbage"
    yield "members.csv.gz", plain + plain
    yield "head.csv.gz", b"\x1f\x8b"
    sheet = b'<?xml version="1.0"?><worksheet><sheetData><row><c t="inlineStr"><is><t>'
    yield "bomb.xlsx", _workbook(sheet + b" " * BOMB)
    yield "laughs.xlsx", _workbook(next(xml_cases())[1])
    yield (
        "odd.xlsx",
        _workbook(b"<worksheet><sheetData><row r='9999999999'><c r='ZZZZZZ9'/></row></sheetData></worksheet>"),
    )
    whole = _workbook(sheet + b"x</t></is></c></row></sheetData></worksheet>")
    yield "cut.xlsx", whole[: len(whole) // 2]
    yield "tail.xlsx", whole[:-22] + b"\0" * 22
    yield "outside.zip", _zipped({"../../../../tmp/forewarn-outside": b"x", "/etc/forewarn-outside": b"x"})
    yield "many.zip", _zipped({f"f{n}": b"" for n in range(20_000)})
    yield "bomb.zip", _zipped({"a.csv": b"a" * BOMB, "data.json": b"[" * 1_000_000})
    yield "two.zip", _zipped({"a.csv": f"{HEAD}\n{GOOD}\n".encode(), "b.csv": f"{HEAD}\n{GOOD}\n".encode()})
    yield "table.parquet", b"PAR1" + b"\0" * 1_000 + b"\xff\xff\xff\x7fPAR1"
    yield "word.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000
    yield "page.pdf", b"%PDF-1.7\n" + b"x" * 1_000


def _workbook(sheet: bytes) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006"
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"/>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r" Type="{links}/'
            f'officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="a" sheetId="1" '
            f'r:id="r"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r" '
            f'Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return made.getvalue()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with every hostile file that does not depend on the channel."""
    folder = tmp_path_factory.mktemp("hostile")
    secret = folder.parent / f"{folder.name}-secret.txt"
    secret.write_text(CANARY)
    for cases in (xml_cases(), json_cases(), text_cases(), mail_cases(), packed_cases()):
        for name, data in cases:
            (folder / name).write_bytes(data.replace(b"CANARY_FILE", f"file://{secret}".encode()))
    (folder / "a-folder").mkdir()
    (folder / "leads-out.csv").symlink_to(secret)
    (folder / "leads-nowhere.csv").symlink_to(folder / "nothing")
    (folder / "leads-to-itself.csv").symlink_to(folder / "leads-to-itself.csv")
    os.mkfifo(folder / "pipe.csv")
    return folder


@pytest.fixture
def fast_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: each case keeps a snapshot, and waiting for disks proves nothing."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def nursery(corpus: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has read the code and gives each channel asked for a process of its own."""
    environment = {**os.environ, "POLARS_MAX_THREADS": "2", "RAYON_NUM_THREADS": "2"}
    with subprocess.Popen(
        [sys.executable, __file__, str(corpus)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        yield process


@pytest.mark.parametrize("name", NAMES)
def test_every_channel_survives(name: str, nursery: subprocess.Popen[str], fast_folder: Path) -> None:
    """Each case is read or refused by an error of ours; what lies outside the file never gets into what is kept."""
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(f"{name} {fast_folder}\n")
    nursery.stdin.flush()
    lines = list(takewhile(lambda line: line != "ENDED", map(str.rstrip, nursery.stdout)))
    assert lines, "the process that the others are forked of has ended"
    wrong = [line for line in lines if line.startswith("WRONG")]
    assert not wrong, "\n".join(wrong)
    last = [line for line in lines if line.startswith("CASE")][-1:]
    code = lines.pop()
    assert code == "CODE 0", f"{last} ended the process with {code}: {(fast_folder / 'said').read_text()[-2_000:]}"
    assert lines[-1] == "END"


HOSTILE_YAML = {
    "laughs": "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20)),
    "deep": "[" * 100_000,
    "object": "!!python/object/apply:os.system ['true']",
    "nul": "name: a\0b",
    "list": "[1, 2]",
    "twice": MAPPING + "name: other\n",
    "merge": "x: &x {a: 1}\n<<: *x\n" + MAPPING,
    "pattern": MAPPING + "parts: [{column: words, template: '" + "{a} " * 2_000 + "'}]\n",
    "long": MAPPING.replace("A table", "x" * 1_500_000),
    "days": MAPPING.replace("day\n", "{column: day, format: '%Q%n%1000d'}\n"),
    "numbers": MAPPING.replace("name: hostile", "name: 1e999"),
    "anchor": "*unknown",
    "tabs": "\tname: x",
    "documents": MAPPING + "---\n" + MAPPING,
}


@pytest.mark.parametrize("case", sorted(HOSTILE_YAML))
def test_a_hostile_mapping_is_refused(case: str, tmp_path: Path) -> None:
    """One line with the file's name, whatever the YAML tries."""
    path = tmp_path / "m.yml"
    path.write_text(HOSTILE_YAML[case])
    with pytest.raises(ForewarnError) as caught:
        load_mapping(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 2_000


@given(st.binary(max_size=300), st.integers(0, len(MAPPING)))
def test_a_damaged_mapping_is_refused_or_read(junk: bytes, spot: int) -> None:
    """Bytes thrown into a mapping give a mapping or an error of ours."""
    with tempfile.NamedTemporaryFile(suffix=".yml") as file:
        file.write(MAPPING.encode()[:spot] + junk + MAPPING.encode()[spot:])
        file.flush()
        with suppress(ForewarnError):
            assert isinstance(load_mapping(Path(file.name)), Mapping)


@pytest.mark.parametrize("name", NAMES)
def test_formulas_are_harmless_in_the_rejects(name: str, tmp_path: Path) -> None:
    """A cell that a spreadsheet would run stands behind an apostrophe in the file of rejects."""
    for start in ("=", "+", "-", "@", "\t=", "\r="):
        definition = channel(name)
        path = tmp_path / "formulas.csv"
        path.write_text(
            table_of(definition, lambda column, start=start: f"{start}cmd|' /C calc'!A0 {column}"), newline=""
        )
        kept = tmp_path / "rejects.csv"
        with suppress(InputError):
            through(definition, path, tmp_path, kept)
        if kept.exists():
            assert ",=" not in kept.read_text()
            assert ",+" not in kept.read_text()
            assert ",@" not in kept.read_text()
            assert '"=' not in kept.read_text()


def through(definition: ChannelDefinition, path: Path, folder: Path, rejects: Path) -> str:
    """Keep, parse and write the rejects of a file; everything that would be kept, as text."""
    mapping = None
    if definition.needs_mapping:
        (folder / "hostile.yml").write_text(MAPPING)
        mapping = load_mapping(folder / "hostile.yml")
    provenance = Provenance(definition.name, definition.publisher, definition.licence, NOW)
    snapshot = keep_snapshot(path, folder / "snapshots", provenance=provenance)
    kept = snapshot_path(folder / "snapshots", snapshot)
    said = []
    try:
        with RejectsFile(rejects) as refused:
            for batch in parse(ParseRequest(definition, kept, snapshot, NOW, NOW.date(), mapping)):
                refused.add(batch.rejects, batch.rejected)
                said += [frame.write_csv() for frame in (batch.reports, batch.claims, batch.sources)]
                said.append(repr(batch.notes))
        said.append(repr(original_rows(definition, kept, (1,), mapping=mapping)))
    finally:
        kept.unlink()
    return "".join(said) + (rejects.read_text() if rejects.exists() else "")


def _tell(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def _case(definition: ChannelDefinition, path: Path, folder: Path) -> None:
    """One case in the process of its own: announced, bounded, and told when it goes wrong."""
    _tell("CASE", path.name)
    signal.alarm(SECONDS_PER_CASE)
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
    try:
        if CANARY in through(definition, path, folder, folder / "rejects.csv"):
            _tell("WRONG", path.name, "let something in from outside")
    except ForewarnError as error:
        if "\n" in str(error) or len(str(error)) > 3_000:
            _tell("WRONG", path.name, "is refused at too great length")
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)
        ours = next((f for f in reversed(where) if "forewarn" in f.filename), where[-1])
        spot = f"{Path(ours.filename).name}:{ours.lineno}"
        _tell("WRONG", path.name, type(error).__name__, spot, str(error)[:200].replace("\n", " "))
    finally:
        signal.alarm(0)
        peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        if peak is None or int(peak[1]) * 1024 > MEMORY_BYTES:
            _tell("WRONG", path.name, f"took {peak and int(peak[1]) // 1024} MB")


def _samples(definition: ChannelDefinition) -> list[bytes]:
    """Files near to what the channel reads: its own table, and the smallest of each other form."""
    known = {"country": "Myanmar", "iso3": "MMR", "latitude": "20.5", "longitude": "92.5"}

    def cell(column: str) -> str:
        lowered = column.lower()
        if "date" in lowered or lowered in ("day", "sqldate"):
            return "2024-03-01"
        return next((value for key, value in known.items() if key in lowered), "1")

    table = table_of(definition, cell)
    header, row = (line.split(",") for line in table.replace('"', "").splitlines())
    one = dict(zip(header, row, strict=True))
    return [
        table.encode(),
        gzip.compress(table.encode()),
        json.dumps({"data": [one], "results": [one]}).encode(),
        (json.dumps(one) + "\n").encode() * 3,
        b'<rss version="2.0"><channel><title>t</title><item><guid>1</guid><title>x</title><link>https://e.org/1</link>'
        b"<pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate><description>y</description></item></channel></rss>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id><title>x</title>'
        b"<updated>2024-03-01T00:00:00Z</updated><content>y</content></entry></feed>",
        b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier><sender>s</sender><sent>'
        b"2024-03-01T00:00:00+00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info>"
        b"<category>Safety</category><event>e</event><urgency>Immediate</urgency><severity>Severe</severity>"
        b"<certainty>Observed</certainty><area><areaDesc>a</areaDesc><polygon>1,1 1,2 2,2 1,1</polygon></area></info>"
        b"</alert>",
        b'<data id="form" instanceID="uuid:1" submissionDate="2024-03-01T00:00:00Z"><day>2024-03-01</day>'
        b"<country>Myanmar</country><meta><instanceID>uuid:1</instanceID></meta></data>",
        b"From a@b Fri Mar  1 00:00:00 2024\nFrom: A <a@b.org>\nMessage-ID: <1@b>\n"
        b"Date: Fri, 1 Mar 2024 00:00:00 +0000\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\nhello\n",
        b"day: 2024-03-01\ncountry: Myanmar\n\nSomething happened.\n",
    ]


def _mutations(definition: ChannelDefinition, folder: Path) -> None:
    """Valid samples with bytes changed, cut out, doubled and put in; the last one is on the disk if it was fatal."""
    samples = _samples(definition)
    telling = [
        b"\0",
        b"\xff",
        b'"',
        b"<",
        b"&",
        b"]]>",
        b"{",
        b"\\u",
        b"\n",
        b"\r",
        b",",
        b"=",
        b"\xef\xbb\xbf",
        b"-1",
        b"NaN",
    ]
    junk = st.one_of(st.sampled_from(telling), st.binary(max_size=20))
    edits = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 30), junk), min_size=1, max_size=6)

    @settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(samples) - 1), edits)
    def mutate(which: int, made: list[tuple[int, int, bytes]]) -> None:
        data = samples[which]
        for spot, length, new in made:
            at = spot % (len(data) + 1)
            data = data[:at] + new + data[at + length :]
        path = folder / f"{which}-{hashlib.sha256(data).hexdigest()[:8]}.bin"
        path.write_bytes(data)
        _case(definition, path, folder)
        path.unlink()

    mutate()


def _main(name: str, corpus: Path, folder: Path) -> None:
    definition = channel(name)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (TOTAL_SECONDS, TOTAL_SECONDS))
    for number, data in enumerate(_samples(definition)):
        (folder / f"sample-{number}").write_bytes(data)
        _case(definition, folder / f"sample-{number}", folder)
    _mutations(definition, folder)
    own = {"formulas.csv": lambda c: f"=1+1 {c}", "large.csv": lambda c: c * (LARGE // 100 // len(c))}
    for file, cell in own.items():
        (folder / file).write_text(table_of(definition, cell))
        _case(definition, folder / file, folder)
    for path in sorted(corpus.iterdir()):
        _case(definition, path, folder)
    _tell("END")


def _fork(name: str, corpus: Path, folder: Path) -> int:
    """Take a channel through all cases in a forked process, what it says of itself kept beside; its exit code."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        os.dup2(os.open(folder / "said", os.O_CREAT | os.O_WRONLY), 2)
        _main(name, corpus, folder)
        code = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    for line in sys.stdin:
        asked, _, where = line.rstrip("\n").partition(" ")
        _tell("CODE", str(_fork(asked, Path(sys.argv[1]), Path(where))))
        _tell("ENDED")

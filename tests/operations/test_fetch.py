"""Fetching from publishers: their documented interfaces, replayed by a real server on this machine."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from forewarn.collect import ChannelDefinition, channel, snapshot_path
from forewarn.config import load_settings
from forewarn.errors import ConfigurationError, InputFormatError, InputNotFoundError, StoreBusyError, UsageError
from forewarn.operations.collect import Collected, collect, collect_fetched
from forewarn.operations.fetch import Fetched, fetch, policy_of
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.outbound import Outbound, Policy
from forewarn.store import schema

SECRETS = {
    "ucdp_token": "very-secret-ucdp-token",
    "acled_email": "analyst@example.org",
    "acled_password": "very-secret-password",
    "reliefweb_appname": "very-secret-appname",
}
GED = {
    "type_of_violence": 3,
    "side_a": "Government of Atland",
    "side_b": "Civilians",
    "source_article": "Some Wire,2017-09-02,Ten killed",
    "source_office": "Some Wire",
    "source_date": "2017-09-02",
    "source_headline": "Ten killed",
    "source_original": "Named Witness",
    "where_prec": 2,
    "where_coordinates": "Some village",
    "adm_1": "Rakhine State",
    "adm_2": "Some District",
    "latitude": 20.5,
    "longitude": 92.5,
    "country": "Myanmar (Burma)",
    "country_id": 775,
    "date_prec": 1,
    "date_start": "2017-08-30T00:00:00",
    "date_end": "2017-08-31T00:00:00",
    "deaths_a": 0,
    "deaths_b": 0,
    "deaths_civilians": 10,
    "deaths_unknown": 0,
    "best": 10,
    "high": 12,
    "low": 8,
}

Ask = Callable[..., list[Fetched]]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with the secrets of all publishers."""
    settings = load_settings({"workspace": tmp_path / "work", "today": "2024-06-01", **SECRETS}, environ={})
    init(settings)
    with opened(settings) as one:
        yield one


@pytest.fixture
def way(publisher: Any) -> Callable[[], Outbound]:
    """A way out that may ask the local publisher, and waits for nothing."""
    policy = Policy(frozenset({publisher.host}), private_addresses=frozenset({"127.0.0.1"}), attempts=3, silence_s=5.0)
    return lambda: Outbound(policy, sleep=lambda _: None)


@pytest.fixture
def ask(workspace: Workspace, way: Callable[[], Outbound]) -> Ask:
    """Fetch through a channel, all of it."""

    def fetched(definition: ChannelDefinition, *addresses: str) -> list[Fetched]:
        return list(fetch(workspace, definition, addresses, outbound=way()))

    return fetched


def at(publisher: Any, name: str, path: str, **section: Any) -> ChannelDefinition:
    """The channel as it is defined, its publisher being the local one."""
    definition = channel(name)
    assert definition.fetch is not None
    source = definition.fetch.model_copy(update={"addresses": (f"{publisher.address}{path}",), **section})
    return definition.model_copy(update={"fetch": source})


def query_of(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    """The parameters of a request."""
    return {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}


def send_json(publisher: Any, handler: BaseHTTPRequestHandler, told: object, **headers: str) -> None:
    """Answer with JSON."""
    publisher.send(handler, json.dumps(told).encode(), **{"Content_Type": "application/json; charset=utf-8", **headers})


def ucdp(publisher: Any, rows: int = 5, size: int = 2, **changes: Any) -> Callable[[BaseHTTPRequestHandler], None]:
    """The UCDP API: pages from 0, the next one named, a token in a header."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("x-ucdp-access-token") != SECRETS["ucdp_token"]:
            publisher.send(handler, b"API token required", status=401)
            return
        page, pages = int(query_of(handler).get("page", "0")), -(-rows // size)
        own = [{**GED, "id": 100 + number} for number in range(page * size, min(rows, (page + 1) * size))]
        following = f"{publisher.address}/api/gedevents/26.1?pagesize={size}&page={page + 1}"
        told = {
            "TotalCount": rows,
            "TotalPages": pages,
            "PreviousPageUrl": "",
            "NextPageUrl": following if page + 1 < pages else "",
            "Result": own,
            **changes,
        }
        etag = f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()}"'
        if handler.headers.get("If-None-Match") == etag:
            publisher.send(handler, b"", status=304, ETag=etag)
        else:
            send_json(publisher, handler, told, ETag=etag)

    return answer


def test_pages_are_followed_kept_and_collected(
    publisher: Any, workspace: Workspace, ask: Ask, way: Callable[[], Outbound]
) -> None:
    """Every page of the UCDP API becomes a snapshot with its address, headers and licence, and its rows reports."""
    publisher.answers["/api/gedevents/26.1"] = ucdp(publisher)
    definition = at(publisher, "ucdp-ged", "/api/gedevents/26.1?pagesize=2")
    got = ask(definition)
    assert len(got) == 3
    assert [one.address.rpartition("?")[2] for one in got] == ["pagesize=2", "pagesize=2&page=1", "pagesize=2&page=2"]
    made = [collect_fetched(workspace, definition, one) for one in got]
    assert [one.accepted for one in made] == [2, 2, 1]
    assert sum(one.rejected for one in made) == 0
    with workspace.database.reading() as connection:
        kept = connection.execute(select(schema.snapshots)).mappings().all()
        claims = connection.execute(select(schema.claims.c.deaths_best, schema.claims.c.started_on)).all()
    assert {row["licence"] for row in kept} == {"CC BY 4.0"}
    assert {row["media_type"] for row in kept} == {"application/json"}
    assert all("etag" in row["headers"] for row in kept)
    assert {tuple(row) for row in claims} == {(10, "2017-08-30")}


def test_what_has_not_changed_is_not_sent_again(publisher: Any, workspace: Workspace, ask: Ask) -> None:
    """The second fetch gets 304 for every page, follows the pages it holds, and changes nothing."""
    publisher.answers["/api/gedevents/26.1"] = ucdp(publisher)
    definition = at(publisher, "ucdp-ged", "/api/gedevents/26.1?pagesize=2")
    first = ask(definition)
    second = ask(definition)
    assert [one.status for one in second] == [304, 304, 304]
    assert [one.snapshot.snapshot_id for one in second] == [one.snapshot.snapshot_id for one in first]
    for one in (*first, *second):
        collect_fetched(workspace, definition, one)
    with workspace.database.reading() as connection:
        noted = connection.execute(select(schema.fetches.c.status, schema.fetches.c.snapshot_id)).all()
        reports = connection.execute(select(schema.reports.c.report_id)).all()
    assert [row[0] for row in noted] == [200, 200, 200, 304, 304, 304]
    assert [row[1] for row in noted[3:]] == ["", "", ""]
    assert len(reports) == 5


def test_a_stopped_fetch_goes_on(publisher: Any, workspace: Workspace, ask: Ask) -> None:
    """The third page fails for good; run again later, the first two are not sent again and all rows are there."""
    api = ucdp(publisher)

    def failing(handler: BaseHTTPRequestHandler) -> None:
        if "page=2" in handler.path.replace("pagesize=2", ""):
            publisher.send(handler, b"", status=500)
        else:
            api(handler)

    publisher.answers["/api/gedevents/26.1"] = failing
    definition = at(publisher, "ucdp-ged", "/api/gedevents/26.1?pagesize=2")
    with pytest.raises(InputNotFoundError, match="answered 500, 3 times"):
        ask(definition)
    publisher.answers["/api/gedevents/26.1"] = api
    assert [one.status for one in ask(definition)] == [304, 304, 200]


def test_lost_bytes_are_asked_for_again(publisher: Any, ask: Ask) -> None:
    """Where a snapshot is gone from the folder, the publisher is not told that we hold it."""
    publisher.answers["/api/gedevents/26.1"] = ucdp(publisher, rows=1)
    definition = at(publisher, "ucdp-ged", "/api/gedevents/26.1")
    (first,) = ask(definition)
    first.path.unlink()
    (second,) = ask(definition)
    assert second.status == 200
    assert second.path.is_file()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"Result": None}, "'Result' is no list"),
        ({"NextPageUrl": 7}, "'NextPageUrl' is no address"),
        ({"TotalCount": "many"}, "'TotalCount' is no whole number"),
        ({"TotalCount": 9, "NextPageUrl": ""}, "ends after 2 rows and 1 pages, of 9 rows"),
        ({"NextPageUrl": "https://evil.example/api/gedevents/26.1?page=2"}, "next page of another address"),
        ({"NextPageUrl": "?page=0", "Result": []}, "the same page again"),
    ],
)
def test_an_unexpected_page_is_an_error(publisher: Any, ask: Ask, changes: dict[str, Any], word: str) -> None:
    """A changed interface is refused with what is odd about it, never guessed at."""
    publisher.answers["/api/gedevents/26.1"] = ucdp(publisher, **changes)
    with pytest.raises(InputFormatError, match=word):
        ask(at(publisher, "ucdp-ged", "/api/gedevents/26.1?page=0"))


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff\xfe{}", b'{"Result": []}', b"[" * 200_000, b""])
def test_what_is_no_page_is_refused(publisher: Any, ask: Ask, workspace: Workspace, body: bytes) -> None:
    """Lists, broken and deep JSON, other encodings and missing fields; nothing of them is noted as fetched."""
    publisher.tells("/api/gedevents/26.1", body, Content_Type="application/json")
    with pytest.raises(InputFormatError):
        ask(at(publisher, "ucdp-ged", "/api/gedevents/26.1"))
    with workspace.database.reading() as connection:
        assert connection.execute(select(schema.fetches)).all() == []


def test_a_refused_token_says_so_and_is_not_shown(publisher: Any, workspace: Workspace, way: Any) -> None:
    """401 names the settings; without any token the error comes before anything is asked."""
    publisher.answers["/api/gedevents/26.1"] = ucdp(publisher)
    definition = at(publisher, "ucdp-ged", "/api/gedevents/26.1")
    for token, asked in (("another-secret-token", 1), ("", 0)):
        settings = load_settings({"workspace": workspace.paths.root, "ucdp_token": token or None}, environ={})
        publisher.asked.clear()
        with opened(settings) as other, pytest.raises(ConfigurationError) as caught:
            list(fetch(other, definition, outbound=way()))
        assert "another-secret" not in str(caught.value)
        assert len(publisher.asked) == asked


def everything_in(workspace: Workspace) -> bytes:
    """All bytes of a workspace: database, snapshots, outputs."""
    return b"".join(path.read_bytes() for path in workspace.paths.root.rglob("*") if path.is_file())


def test_no_secret_reaches_the_workspace(
    publisher: Any, workspace: Workspace, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    """ReliefWeb repeats the name in its links: it is blotted out, byte for byte, and the snapshot says so."""

    def reliefweb(handler: BaseHTTPRequestHandler) -> None:
        asked = query_of(handler)
        if asked.get("appname") != SECRETS["reliefweb_appname"]:
            publisher.send(handler, b"", status=403)
            return
        offset, limit = int(asked["offset"]), int(asked["limit"])
        items = [
            {"id": str(n), "fields": {"id": n, "title": f"Title {n}"}} for n in range(offset, min(offset + limit, 5))
        ]
        href = f"https://api.reliefweb.int/v2/reports?appname={asked['appname']}&offset={offset}"
        told = {"href": href, "totalCount": 5, "count": len(items), "data": items}
        send_json(publisher, handler, told)

    publisher.answers["/v2/reports"] = reliefweb
    definition = at(publisher, "reliefweb", "/v2/reports?sort[]=date.created:asc")
    assert definition.fetch is not None
    paging = definition.fetch.paging
    assert paging is not None
    section = definition.fetch.model_copy(update={"paging": paging.model_copy(update={"size": 2})})
    got = ask(definition.model_copy(update={"fetch": section}))
    assert len(got) == 3
    assert all(b"appname=" + b"*" * len(SECRETS["reliefweb_appname"]) in one.path.read_bytes() for one in got)
    assert dict(got[0].snapshot.headers)["forewarn-blotted"] == "1"
    held = everything_in(workspace) + "".join(capsys.readouterr()).encode()
    assert not [name for name, secret in SECRETS.items() if secret.encode() in held]


def test_acled_is_signed_in_to_and_paged(publisher: Any, workspace: Workspace, ask: Ask) -> None:
    """E-mail and password are posted once for a token, pages are numbered until one is not full, no secret is kept."""
    token = "issued-secret-token"  # noqa: S105 - of the local publisher

    def sign_in(handler: BaseHTTPRequestHandler) -> None:
        form = parse_qs(handler.rfile.read(int(handler.headers["Content-Length"])).decode())
        is_right = form["username"] == [SECRETS["acled_email"]] and form["password"] == [SECRETS["acled_password"]]
        assert form["grant_type"] == ["password"]
        if is_right:
            send_json(publisher, handler, {"access_token": token, "expires_in": 86400, "token_type": "Bearer"})
        else:
            publisher.send(handler, b"", status=400)

    def read(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Authorization") != f"Bearer {token}":
            publisher.send(handler, b"", status=401)
            return
        asked = query_of(handler)
        page, limit = int(asked["page"]), int(asked["limit"])
        rows = [{"event_id_cnty": f"ATL{n}"} for n in range((page - 1) * limit, min(5, page * limit))]
        send_json(publisher, handler, {"status": 200, "success": True, "count": len(rows), "data": rows})

    publisher.answers["/oauth/token"] = sign_in
    publisher.answers["/api/acled/read"] = read
    definition = at(publisher, "acled", "/api/acled/read?event_date={since}|{until}&event_date_where=BETWEEN")
    assert definition.fetch is not None
    wanted = definition.fetch.credential
    assert wanted is not None
    assert wanted.sign_in is not None
    assert definition.fetch.paging is not None
    local = wanted.sign_in.model_copy(update={"address": f"{publisher.address}/oauth/token"})
    section = definition.fetch.model_copy(
        update={
            "credential": wanted.model_copy(update={"sign_in": local}),
            "paging": definition.fetch.paging.model_copy(update={"size": 2}),
        }
    )
    got = ask(definition.model_copy(update={"fetch": section}))
    assert [json.loads(one.path.read_bytes())["count"] for one in got] == [2, 2, 1]
    assert "2024-06-01" in got[0].address
    assert [path for path, _ in publisher.asked].count("/oauth/token") == 1
    held = everything_in(workspace)
    assert token.encode() not in held
    assert not [secret for secret in SECRETS.values() if secret.encode() in held]


def test_a_gdelt_listing_is_checked_against_its_files(publisher: Any, workspace: Workspace, ask: Ask) -> None:
    """Events and mentions named in lastupdate.txt are fetched; another MD5 or size than listed is refused."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20240601.export.CSV", "1\t2\n")
    body = packed.getvalue()
    names = ("export", "mentions", "gkg")
    digest = hashlib.md5(body).hexdigest()  # noqa: S324 - what the listing has
    lines = [f"{len(body)} {digest} {publisher.address}/gdeltv2/20240601.{name}.CSV.zip" for name in names]
    publisher.tells("/gdeltv2/lastupdate.txt", "\n".join(lines).encode() + b"\n", Content_Type="text/plain")
    for name in names:
        publisher.tells(f"/gdeltv2/20240601.{name}.CSV.zip", body, Content_Type="application/zip")
    definition = at(publisher, "gdelt", "/gdeltv2/lastupdate.txt")
    got = ask(definition)
    assert [(one.is_data, one.address.rpartition("/")[2]) for one in got] == [
        (False, "lastupdate.txt"),
        (True, "20240601.export.CSV.zip"),
        (True, "20240601.mentions.CSV.zip"),
    ]
    publisher.tells("/gdeltv2/20240601.export.CSV.zip", body[:-1] + b"x", Content_Type="application/zip")
    with pytest.raises(InputFormatError, match="MD5"):
        ask(definition)
    publisher.tells("/gdeltv2/lastupdate.txt", b"<html>", Content_Type="text/plain")
    with pytest.raises(InputFormatError, match="size, MD5 and address"):
        ask(definition)


def test_a_catalogue_leads_to_its_files(publisher: Any, ask: Ask) -> None:
    """HDX: the data set's CSV files are fetched, through the redirect to where they lie."""
    resources = [
        {"format": "CSV", "url": "x", "download_url": f"{publisher.address}/download/a.csv"},
        {"format": "PDF", "url": f"{publisher.address}/download/readme.pdf"},
    ]
    told = {"success": True, "result": {"resources": resources}}
    path = "/api/3/action/package_show"
    publisher.answers[path] = lambda handler: send_json(publisher, handler, told)
    publisher.answers["/download/a.csv"] = lambda h: publisher.send(
        h, b"", status=302, Location="/filestore/a.csv?sig=1"
    )
    publisher.tells("/filestore/a.csv", b"a,b\n1,2\n", Content_Type="text/csv")
    got = ask(at(publisher, "iom-dtm", f"{path}?id=global-iom-dtm-from-api"))
    assert [one.is_data for one in got] == [False, True]
    assert got[1].path.read_bytes() == b"a,b\n1,2\n"
    assert got[1].address == f"{publisher.address}/download/a.csv"


def test_unhcr_pages_end_where_it_says(publisher: Any, ask: Ask) -> None:
    """The number of pages is in every answer; a full last page is not followed by an empty one."""

    def unhcr(handler: BaseHTTPRequestHandler) -> None:
        page = int(query_of(handler)["page"])
        send_json(publisher, handler, {"page": page, "maxPages": 2, "total": [], "items": [{"year": page}]})

    publisher.answers["/population/v1/population/"] = unhcr
    assert len(ask(at(publisher, "unhcr", "/population/v1/population/?coo_all=true"))) == 2


def test_a_cut_file_is_resumed_by_the_next_run(publisher: Any, ask: Ask) -> None:
    """What a run has left of a large file is not fetched twice."""
    body = gzip.compress(bytes(range(256)) * 500, 0)

    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in (("Content-Length", str(len(body))), ("ETag", '"1"'), ("Content-Type", "application/gzip")):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body[:70_000])
        handler.close_connection = True

    def rest(handler: BaseHTTPRequestHandler) -> None:
        start = int(handler.headers["Range"].removeprefix("bytes=").rstrip("-"))
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        publisher.send(
            handler, body[start:], status=206, ETag='"1"', Content_Range=span, Content_Type="application/gzip"
        )

    definition = channel("insecurity-insight")
    calls = 0

    def cut_then_down(handler: BaseHTTPRequestHandler) -> None:
        nonlocal calls
        calls += 1
        cut(handler) if calls == 1 else publisher.send(handler, b"", status=503)

    publisher.answers["/a.csv.gz"] = cut_then_down
    with pytest.raises(InputNotFoundError):
        ask(definition, f"{publisher.address}/a.csv.gz")
    publisher.answers["/a.csv.gz"] = rest
    (got,) = ask(definition, f"{publisher.address}/a.csv.gz")
    assert got.path.read_bytes() == body


def test_two_fetches_of_a_channel_do_not_meet(publisher: Any, workspace: Workspace, way: Any) -> None:
    """While one is on its way another is refused; afterwards it may go."""
    publisher.answers["/api/gedevents/26.1"] = ucdp(publisher)
    definition = at(publisher, "ucdp-ged", "/api/gedevents/26.1?pagesize=2")
    first = fetch(workspace, definition, outbound=way())
    next(first)
    with pytest.raises(StoreBusyError, match="another process"):
        next(fetch(workspace, definition, outbound=way()))
    first.close()
    assert len(list(fetch(workspace, definition, outbound=way()))) == 3


def test_settings_cannot_open_the_own_network(tmp_path: Path) -> None:
    """Whatever the settings say, no private address is among those that may be asked."""
    allowed = {"workspace": tmp_path, "outbound_allow": "127.0.0.1:80 localhost 10.0.0.1"}
    source = channel("ucdp-ged").fetch
    assert source is not None
    policy = policy_of(load_settings(allowed, environ={}), source)
    assert policy.private_addresses == frozenset()
    assert policy.hosts == {"ucdpapi.pcr.uu.se", "127.0.0.1:80", "localhost", "10.0.0.1"}


def test_a_channel_without_publisher_wants_files(workspace: Workspace) -> None:
    """Nothing named and nobody to ask is an error of use; so is a feed without addresses."""
    with pytest.raises(UsageError, match="no file is named"):
        collect(workspace, "note", [])
    with pytest.raises(UsageError, match="no address"):
        collect(workspace, "feed", [])


def test_an_address_outside_the_list_is_refused(workspace: Workspace) -> None:
    """An address on the command line is no permission: its host must be on the list."""
    with pytest.raises(ConfigurationError, match="not a host we may ask"):
        collect(workspace, "feed", [], addresses=["https://news.example/rss"])


def test_collecting_without_a_path_asks_the_publisher(
    publisher: Any, workspace: Workspace, way: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``collect CHANNEL`` alone fetches and collects; a second time everything has been seen before."""
    publisher.answers["/api/gedevents/26.1"] = ucdp(publisher)
    definition = at(publisher, "ucdp-ged", "/api/gedevents/26.1?pagesize=2")
    monkeypatch.setattr("forewarn.operations.collect.channel", lambda _: definition)
    monkeypatch.setattr("forewarn.operations.fetch.Outbound", lambda _: way())

    def totals(made: list[Collected]) -> tuple[int, int, bool]:
        return sum(one.accepted for one in made), sum(one.duplicates for one in made), all(o.seen_before for o in made)

    assert totals(collect(workspace, "ucdp-ged", [])) == (5, 0, False)
    assert totals(collect(workspace, "ucdp-ged", [])) == (0, 5, True)
    with workspace.database.reading() as connection:
        snapshots = connection.execute(select(schema.snapshots.c.origin)).scalars().all()
    assert all(origin.startswith(publisher.address) for origin in snapshots)


def test_snapshots_hold_the_bytes_as_received(publisher: Any, workspace: Workspace, ask: Ask) -> None:
    """What is kept is what was sent, under its own digest, and nothing unfinished is left behind."""
    body = b'{"TotalCount": 0, "TotalPages": 0, "NextPageUrl": "",\n  "Result": []}  '
    publisher.tells("/api/gedevents/26.1", body, Content_Type="application/json")
    (got,) = ask(at(publisher, "ucdp-ged", "/api/gedevents/26.1"))
    assert snapshot_path(workspace.paths.snapshots, got.snapshot).read_bytes() == body
    assert got.snapshot.sha256 == hashlib.sha256(body).hexdigest()
    left = [path.name for path in (workspace.paths.snapshots / ".incoming").iterdir() if path.suffix != ".lock"]
    assert left == []


FETCHING = """
import sys
from forewarn.collect import channel
from forewarn.config import load_settings
from forewarn.operations.collect import collect_fetched
from forewarn.operations.fetch import fetch
from forewarn.operations.workspace import opened
from forewarn.outbound import Outbound, Policy

folder, host, path = sys.argv[1:]
definition = channel("ucdp-ged")
source = definition.fetch.model_copy(update={"addresses": (f"http://{host}{path}",)})
definition = definition.model_copy(update={"fetch": source})
way = Outbound(Policy(frozenset({host}), private_addresses=frozenset({"127.0.0.1"})))
with opened(load_settings({"workspace": folder, "ucdp_token": "very-secret-ucdp-token"}, environ={})) as workspace:
    for one in fetch(workspace, definition, outbound=way):
        collect_fetched(workspace, definition, one)
"""


def test_killed_in_the_middle_of_a_page_it_goes_on(publisher: Any, workspace: Workspace) -> None:
    """A process killed while a page is on its way leaves no lock and no half page; the next run completes the store."""
    api, is_stuck = ucdp(publisher), threading.Event()

    def stuck(handler: BaseHTTPRequestHandler) -> None:
        if query_of(handler).get("page") != "1":
            api(handler)
            return
        handler.send_response(200)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", "100000")):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b'{"TotalCount": 5, ')
        handler.wfile.flush()
        is_stuck.set()
        handler.connection.settimeout(20)
        handler.rfile.read(1)  # until the other side is gone
        handler.close_connection = True

    publisher.answers["/api/gedevents/26.1"] = stuck
    command = [sys.executable, "-c", FETCHING, workspace.paths.root, publisher.host, "/api/gedevents/26.1?pagesize=2"]
    with subprocess.Popen(command) as process:
        assert is_stuck.wait(30)
        process.kill()
    publisher.answers["/api/gedevents/26.1"] = api
    subprocess.run(command, check=True, timeout=60)
    with workspace.database.reading() as connection:
        statuses = (
            connection.execute(select(schema.fetches.c.status).order_by(schema.fetches.c.sequence)).scalars().all()
        )
        reports = connection.execute(select(schema.reports.c.external_id)).scalars().all()
    assert statuses == [200, 304, 200, 200]
    assert sorted(reports) == ["100", "101", "102", "103", "104"]

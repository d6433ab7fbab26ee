"""Packages between servers: what is new and nothing else, once, from whom it says, and on from wherever it stopped."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import select

from forewarn.clock import utc_now
from forewarn.config import load_settings
from forewarn.errors import DisclosureError, ForewarnError, InputFormatError
from forewarn.exchange import Release, hand_back, turn
from forewarn.exchange.envelope import Keys, new_keys, read_envelope, sealed_package
from forewarn.exchange.rows_text import rows_from_text
from forewarn.ids import content_id
from forewarn.model.package import PackageManifest
from forewarn.operations import init, package_batch, partners
from forewarn.operations.package_porter import FRESH, Porter
from forewarn.operations.package_post import posting
from forewarn.operations.package_sync import Synced, sync_packages
from forewarn.operations.packages import create_package, packages
from forewarn.operations.recall import package_receipts, recall
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import packages as store
from forewarn.store import schema, sync
from forewarn.web.listening import bound
from forewarn.web.partners import make_partners_app

DAY = date(2031, 1, 1)
ROWS = '{"columns":[["claim_id","String"],["country","String"],["month","String"]],"rows":[["%s","MLI","2029-03"]]}'


def released(number: int) -> Release:
    """One row, as disclosure would make it."""
    return hand_back(rows_from_text(ROWS % content_id("clm", str(number))))


class Node:
    """An open workspace with keys, and its server where one runs."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace, self.name = workspace, name
        partners.own_card(workspace, name, workspace.paths.root / "card.json", by="desk")
        self.keys = partners.own_keys(workspace)

    @property
    def mark(self) -> str:
        """Its fingerprint."""
        return self.keys.card.fingerprint

    def trusts(self, other: Node) -> None:
        """Add and trust another's card."""
        partners.add_partner(self.workspace, other.workspace.paths.root / "card.json", by="desk")
        partners.trust_partner(self.workspace, other.name, other.mark, by="desk")

    def sends(self, *to: Node, count: int = 1, pap: str = "PAP:AMBER", until: date = DAY) -> list[str]:
        """Make packages of one row each for others; they wait for a sync."""
        made = []
        marks = tuple(sorted(one.mark for one in to))
        with posting(self.workspace, by="desk", out=None, writes=False) as post:
            for number in range(count):
                held = released(number)
                items = tuple(held.rows["claim_id"])
                told = PackageManifest(
                    "release", self.mark, marks, 1, self.workspace.now, "a study", until, "TLP:GREEN", pap, items
                )
                made.append(post.send(told, held, "").package_id)
        return made

    def syncs(self, *names: str) -> Synced:
        """Sync, once."""
        (done,) = sync_packages(self.workspace, names, by="desk")
        return done

    def received(self) -> list[str]:
        """Ids of the packages with rows received."""
        return [one.package_id for one in packages(self.workspace) if one.direction == "in" and one.kind == "release"]


@contextlib.contextmanager
def serving(workspace: Workspace) -> Iterator[str]:
    """The server of a node in a thread, at its address."""
    with bound(0) as listening:
        app = make_partners_app(workspace, "desk")
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/exchange"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three workspaces without keys."""
    folder = tmp_path_factory.mktemp("nodes")
    init.init(load_settings({"workspace": folder / "North"}, environ={}))
    for name in ("South", "East"):
        shutil.copytree(folder / "North", folder / name)
    return folder


@pytest.fixture
def nodes(prepared: Path, tmp_path: Path) -> Iterator[tuple[Node, Node, Node]]:
    """North and South, who trust each other; East, whom North trusts as well."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    names = ("North", "South", "East")
    allow = {"author": "desk", "today": date(2030, 1, 1)}
    settings = [load_settings({"workspace": tmp_path / name, **allow}, environ={}) for name in names]
    with opened(settings[0]) as north, opened(settings[1]) as south, opened(settings[2]) as east:
        made = tuple(Node(one, name) for one, name in zip((north, south, east), names, strict=True))
        made[0].trusts(made[1])
        made[1].trusts(made[0])
        made[0].trusts(made[2])
        made[2].trusts(made[0])
        yield made  # type: ignore[misc]


@pytest.fixture
def joined(nodes: tuple[Node, Node, Node]) -> Iterator[tuple[Node, Node, Node]]:
    """The same, where North serves and South asks."""
    north, south, east = nodes
    with serving(north.workspace) as address:
        asks(south, address)
        yield north, south, east


def everything(node: Node) -> dict[str, list[Any]]:
    """Every row of the node's store."""
    with node.workspace.database.reading() as connection:
        return {name: connection.execute(select(table)).fetchall() for name, table in schema.metadata.tables.items()}


def asks(node: Node, address: str) -> None:
    """Let a node ask North at an address."""
    partners.set_address(node.workspace, "North", address, by="desk")
    allowed = replace(node.workspace.settings, outbound_allow=address.split("/")[2])
    node.workspace = replace(node.workspace, settings=allowed)


def test_nothing_new_is_one_request_and_writes_nothing(joined: tuple[Node, Node, Node]) -> None:
    """What is new goes both ways with its answers; then one request, and no row anywhere."""
    north, south, east = joined
    assert south.syncs("North") == Synced("North", requests=1)
    first = north.sends(south, east, count=3)
    back = south.sends(north)
    assert south.syncs() == Synced("North", requests=2, given=4, taken=4)
    assert (south.received(), north.received()) == (first, back)
    assert [bool(one.acknowledged_at) for one in package_receipts(south.workspace)] == [True]
    waits = {one.recipient for one in package_receipts(north.workspace) if not one.acknowledged_at}
    assert waits == {"East"}
    before = [everything(node) for node in (north, south)]
    assert south.syncs() == Synced("North", requests=1)
    assert [everything(node) for node in (north, south)] == before


@pytest.fixture
def porter(nodes: tuple[Node, Node, Node]) -> Porter:
    """North's porter, at work since an hour."""
    return Porter(nodes[0].workspace, "desk", utc_now() - timedelta(hours=1))


def asked(sender: Node, to: Node, *packages: bytes, keys: Keys | None = None, **changes: Any) -> bytes:
    """An ask that brings packages, signed with the sender's keys or with others."""
    plain = {
        **{
            "kind": "ask",
            "sender": sender.mark,
            "recipient": to.mark,
            "at": utc_now(),
            "nonce": os.urandom(16).hex(),
        },
        **{"after": "", "since": "", "upto": "", "sizes": tuple(len(one) for one in packages), **changes},
    }
    return turn.said(turn.Turn(**plain), packages, keys or sender.keys, to.keys.card)[0]


def delivered(porter: Porter, data: bytes) -> bytes:
    """Hand an ask to the porter as the door does."""
    end = turn.PREFIX + turn.head_size(data[: turn.PREFIX])
    return porter.answer(porter.admit(data[turn.PREFIX : end], utc_now()), data[end:], utc_now())


def gains_nothing(node: Node, porter: Porter, *attempts: bytes, error: type[ForewarnError] = ForewarnError) -> None:
    """Every attempt is refused, and nothing in the node's store has changed."""
    before = everything(node)
    for data in attempts:
        with pytest.raises(error):
            delivered(porter, data)
    assert everything(node) == before


def own(node: Node, *to: Node, **changes: Any) -> bytes:
    """The bytes of a package that a node makes."""
    (made,) = node.sends(*to, **changes)
    with node.workspace.database.reading() as connection:
        return sync.sealed_bytes(connection, made) or b""


def test_forged(nodes: tuple[Node, Node, Node], porter: Porter) -> None:
    """A stranger, a partner in another's name, and a partner with a package it did not make: refused."""
    north, south, east = nodes
    stranger = new_keys("South")
    as_south = asked(south, north, keys=east.keys)
    gains_nothing(north, porter, asked(south, north, keys=stranger), as_south, error=DisclosureError)
    package, mark = own(east, north), content_id("pkg", "x")
    delivered(porter, asked(south, north, package, upto=mark))
    told = PackageManifest(
        "release", south.mark, (north.mark,), 1, utc_now(), "a study", DAY, "TLP:GREEN", "PAP:CLEAR", ()
    )
    unsigned = sealed_package(told, replace_name(stranger, south), [north.keys.card], released(1))[1]
    delivered(porter, asked(south, north, unsigned, b"PK", since=mark, upto=content_id("pkg", "y")))
    assert packages(north.workspace) == []


def replace_name(keys: Keys, other: Node) -> Keys:
    """Keys under another's name."""
    return Keys(other.name, keys.signing, keys.opening)


def test_a_stranger_learns_nothing(nodes: tuple[Node, Node, Node]) -> None:
    """One address, POST alone; whoever is not trusted, or sends noise, gets a number and an empty page."""
    north, south, _ = nodes
    with serving(north.workspace) as address:
        line = http.client.HTTPConnection(address.split("/")[2], timeout=20)
        seen = []
        for method, path, body in (
            ("POST", "/exchange", asked(south, north, keys=new_keys("South"))),
            ("POST", "/exchange", b"FWS1 and noise" * 9),
            ("POST", "/exchange", b""),
            ("GET", "/exchange", None),
            ("GET", "/sign-in", None),
        ):
            line.request(method, path, body=body)
            answer = line.getresponse()
            seen.append((answer.status, len(answer.read())))
        line.close()
    assert [status for status, _ in seen] == [403, 400, 400, 405, 404]
    assert [size for _, size in seen[:3]] == [0, 0, 0]


def test_replayed(nodes: tuple[Node, Node, Node], porter: Porter) -> None:
    """Heard on the way and sent again, now or to a server begun anew, or older than the clock allows: refused."""
    north, south, _ = nodes
    data = asked(south, north, own(south, north), upto=content_id("pkg", "x"))
    delivered(porter, data)
    again = Porter(north.workspace, "desk", utc_now() + timedelta(seconds=1))
    late, early = (asked(south, north, at=utc_now() + way * 2 * FRESH) for way in (-1, 1))
    gains_nothing(north, porter, data, late, early, error=DisclosureError)
    gains_nothing(north, again, data, error=DisclosureError)
    assert len(north.received()) == 1


def test_truncated_and_changed(nodes: tuple[Node, Node, Node], porter: Porter) -> None:
    """Cut or changed anywhere, in head or body: refused whole; no package of a damaged turn is taken."""
    north, south, _ = nodes
    first, second = own(south, north), own(south, north)

    def fresh() -> bytearray:
        return bytearray(asked(south, north, first, second, upto=content_id("pkg", "x")))

    size = len(fresh())
    cut = [bytes(fresh()[:length]) for length in (0, 3, 8, 60, 400, size - len(second), size - 1)]
    changed = []
    for place in (0, 5, 10, 50, 300, size - len(second), size - 1):
        data = fresh()
        data[place] ^= 1
        changed.append(bytes(data))
    gains_nothing(north, porter, *cut, *changed, bytes(fresh()) + b"x")


def test_oversized(nodes: tuple[Node, Node, Node], porter: Porter) -> None:
    """A head or a body beyond the bounds, announced or sent: refused before it is read."""
    north, south, _ = nodes
    sizes = ((turn.LARGEST + 1,), (turn.LARGEST, 1), (1,) * (turn.MOST_PACKAGES + 1), (0,), (-5, 6))
    wrong = [asked(south, north, sizes=one) for one in sizes]
    long = b"FWS1" + (turn.LARGEST_HEAD + 1).to_bytes(4, "big") + bytes(64)
    gains_nothing(north, porter, long, *wrong, error=InputFormatError)
    with serving(north.workspace) as address:
        host, port = address.split("/")[2].split(":")
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall(b"POST /exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n" + long)
            assert line.recv(64).startswith(b"HTTP/1.1 400")


def test_reordered(nodes: tuple[Node, Node, Node], porter: Porter) -> None:
    """A recall before its package holds all the same; a turn that leaves one out is not taken."""
    north, south, _ = nodes
    (sent,) = south.sends(north)
    notice = recall(south.workspace, sent, "endangers a witness", None, by="desk")[0].package_id
    with south.workspace.database.reading() as connection:
        package, taken_back = (sync.sealed_bytes(connection, one) or b"" for one in (sent, notice))
    gap = asked(south, north, package, since=content_id("pkg", "not here"), upto=sent)
    before = everything(north)
    delivered(porter, gap)
    assert everything(north) == before
    delivered(porter, asked(south, north, taken_back, package, upto=notice))
    assert {one.state for one in packages(north.workspace) if one.kind == "release"} == {"recalled"}


def test_what_was_recalled_in_time_is_never_handed_out(joined: tuple[Node, Node, Node]) -> None:
    """The partner gets the notice and not the rows; the sender sees that nothing is open."""
    north, south, _ = joined
    (sent,) = north.sends(south)
    recall(north.workspace, sent, "endangers a witness", None, by="desk")
    assert [one.is_recalled for one in package_receipts(north.workspace)] == [False, False]
    assert (south.syncs("North").taken, south.received()) == (1, [])
    assert [(one.kind, one.is_recalled) for one in package_receipts(north.workspace)] == [
        ("release", True),
        ("recall", False),
    ]


def test_downgraded(nodes: tuple[Node, Node, Node], porter: Porter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version or format of the turn, though signed by a partner: refused; an answer is no ask."""
    north, south, _ = nodes
    wrong = [asked(south, north, kind="answer")]
    for name, value in (("_VERSION", 0), ("_VERSION", 2), ("_VERSION", True), ("_FORMAT", "forewarn-sync-0")):
        with monkeypatch.context() as patch:
            patch.setattr(turn, name, value)
            wrong.append(asked(south, north))
    with monkeypatch.context() as patch:
        patch.setattr(turn, "_DOMAIN", b"forewarn-package-1\n")
        wrong.append(asked(south, north))
    gains_nothing(north, porter, *wrong)


def test_cross_tenant(nodes: tuple[Node, Node, Node], porter: Porter) -> None:
    """Nobody gets what is for another, by whatever place it names; an ask for one node is no ask for another."""
    north, south, east = nodes
    hers, his = north.sends(east)[0], north.sends(south)[0]
    red = north.sends(south, pap="PAP:RED")
    north.sends(south, until=date(2029, 12, 31))
    for after in ("", hers, content_id("pkg", "nobody's")):
        data = asked(south, north, after=after)
        end = turn.PREFIX + turn.head_size(data[: turn.PREFIX])
        heard = porter.admit(data[turn.PREFIX : end], utc_now())
        answer = porter.answer(heard, b"", utc_now())
        end = turn.PREFIX + turn.head_size(answer[: turn.PREFIX])
        told = turn.hear(answer[turn.PREFIX : end], south.keys, {north.mark: north.keys.card}, answers=heard.bound)
        (package,) = told.packages(answer[end:], south.keys)
        assert read_envelope(package).package_id == his
        assert not {hers, *red} & {told.turn.upto, told.turn.since}
    gains_nothing(north, porter, asked(south, east), asked(south, north, recipient=east.mark))
    partners.trust_partner(north.workspace, "South", "", by="desk", distrust=True)
    gains_nothing(north, porter, asked(south, north), error=DisclosureError)


def test_a_correction_goes_on_to_second_hand(nodes: tuple[Node, Node, Node]) -> None:
    """South corrects what North passed on to East: East uses the new rows alone, and South sees East's answer."""
    north, south, east = nodes
    note = ("it helps", "none known")
    with serving(north.workspace) as address:
        asks(south, address)
        asks(east, address)
        (sent,) = south.sends(north)
        south.syncs()
        create_package(north.workspace, sent, ["East"], None, by="desk", note=note)
        east.syncs()
        with posting(south.workspace, by="desk", out=None, writes=False) as post:
            first = store.package_of(post.connection, sent)
            assert first
            items = tuple(released(9).rows["claim_id"])
            told = first.manifest.about("correct", sent, item_ids=items, reason="wrong month")
            post.send(told, released(9), "")
        south.syncs()
        east.syncs()
        south.syncs()
    states = {one.kind: one.state for one in packages(east.workspace)}
    assert states == {"release": "corrected", "correct": "usable"}
    answers = package_receipts(south.workspace)
    assert {(one.kind, one.passed_by) for one in answers} == {
        ("release", ""), ("release", "North"), ("correct", ""), ("correct", "North"),
    }  # fmt: skip
    assert all(one.acknowledged_at for one in answers)


def test_a_false_server_gains_nothing(nodes: tuple[Node, Node, Node], publisher: Any) -> None:
    """In North's place: silence, noise, another's answer, an earlier one, half of one, and no end: nothing changes."""
    north, south, _ = nodes
    porter = Porter(north.workspace, "desk", utc_now())
    north.sends(south, count=2)
    asks(south, f"{publisher.address}/exchange")
    bends: list[Callable[[bytes, bytes], bytes]] = [
        lambda _ask, _answer: b"",
        lambda _ask, _answer: b"<html>",
        lambda ask, _answer: ask,
        lambda _ask, answer: answer[:-1],
        lambda _ask, answer: answer + b"x",
        lambda _ask, answer: heard.append(answer) or heard[0],  # type: ignore[func-returns-value]
    ]
    heard: list[bytes] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        ask = handler.rfile.read(int(handler.headers["content-length"]))
        body = bend(ask, delivered(porter, ask))
        publisher.send(handler, body, Content_Type=turn.MEDIA_TYPE)

    publisher.answers["/exchange"] = answer
    bend = bends[-1]
    heard.append(delivered(porter, asked(south, north)))
    before = everything(south)
    for bend in bends:  # noqa: B007 - the answer above uses it
        done = south.syncs("North")
        assert (done.taken, bool(done.problem), done.requests) == (0, True, 1)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        ask = handler.rfile.read(int(handler.headers["content-length"]))
        found = porter.admit(ask[turn.PREFIX : turn.PREFIX + turn.head_size(ask[: turn.PREFIX])], utc_now())
        told = replace(found.turn, kind="answer", sender=north.mark, recipient=south.mark, after="", more=True)
        data, _ = turn.said(told, [], north.keys, south.keys.card, found.bound)
        publisher.send(handler, data, Content_Type=turn.MEDIA_TYPE)

    publisher.answers["/exchange"] = endless
    assert "never comes to an end" in south.syncs("North").problem
    publisher.tells("/exchange", b"", status=302, Location="http://127.0.0.1:1/exchange")
    assert south.syncs("North").problem
    south.workspace = replace(south.workspace, settings=replace(south.workspace.settings, outbound_allow=""))
    asked_before = len(publisher.asked)
    assert "not a host we may ask" in south.syncs("North").problem
    assert len(publisher.asked) == asked_before
    assert everything(south) == before


def test_killed_in_the_middle_it_goes_on_from_there(
    joined: tuple[Node, Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The asking process is killed -9 with some turns done; the next run gets the rest, and no package twice."""
    north, south, _ = joined
    monkeypatch.setattr(package_batch, "BATCH_BYTES", 1)
    sent = north.sends(south, count=6)
    reached, go_on, turns, answer = threading.Event(), threading.Event(), [], Porter.answer

    def slow(self: Porter, *given: Any) -> bytes:
        turns.append(1)
        if len(turns) == 4:
            reached.set()
            go_on.wait(60)
        return answer(self, *given)

    monkeypatch.setattr(Porter, "answer", slow)
    settings = south.workspace.settings
    environment = {**os.environ, "FOREWARN_OUTBOUND_ALLOW": settings.outbound_allow, "FOREWARN_TODAY": "2030-01-01"}
    command = [sys.executable, "-m", "forewarn", "package", "sync", "--by", "desk", "--workspace"]
    process = subprocess.Popen([*command, str(settings.workspace)], env=environment, stdout=subprocess.DEVNULL)
    assert reached.wait(60)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    go_on.set()
    assert south.received() == sent[:3]
    done = south.syncs("North")
    assert (done.taken, done.refused, done.problem) == (3, 0, "")
    assert south.received() == sent
    assert all(one.acknowledged_at for one in package_receipts(north.workspace))


def test_a_store_put_back_from_a_copy_is_brought_up_to_date(joined: tuple[Node, Node, Node]) -> None:
    """Either side may lose days of work: what it no longer has comes again, and what the other has is not doubled."""
    north, south, _ = joined
    path = south.workspace.paths.database
    sent = north.sends(south)
    south.syncs("North")
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM INTO ?", (str(path.with_suffix(".copy")),))
    sent += north.sends(south, count=2)
    south.sends(north)
    south.syncs("North")
    south.workspace.database.close()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.with_suffix(".copy").rename(path)
    assert south.received() == sent[:1]
    done = south.syncs("North")
    assert (done.taken, done.problem) == (2, "")
    assert south.received() == sent
    assert len(north.received()) == 1

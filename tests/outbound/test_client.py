"""Fetching: a real server that misbehaves in every way we know, and what comes of it."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from forewarn.errors import (
    ConfigurationError,
    ForewarnError,
    InputError,
    InputFormatError,
    InputNotFoundError,
    InputValueError,
    RuleError,
)
from forewarn.outbound import Ask, Credential, Outbound, Policy

Make = Callable[..., Outbound]
SECRET = Credential("Authorization", "Bearer very-secret-token")
NOW = datetime(2024, 6, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def waits() -> list[float]:
    """The pauses that were made; none of them is really waited for."""
    return []


@pytest.fixture
def make(publisher: Any, waits: list[float]) -> Iterator[Make]:
    """An outbound that may ask the local publisher, with other limits where given."""
    made: list[Outbound] = []

    def build(**limits: Any) -> Outbound:
        limits = {"hosts": frozenset({publisher.host}), "private_addresses": frozenset({"127.0.0.1"}), **limits}
        one = Outbound(Policy(**limits), sleep=waits.append, jitter=lambda: 0.5, now=lambda: NOW)
        made.append(one)
        return one

    yield build
    for one in made:
        one.close()


def in_turn(publisher: Any, *answers: Callable[[BaseHTTPRequestHandler], None]) -> Callable[..., None]:
    """Answer the first request by the first, and so on; the last one stays."""
    left = list(answers)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def status(publisher: Any, code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer with that status and no body."""
    return lambda handler: publisher.send(handler, b"", status=code, **headers)


def whole(publisher: Any, body: bytes = b"all of it", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A good answer."""
    return lambda handler: publisher.send(handler, body, **headers)


def test_a_body_comes_whole_with_safe_headers_only(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Bytes land in the file; cookies and unknown headers are not handed on."""
    publisher.tells("/a", b"bytes", Content_Type="text/csv", ETag='"1"', Set_Cookie="session=1", X_Key="k")
    answer = make().fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"bytes"
    assert answer.size_bytes == 5
    assert {name for name, _ in answer.headers} == {"content-length", "content-type", "date", "etag"}


def test_what_we_hold_is_not_sent_again(publisher: Any, make: Make, tmp_path: Path) -> None:
    """With the validators of last time the answer is 304 and no file is written."""
    publisher.answers["/a"] = status(publisher, 304)
    answer = make().fetch(Ask(f"{publisher.address}/a", etag='"1"', last_modified="yesterday"), tmp_path / "a")
    assert answer.is_unchanged
    assert not (tmp_path / "a").exists()
    assert publisher.asked[0][1]["if-none-match"] == '"1"'
    assert publisher.asked[0][1]["if-modified-since"] == "yesterday"


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        (401, ConfigurationError, "refuses access (401)"),
        (403, ConfigurationError, "refuses access (403)"),
        (404, InputNotFoundError, "not there"),
        (410, InputNotFoundError, "withdrawn for good (410)"),
        (418, InputNotFoundError, "418"),
        (304, InputNotFoundError, "304"),
    ],
)
def test_what_fails_for_good_is_not_tried_again(
    publisher: Any, make: Make, tmp_path: Path, code: int, kind: type[ForewarnError], word: str
) -> None:
    """One request, one error that says what the publisher answered, no secret in it."""
    publisher.answers["/a"] = status(publisher, code)
    with pytest.raises(kind) as caught:
        make().fetch(Ask(f"{publisher.address}/a", SECRET), tmp_path / "a")
    assert word in str(caught.value)
    assert "very-secret" not in str(caught.value) + repr(caught.value.__dict__)
    assert len(publisher.asked) == 1


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7.0), ("Sat, 01 Jun 2024 12:00:30 GMT", 30.0), ("soon", 1.0), ("Sat, 01 Jun 2024 11:00:00 GMT", 1.0)],
)
def test_a_pause_asked_for_is_kept(
    publisher: Any, make: Make, tmp_path: Path, waits: list[float], asked: str, waited: float
) -> None:
    """429 with Retry-After, in seconds or as a date: that long is waited, else our own pause."""
    publisher.answers["/a"] = in_turn(publisher, status(publisher, 429, Retry_After=asked), whole(publisher))
    make().fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert waits == [pytest.approx(waited)]


def test_a_pause_too_long_ends_the_fetch(publisher: Any, make: Make, tmp_path: Path, waits: list[float]) -> None:
    """Who asks for an hour is not asked again before it: the error says so."""
    publisher.answers["/a"] = status(publisher, 429, Retry_After="3600")
    with pytest.raises(InputNotFoundError, match=r"asks to wait 3,600 s"):
        make().fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert waits == []


def test_passing_failures_are_tried_again_with_growing_pauses(
    publisher: Any, make: Make, tmp_path: Path, waits: list[float]
) -> None:
    """500, 502, 503, then the answer."""
    bad = [status(publisher, code) for code in (500, 502, 503)]
    publisher.answers["/a"] = in_turn(publisher, *bad, whole(publisher))
    make().fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"all of it"
    assert waits == [1.0, 2.0, 4.0]


def test_attempts_come_to_an_end(publisher: Any, make: Make, tmp_path: Path, waits: list[float]) -> None:
    """A publisher that is down for long is given up after the attempts of the policy."""
    publisher.answers["/a"] = status(publisher, 500)
    with pytest.raises(InputNotFoundError, match=r"answered 500, 3 times in a row"):
        make(attempts=3).fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert len(publisher.asked) == 3
    assert len(waits) == 2


def test_nobody_at_home(make: Make, tmp_path: Path) -> None:
    """A port where nobody listens is an error, not a crash."""
    with pytest.raises(InputNotFoundError, match="cannot be reached"):
        make(hosts=frozenset({"127.0.0.1:9"}), attempts=1).fetch(Ask("http://127.0.0.1:9/"), tmp_path / "a")


BODY = bytes(range(256)) * 400


def cut(publisher: Any, at: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Promise the whole body and hang up in the middle."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(BODY[:at])
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def ranged(publisher: Any, etag: str, body: bytes = BODY) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer ranges as RFC 9110 says: the rest where If-Range still holds, else everything."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        start = handler.headers.get("Range", "").removeprefix("bytes=").rstrip("-")
        if start and handler.headers.get("If-Range") == etag:
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            publisher.send(handler, body[int(start) :], status=206, ETag=etag, Content_Range=span)
        else:
            publisher.send(handler, body, ETag=etag)

    return answer


def test_a_cut_download_goes_on_where_it_stopped(publisher: Any, make: Make, tmp_path: Path) -> None:
    """The connection is cut, the second request asks for the rest only, and the bytes are the same."""
    publisher.answers["/a"] = in_turn(publisher, cut(publisher, 50_000, ETag='"v1"'), ranged(publisher, '"v1"'))
    make().fetch(Ask(f"{publisher.address}/a", is_resumable=True), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    assert publisher.asked[1][1]["range"] == "bytes=50000-"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_cut_download_goes_on_in_a_later_run(publisher: Any, make: Make, tmp_path: Path) -> None:
    """What an ended run has left is used by the next."""
    publisher.answers["/a"] = cut(publisher, 50_000, ETag='"v1"')
    with pytest.raises(InputNotFoundError, match="broke off"):
        make(attempts=1).fetch(Ask(f"{publisher.address}/a", is_resumable=True), tmp_path / "a")
    publisher.answers["/a"] = ranged(publisher, '"v1"')
    make().fetch(Ask(f"{publisher.address}/a", is_resumable=True), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    assert publisher.asked[-1][1]["range"] == "bytes=50000-"


def test_a_part_of_something_else_is_thrown_away(publisher: Any, make: Make, tmp_path: Path) -> None:
    """The file changed in between: the new one comes whole, nothing of the old one stays."""
    new = BODY[::-1]
    publisher.answers["/a"] = in_turn(publisher, cut(publisher, 50_000, ETag='"v1"'), ranged(publisher, '"v2"', new))
    make().fetch(Ask(f"{publisher.address}/a", is_resumable=True), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == new


def test_a_wrong_part_is_never_glued_on(publisher: Any, make: Make, tmp_path: Path) -> None:
    """A server that answers 206 with another validator or another start does not get its bytes into the file."""
    liar = in_turn(
        publisher,
        cut(publisher, 50_000, ETag='"v1"'),
        lambda h: publisher.send(h, b"x" * 9, status=206, ETag='"v2"', Content_Range="bytes 50000-50008/50009"),
        lambda h: publisher.send(h, BODY, ETag='"v2"'),
    )
    publisher.answers["/a"] = liar
    make().fetch(Ask(f"{publisher.address}/a", is_resumable=True), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    assert "range" not in publisher.asked[2][1]


def test_without_a_validator_it_starts_anew(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Nobody vouches that the rest belongs to the part, so the whole is fetched again."""
    publisher.answers["/a"] = in_turn(publisher, cut(publisher, 50_000), whole(publisher, BODY))
    make().fetch(Ask(f"{publisher.address}/a", is_resumable=True), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    assert "range" not in publisher.asked[1][1]


def test_another_media_type_is_refused(publisher: Any, make: Make, tmp_path: Path) -> None:
    """A log-in page with status 200 is not taken for data."""
    publisher.tells("/a", b"<html>please log in</html>", Content_Type="text/html; charset=utf-8")
    with pytest.raises(InputFormatError, match=r"is 'text/html', not application/json"):
        make().fetch(Ask(f"{publisher.address}/a", media_types=("application/json",)), tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_an_endless_body_is_ended(publisher: Any, make: Make, tmp_path: Path) -> None:
    """A body without an end is refused at the limit and leaves nothing."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while True:
            handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    publisher.answers["/a"] = endless
    with pytest.raises(InputError, match="larger than 1,000,000 bytes"):
        make(largest_bytes=1_000_000).fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_an_announced_size_is_believed_when_too_large(publisher: Any, make: Make, tmp_path: Path) -> None:
    """The limit of one question holds before a byte is read."""
    publisher.tells("/a", b"x" * 2_000)
    with pytest.raises(InputError, match="larger than 1,000 bytes"):
        make().fetch(Ask(f"{publisher.address}/a", largest_bytes=1_000), tmp_path / "a")


def test_packed_bodies_are_unpacked(publisher: Any, make: Make, tmp_path: Path) -> None:
    """What was gzipped for the way is kept unpacked."""
    publisher.tells("/a", gzip.compress(BODY), Content_Encoding="gzip")
    assert make().fetch(Ask(f"{publisher.address}/a"), tmp_path / "a").size_bytes == len(BODY)
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_gzip_bomb_is_refused(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Half a megabyte that unpacks to half a gigabyte stops early."""
    publisher.tells("/a", gzip.compress(b"\0" * 100_000_000, 1), Content_Encoding="gzip")
    with pytest.raises(InputFormatError, match="unpacks to more than 200 times"):
        make().fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "encoding", "kind", "word"),
    [
        (b"not gzip at all", "gzip", InputFormatError, "damaged gzip"),
        (gzip.compress(BODY)[:-9], "gzip", InputNotFoundError, "was cut off"),
        (b"brotli?", "br", InputFormatError, "nobody asked for"),
    ],
)
def test_bad_packing_is_refused(
    publisher: Any, make: Make, tmp_path: Path, body: bytes, encoding: str, kind: type[ForewarnError], word: str
) -> None:
    """Damaged, cut off or unknown: never taken for the body."""
    publisher.tells("/a", body, Content_Encoding=encoding)
    with pytest.raises(kind, match=word):
        make(attempts=2).fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")


def test_a_slow_drip_ends_at_the_total_time(publisher: Any, make: Make, tmp_path: Path) -> None:
    """A byte now and then keeps no connection alive beyond the total time."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    publisher.answers["/a"] = drip
    before = time.monotonic()
    with pytest.raises(InputNotFoundError, match="took too long"):
        make(total_s=0.4, silence_s=0.2).fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert time.monotonic() - before < 1.5


def test_silence_ends_a_connection(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Nothing for longer than the silence allowed, in the middle of the headers."""

    def silent(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        time.sleep(1)
        handler.close_connection = True

    publisher.answers["/a"] = silent
    with pytest.raises(InputNotFoundError, match="fell silent"):
        make(silence_s=0.1, attempts=1).fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")


def test_redirects_are_followed_with_the_credential_at_home(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Within one host the credential goes along."""
    publisher.answers["/a"] = status(publisher, 302, Location="/b")
    publisher.tells("/b", b"there")
    make().fetch(Ask(f"{publisher.address}/a", SECRET), tmp_path / "a")
    assert [headers["authorization"] for _, headers in publisher.asked] == [SECRET.value, SECRET.value]


def test_a_redirect_to_another_host_takes_no_credential(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Another name for the same machine is another host: the secret stays behind, in headers and addresses."""
    elsewhere = publisher.address.replace("127.0.0.1", "localhost")
    publisher.answers["/a"] = status(publisher, 307, Location=f"{elsewhere}/b")
    publisher.tells("/b", b"there")
    hosts = frozenset({publisher.host, publisher.host.replace("127.0.0.1", "localhost")})
    outbound = make(hosts=hosts, private_addresses=frozenset({"127.0.0.1", "::1"}))
    for credential in (SECRET, Credential("appname", "very-secret-name", in_query=True)):
        publisher.asked.clear()
        outbound.fetch(Ask(f"{publisher.address}/a", credential), tmp_path / "a")
        assert credential.value in str(publisher.asked[0])
        assert credential.value not in str(publisher.asked[1])


@pytest.mark.parametrize(
    ("location", "kind", "word"),
    [
        ("http://169.254.169.254/latest/meta-data", RuleError, "not public"),
        ("http://10.0.0.1/", RuleError, "not public"),
        ("http://127.0.0.2/", RuleError, "not public"),
        ("http://[::1]/", RuleError, "not public"),
        ("http://[::ffff:10.0.0.1]/", RuleError, "not public"),
        ("http://evil.example/", ConfigurationError, "not a host we may ask"),
        ("file:///etc/passwd", InputValueError, "no address"),
        ("gopher://127.0.0.1/", InputValueError, "no address"),
        ("http://user:pw@127.0.0.1/", InputValueError, "user or password"),
        ("", InputNotFoundError, "nowhere"),
    ],
)
def test_redirects_are_checked_like_the_first_address(
    publisher: Any, make: Make, tmp_path: Path, location: str, kind: type[ForewarnError], word: str
) -> None:
    """Even where the allow-list would let the name pass, private addresses stay closed."""
    publisher.answers["/a"] = status(publisher, 302, Location=location)
    private = {"169.254.169.254", "10.0.0.1", "127.0.0.2", "::1", "::ffff:10.0.0.1"}
    with pytest.raises(kind, match=word):
        make(hosts=frozenset({publisher.host, *private})).fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")


def test_redirects_come_to_an_end(publisher: Any, make: Make, tmp_path: Path) -> None:
    """A circle is left after five."""
    publisher.answers["/a"] = status(publisher, 302, Location="/a")
    with pytest.raises(InputNotFoundError, match="redirects more than 5 times"):
        make().fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert len(publisher.asked) == 6


def test_by_default_nothing_is_allowed(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Without a list no request leaves, and the right host on another port is another host."""
    for hosts in (frozenset[str](), frozenset({"127.0.0.1"}), frozenset({f"{publisher.host}/folder/"})):
        with pytest.raises(ConfigurationError, match="not a host we may ask"):
            make(hosts=hosts).fetch(Ask(f"{publisher.address}/a"), tmp_path / "a")
    assert publisher.asked == []


def test_the_own_machine_is_closed_without_the_switch_of_tests(publisher: Any, make: Make, tmp_path: Path) -> None:
    """A name on the allow-list that leads to this machine is refused after it was resolved."""
    host = publisher.host.replace("127.0.0.1", "localhost")
    closed = make(hosts=frozenset({host, publisher.host}), private_addresses=frozenset())
    for name in (host, publisher.host):
        with pytest.raises(RuleError, match="not public"):
            closed.fetch(Ask(f"http://{name}/a"), tmp_path / "a")
    assert publisher.asked == []


def test_a_credential_never_goes_over_http(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Outside tests a token is refused on an open line before anything is sent."""
    closed = make(private_addresses=frozenset())
    with pytest.raises(RuleError, match="https only"):
        closed.fetch(Ask(f"{publisher.address}/a", SECRET), tmp_path / "a")


def test_a_name_is_resolved_once_per_connection(
    publisher: Any, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers differently the second time (rebinding) gains nothing: the checked address is used."""
    port = int(publisher.host.rpartition(":")[2])
    asked: list[str] = []

    def resolve(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if asked.count("changing.example") == 1 else "127.0.0.9"
        return [(2, 1, 6, "", (address, port))]

    publisher.tells("/a", b"there")
    outbound = make(hosts=frozenset({f"changing.example:{port}"}))
    monkeypatch.setattr("socket.getaddrinfo", resolve)
    outbound.fetch(Ask(f"http://changing.example:{port}/a"), tmp_path / "a")
    assert asked.count("changing.example") == 1
    assert publisher.asked[0][1]["host"] == f"changing.example:{port}"


def test_an_appname_goes_along_and_is_not_recorded(publisher: Any, make: Make, tmp_path: Path) -> None:
    """A credential in the query is sent, and the address handed back is without it, also where a page echoes it."""
    publisher.tells("/a", b"there")
    name = Credential("appname", "very-secret-name", in_query=True)
    answer = make().fetch(Ask(f"{publisher.address}/a?page=2&appname=very-secret-name", name), tmp_path / "a")
    assert publisher.asked[0][0] == "/a?page=2&appname=very-secret-name"
    assert answer.address == f"{publisher.address}/a?page=2"


def test_a_form_is_posted_and_not_redirected(publisher: Any, make: Make, tmp_path: Path) -> None:
    """Signing in sends the form to its own address and nowhere else."""
    publisher.answers["/token"] = status(publisher, 307, Location="/elsewhere")
    with pytest.raises(InputNotFoundError, match="307"):
        make().fetch(Ask(f"{publisher.address}/token", form={"password": "secret"}), tmp_path / "a")
    assert [path for path, _ in publisher.asked] == ["/token"]


def test_a_certificate_nobody_vouches_for_is_refused(make: Make, tmp_path: Path, waits: list[float]) -> None:
    """TLS is checked against the name asked for; a self-made certificate ends the fetch at the first attempt."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    subprocess.run([*made, "-subj", "/CN=localhost", "-days", "1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host = f"localhost:{listening.getsockname()[1]}"
        greeting = threading.Thread(target=_shake_hands, args=(listening, context))
        greeting.start()
        outbound = make(hosts=frozenset({host}), private_addresses=frozenset({"127.0.0.1", "::1"}), silence_s=2.0)
        with pytest.raises(InputNotFoundError, match="certificate that is not trusted"):
            outbound.fetch(Ask(f"https://{host}/", SECRET), tmp_path / "a")
        greeting.join()
    assert waits == []


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Take one connection and offer TLS on it."""
    connection, _ = listening.accept()
    with contextlib.suppress(OSError), connection, context.wrap_socket(connection, server_side=True):
        pass

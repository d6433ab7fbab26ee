"""Notices are told to the right people, say little, are signed, and leave a receipt; on real local servers."""

from __future__ import annotations

import email
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from forewarn.exchange.delivery import SIGNATURE, Way, deliver, notice_feed, notice_text, notice_web, recipients_of
from forewarn.model.delivery import Notice, Recipient
from forewarn.outbound import Outbound, Policy
from forewarn.outbound.mail import Relay

NOW = datetime(2025, 9, 1, 12, tzinfo=UTC)
NOTICE = Notice("alr_" + "a" * 64, 1, "issued", "", "The Council", "W3", "XKC", datetime(2025, 9, 10, 12, tzinfo=UTC))
MAIL = Recipient("the  COUNCIL", "email", "duty@example.org", "desk", NOW)


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on this machine that keeps what it is sent; one recipient is refused."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.kept: list[str] = []
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 local")
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("RCPT") and "nobody" in line:
                self.say("550 no such mailbox")
            elif word == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.kept.append(b"".join(lines).decode())  # type: ignore[attr-defined]
                self.say("250 kept")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 local")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Running for one test."""
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def by_mail(server: MailServer) -> Way:
    """The way to the local mail server."""
    return Way(relay=Relay("127.0.0.1", server.server_address[1]), sender="forewarn@example.org")


def test_a_notice_goes_to_its_addressee_and_those_told_of_all() -> None:
    """Roles are compared however they are cased or spaced; an alert without an addressee goes to no role."""
    everybody = replace(MAIL, role="*")
    other = replace(MAIL, role="Another body")
    assert recipients_of(NOTICE, [MAIL, everybody, other]) == (MAIL, everybody)
    assert recipients_of(replace(NOTICE, role=""), [MAIL, replace(MAIL, role=" x")]) == ()


def test_a_notice_says_little() -> None:
    """The alert, its level, the country and the deadline; an exercise is called one."""
    text = notice_text(NOTICE)
    assert "2025-09-10T12:00:00Z" in text
    assert "says no more on purpose" in text
    assert notice_text(replace(NOTICE, fictional=True)).startswith("EXERCISE")


def test_mail_is_handed_over_with_a_receipt(mail_server: MailServer) -> None:
    """A real server takes it; the receipt holds no address; a refused recipient is a failure with a mend."""
    receipt = deliver(NOTICE, MAIL, by_mail(mail_server), NOW)
    assert receipt.handed_over
    message = email.message_from_string(mail_server.kept[0])
    assert message["To"] == "duty@example.org"
    assert "[Forewarn W3]" in str(message["Subject"])
    assert NOTICE.notice_id in str(message["Message-ID"])
    refused = deliver(NOTICE, replace(MAIL, address="nobody@example.org"), by_mail(mail_server), NOW)
    assert not refused.handed_over
    assert "refuses the recipient" in refused.detail
    assert "example.org" not in receipt.detail + refused.detail


def test_an_account_never_goes_in_plain(mail_server: MailServer) -> None:
    """A server without TLS gets no password."""
    relay = Relay("127.0.0.1", mail_server.server_address[1], "desk", "very-secret")
    receipt = deliver(NOTICE, MAIL, Way(relay=relay, sender="a@example.org"), NOW)
    assert not receipt.handed_over
    assert "TLS" in receipt.detail
    assert "very-secret" not in repr(relay) + receipt.detail


def test_a_webhook_is_signed_and_sent_once_by_key(publisher: Any) -> None:
    """The receiver can check who sent it; a failure in passing is tried again with the same key."""
    got: list[tuple[bytes, dict[str, str]]] = []

    def take(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        got.append((body, {name.lower(): value for name, value in handler.headers.items()}))
        publisher.send(handler, b"", status=503 if len(got) == 1 else 202)

    publisher.answers["/hook"] = take
    policy = Policy(frozenset({publisher.host}), private_addresses=frozenset({"127.0.0.1"}))
    outbound = Outbound(policy, sleep=lambda _: None)
    way = Way(outbound=outbound, secret=b"shared-secret".decode())
    receipt = deliver(NOTICE, Recipient("The Council", "webhook", f"{publisher.address}/hook", "desk", NOW), way, NOW)
    outbound.close()
    assert (receipt.handed_over, receipt.detail) == (True, "answered 202")
    body, headers = got[1]
    signed = hmac.new(b"shared-secret", body, hashlib.sha256).hexdigest()
    assert headers[SIGNATURE.lower()] == f"sha256={signed}"
    assert [one[1]["idempotency-key"] for one in got] == [NOTICE.notice_id] * 2
    assert json.loads(body) == json.loads(notice_web(NOTICE))
    assert set(json.loads(body)) == {
        "alert", "country", "decision_needed_by", "exercise", "kind", "level", "notice", "version",
    }  # fmt: skip


@pytest.mark.parametrize("status", [301, 400, 404, 410])
def test_a_body_is_carried_nowhere_else(publisher: Any, status: int) -> None:
    """Redirects are not followed and refusals are failures."""
    publisher.tells("/hook", b"", status=status, Location=f"{publisher.address}/other")
    publisher.tells("/other", b"")
    policy = Policy(frozenset({publisher.host}), private_addresses=frozenset({"127.0.0.1"}))
    outbound = Outbound(policy, sleep=lambda _: None)
    recipient = Recipient("*", "webhook", f"{publisher.address}/hook", "desk", NOW)
    assert not deliver(NOTICE, recipient, Way(outbound=outbound), NOW).handed_over
    outbound.close()
    assert [path for path, _ in publisher.asked] == ["/hook"]


def test_a_webhook_in_the_own_network_is_refused(publisher: Any) -> None:
    """An allowed name that leads to this machine is not asked."""
    outbound = Outbound(Policy(frozenset({publisher.host})), sleep=lambda _: None)
    recipient = Recipient("*", "webhook", f"{publisher.address}/hook", "desk", NOW)
    receipt = deliver(NOTICE, recipient, Way(outbound=outbound), NOW)
    outbound.close()
    assert not receipt.handed_over
    assert "not public" in receipt.detail


def test_without_a_way_nothing_leaves() -> None:
    """Neither mail server nor host set: a failure that says what to set."""
    for recipient in (MAIL, Recipient("*", "webhook", "https://example.org/hook", "desk", NOW)):
        receipt = deliver(NOTICE, recipient, Way(), NOW)
        assert not receipt.handed_over
        assert "set" in receipt.detail or "allow" in receipt.detail


def test_the_feed_is_atom_and_the_same_for_the_same() -> None:
    """Newest first; the order given does not matter."""
    entries = [(NOTICE, NOW), (replace(NOTICE, kind="reminder", mark="72"), NOW.replace(day=7))]
    feed = notice_feed(entries)
    assert feed == notice_feed(reversed(entries))
    root = ET.fromstring(feed)  # noqa: S314 - our own bytes
    atom = "{http://www.w3.org/2005/Atom}"
    assert [one.findtext(f"{atom}updated") for one in root.iter(f"{atom}entry")] == [
        "2025-09-07T12:00:00Z", "2025-09-01T12:00:00Z",
    ]  # fmt: skip

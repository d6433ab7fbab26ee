"""E-mail: what was said and when, never who said it; attachments by digest alone."""

from __future__ import annotations

import hashlib
import json
import mailbox
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.collect.channels import mail
from forewarn.collect.channels.mail import read
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]


def message(subject: str = "Hélas", *, html: bool = False) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Planted Name <planted@example.org>"
    made["To"] = "Planted Name <planted@example.org>"
    made["Received"] = "from planted.example.org"
    made["Message-ID"] = "<1@planted.example.org>"
    made["Date"] = "Wed, 01 May 2024 01:00:00 +0200"
    made["Subject"] = subject
    made.set_content("<p>Some wörds</p>" if html else "Some wörds\n", subtype="html" if html else "plain")
    return made


def rows_of(tmp_path: Path, data: bytes) -> list[dict[str, str | None]]:
    path = tmp_path / "given"
    path.write_bytes(data)
    return [row for chunk in read(path, "given") for row in chunk.frame.to_dicts()]


@pytest.mark.parametrize("html", [False, True])
def test_a_message_is_a_statement_without_its_sender(collect: Collect, tmp_path: Path, html: bool) -> None:
    """Subject, day in UTC, text without markup; the id is a digest, for ids name the sender's machine."""
    data = message(html=html).as_bytes()
    report = collect("email", data, file="one.eml")[0].reports.row(0, named=True)
    assert (report["title"], report["published_on"], report["kind"]) == ("Hélas", "2024-04-30", "statement")
    assert report["sensitivity"] == "severe"
    (row,) = rows_of(tmp_path, data)
    assert row["text"] == "Some wörds"
    assert "lanted" not in json.dumps(row) + json.dumps(report)


def test_attachments_are_listed_by_digest(tmp_path: Path) -> None:
    """A file's name may be a person's, and its content is none of ours."""
    one = message()
    one.add_attachment(b"Planted", maintype="image", subtype="jpeg", filename="Planted Name.jpg")
    (row,) = rows_of(tmp_path, one.as_bytes())
    assert json.loads(row["attachments"] or "") == [
        {"name_sha256": hashlib.sha256(b"Planted Name.jpg").hexdigest(), "type": "image/jpeg", "size_bytes": "7"}
    ]
    assert row["text"] == "Some wörds"


def test_a_mailbox_gives_each_message_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the blocks it is read in, and though lines in a text begin with From."""
    box = mailbox.mbox(tmp_path / "box")
    for n in range(5):
        one = message(f"number {n}")
        one.set_content("first\nFrom here on\nlast\n")
        box.add(one)
    box.close()
    data = (tmp_path / "box").read_bytes()
    for block in (7, 64, 1 << 20):
        monkeypatch.setattr(mail, "_BLOCK", block)
        assert [row["subject"] for row in rows_of(tmp_path, data)] == [f"number {n}" for n in range(5)]


@pytest.mark.parametrize(
    "data",
    [
        b"Subject: " + b"x " * 200_000 + b"\n\nbody",
        b"".join(b"X-%d: y\n" % n for n in range(5_000)) + b"\nbody",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed\n\n" * 500,
        b"Subject: x\n\n" + b"\n" * 2_000_000,
        b"Subject: x\nContent-Type: text/plain; charset=none-such\nDate: soon\n\nbody",
    ],
    ids=["huge header", "many headers", "nested parts", "only lines", "bad day"],
)
def test_messages_made_to_harm_are_rejected_with_a_reason(collect: Collect, data: bytes) -> None:
    """Each is one reject; the box they lie in is read on."""
    batch = collect("email", b"From a\n" + data + b"\nFrom b\nSubject: good\n\nwords\n", file="x.mbox")[0]
    assert batch.reports["title"].to_list() == ["good"]
    assert batch.rejects.height == 1
    assert all(batch.rejects.row(0, named=True)[key] for key in ("reason", "mend"))


def test_a_message_that_is_too_large_is_passed_over(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without holding it in memory."""
    monkeypatch.setattr(mail, "LARGEST_BYTES", 1_000)
    monkeypatch.setattr(mail, "_BLOCK", 100)
    data = b"From a\nSubject: big\n\n" + b"x" * 50_000 + b"\n\nFrom b\nSubject: good\n\nwords\n"
    batch = collect("email", data)[0]
    assert batch.reports["title"].to_list() == ["good"]
    assert "larger than" in batch.rejects["reason"][0]


def test_what_is_no_message_is_refused(collect: Collect) -> None:
    """The file as a whole."""
    with pytest.raises(InputFormatError, match="no header"):
        collect("email", b"just words\n")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.one_of(
            st.sampled_from(
                [b"Subject: x", b"Date: 1", b"Message-ID: <", b"Content-Type: multipart/mixed; boundary=a", b"--a", b""]
            ),
            st.sampled_from([b"Content-Type: text/html; charset=\xff", b"From x", b" folded", b"Subject: =?x?q?=FF?="]),
            st.binary(max_size=20),
        ),
        max_size=12,
    )
)
def test_any_lines_are_read_or_refused(collect: Collect, lines: list[bytes]) -> None:
    """Malformed headers, charsets and parts never get further than a reject."""
    with suppress(ForewarnError):
        batches = collect("email", b"From a\n" + b"\n".join(lines))
        assert sum(b.read for b in batches) == sum(b.reports.height + b.rejects.height for b in batches)

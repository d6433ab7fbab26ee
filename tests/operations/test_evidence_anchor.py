"""Anchoring: a real RFC 3161 exchange with an authority made for the test, and what its answer proves."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from forewarn.account.timestamps import proved, read_roots
from forewarn.config import load_settings
from forewarn.errors import ConfigurationError, InputFormatError, LifecycleError, UsageError
from forewarn.model.evidence import Consent
from forewarn.operations import evidence as e
from forewarn.operations.evidence_anchor import anchor, anchored
from forewarn.operations.evidence_check import check
from forewarn.operations.evidence_sharing import check_package, export, record_consent
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.outbound import Outbound, Policy

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Test authority
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_cert = leaf.pem
signer_key = leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """A timestamping authority in a folder, run by OpenSSL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        new = "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config cnf"
        self.run(f"{new} -x509 -days 9 -extensions root -keyout root.key -out root.pem")
        self.run(f"{new} -subj /CN=Stamp -keyout leaf.key -out leaf.csr")
        sign = (
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 9 -extfile cnf -extensions leaf"
        )
        self.run(f"{sign} -out leaf.pem")

    def run(self, arguments: str) -> None:
        """Run OpenSSL in the folder."""
        subprocess.run(["openssl", *arguments.split()], cwd=self.folder, check=True, capture_output=True)

    def answer(self, handler: BaseHTTPRequestHandler, publisher: Any) -> None:
        """Answer a request for a timestamp."""
        (self.folder / "query").write_bytes(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.run("ts -reply -config cnf -section one -queryfile query -out reply")
        kind = {"Content_Type": "application/timestamp-reply"}
        publisher.send(handler, (self.folder / "reply").read_bytes(), **kind)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority; the test is skipped where there is no OpenSSL."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl")
    return Authority(tmp_path_factory.mktemp("tsa") / "a")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with one item."""
    settings = load_settings({"workspace": tmp_path / "w", "author": "officer"}, environ={})
    init(settings)
    file = tmp_path / "a.txt"
    file.write_bytes(b"one")
    with opened(settings) as workspace:
        when = datetime(2026, 1, 1, tzinfo=UTC)
        e.add(workspace, file, e.Acquisition("there", when, "handed over", "proof"), by="officer")
        yield workspace


def test_DNH_08_a_head_is_timestamped_proved_and_proved_again_offline(
    workspace: Workspace, authority: Authority, publisher: Any
) -> None:
    """The answer is real, covers the head alone, and is checked; another root, another head, or an edit is refused."""
    publisher.answers["/tsr"] = lambda handler: authority.answer(handler, publisher)
    outbound = Outbound(Policy(frozenset({publisher.host}), private_addresses=frozenset({"127.0.0.1"})))
    root = authority.folder / "root.pem"
    with contextlib.closing(outbound):
        made, stamp = anchor(workspace, f"{publisher.address}/tsr", root, by="officer", why="daily", outbound=outbound)
    assert made.position == 1
    assert check(workspace).faults == ()
    assert [one.act for one in e.log_of(workspace)] == ["intake", "anchor"]
    token, roots = base64.b64decode(made.token), read_roots(root.read_bytes())
    assert proved(token, made.head, roots) == stamp
    other = Authority(authority.folder.parent / f"other-{stamp.imprint[:6]}")
    for head, trusted in (("cst_other", roots), (made.head, read_roots((other.folder / "root.pem").read_bytes()))):
        with pytest.raises(InputFormatError):
            proved(token, head, trusted)
    _travels(workspace, authority, other)
    with workspace.database.writing() as connection:
        connection.execute(text("DROP TRIGGER custody_anchors_no_update"))
        connection.execute(text("UPDATE custody_anchors SET at = '2001-01-01T00:00:00Z'"))
    assert ["timestamp" in fault.where for fault in check(workspace).faults] == [True]


SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#define LATER (10L * 366 * 86400)
int clock_gettime(clockid_t id, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(id, at);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) at->tv_sec += LATER;
    return done;
}
int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec; at->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
int connect(int fd, const struct sockaddr *to, socklen_t size) { errno = ENETUNREACH; return -1; }
int getaddrinfo(const char *a, const char *b, const void *c, void **d) { return -3; }
"""
YEARS_ON = """
import base64, sys
from datetime import UTC, datetime
from pathlib import Path
from forewarn.__main__ import main
from forewarn.account.timestamps import proved, read_roots
from forewarn.store import Database
from forewarn.store.evidence import read_anchors
workspace, root = Path(sys.argv[1]), Path(sys.argv[2])
roots = read_roots(root.read_bytes())
assert roots[0].not_valid_after_utc < datetime.now(UTC), "the certificate has expired"
with Database.at(workspace / "forewarn.db").reading() as connection:
    ((_, one),) = read_anchors(connection)
proved(base64.b64decode(one.token), one.head, roots)
raise SystemExit(main(["evidence", "verify", "--json", "--workspace", str(workspace)]))
"""


def test_DNH_08_the_proof_holds_ten_years_on_without_a_network(
    workspace: Workspace, authority: Authority, publisher: Any, tmp_path: Path
) -> None:
    """With the clock of the whole process ten years on, certificates expired, and every connection refused."""
    if shutil.which("gcc") is None:
        pytest.skip("needs a compiler to move the clock")
    publisher.answers["/tsr"] = lambda handler: authority.answer(handler, publisher)
    outbound = Outbound(Policy(frozenset({publisher.host}), private_addresses=frozenset({"127.0.0.1"})))
    root = authority.folder / "root.pem"
    with contextlib.closing(outbound):
        anchor(workspace, f"{publisher.address}/tsr", root, by="officer", why="daily", outbound=outbound)
    source, shim = tmp_path / "shim.c", tmp_path / "shim.so"
    source.write_text(SHIM)
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", shim, source, "-ldl"], check=True)
    run = [sys.executable, "-c", YEARS_ON, str(workspace.paths.root), str(root)]
    done = subprocess.run(run, env={**os.environ, "LD_PRELOAD": str(shim)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["holds"], told["items"], told["anchors"]) == (True, 1, 1)


def _travels(workspace: Workspace, authority: Authority, other: Authority) -> None:
    """In a package the timestamp is proved by OpenSSL alone, some days on, and by ours with its root and no other."""
    bag, item = workspace.paths.root.parent / "bag", e.listed(workspace)[0]
    agreed = Consent("published openly", "accountability", "investigators")
    record_consent(workspace, item.evidence_id, agreed, by="officer", why="recorded late")
    export(
        workspace,
        [item.evidence_id],
        bag,
        to="the court",
        audience="investigators",
        purpose="accountability",
        by="officer",
        why="asked",
    )
    assert check_package(bag, authority.folder / "root.pem") == ()
    assert [one.where for one in check_package(bag, other.folder / "root.pem")] == ["data/timestamps/1.tsr"]
    stamps = bag / "data" / "timestamps"
    ask = f"ts -verify -data {stamps}/1.txt -in {stamps}/1.tsr -CAfile root.pem -attime {int(time.time()) + 86_400 * 8}"
    authority.run(ask)
    stamps.joinpath("1.txt").write_text("cst_other")
    with pytest.raises(subprocess.CalledProcessError):
        authority.run(ask)


def test_DNH_33_nobody_is_asked_who_is_not_allowed(workspace: Workspace, tmp_path: Path, authority: Authority) -> None:
    """By default no authority may be asked; a witness file needs no network and holds a count and a digest."""
    root = authority.folder / "root.pem"
    with pytest.raises(ConfigurationError):
        anchored(workspace, "https://tsa.example.org/", root, None, by="officer", why="daily")
    with pytest.raises(UsageError):
        anchored(workspace, "", None, None, by="officer", why="daily")
    anchored(workspace, "", None, tmp_path / "head.json", by="officer", why="daily")
    told = json.loads((tmp_path / "head.json").read_text())
    assert set(told) == {"entries", "head", "written_at"}
    assert told["head"] == e.log_of(workspace)[-1].digest


def test_an_empty_log_has_no_head(tmp_path: Path) -> None:
    """There is nothing to anchor yet."""
    settings = load_settings({"workspace": tmp_path / "w"}, environ={})
    init(settings)
    with opened(settings) as workspace, pytest.raises(LifecycleError):
        anchored(workspace, "", None, tmp_path / "head.json", by="officer", why="daily")

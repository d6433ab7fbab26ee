"""Where parallel work runs: here, in threads, in processes, on Dask or on Spark, by one setting.

The seam is joblib's backend, so nothing above knows which it is. Work is a function over tasks; results
come in the order of the tasks, and the numbers may not depend on the backend: whoever draws random numbers
keys them on the task, never on the worker.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

from joblib import Parallel, delayed, parallel_config

from forewarn.errors import ConfigurationError, MissingExtraError, shorten

__all__ = ["BACKENDS", "HERE", "Backend", "backend_from_text", "run_each"]

BACKENDS = ("dask", "loky", "sequential", "spark", "threading")
"""``loky`` is processes on this machine; ``dask`` and ``spark`` are optional extras."""

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_LIBRARIES = {"dask": ("distributed", "distributed"), "spark": ("joblibspark", "joblibspark pyspark")}


@dataclass(frozen=True, slots=True)
class Backend:
    """A place to run.

    ``workers`` is how many tasks run at once, ``None`` for as many as there are processors (or as the
    cluster has). ``address`` is Dask's scheduler; without one a local cluster lives as long as the work.
    """

    name: str = "sequential"
    workers: int | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.name not in BACKENDS:
            raise ConfigurationError(
                f"'{shorten(self.name)}' is not one of {', '.join(BACKENDS)}",
                where="backend",
                mend="use one of them",
            )
        if self.workers is not None and self.workers < 1:
            raise ConfigurationError(f"{self.workers} workers", where="backend", mend="give 1 or more")


HERE = Backend()
"""One task after the other, in this process."""


def backend_from_text(text: str) -> Backend:
    """A backend from its setting: ``loky``, ``loky:4``, ``dask``, ``dask:tcp://host:8786``, ``spark:8``."""
    name, _, rest = text.strip().partition(":")
    if not rest:
        return Backend(name)
    if rest.isdigit():
        return Backend(name, workers=int(rest))
    if name == "dask" and re.fullmatch(r"(tcp|tls|ws|wss)://[^\s/@]+", rest):
        return Backend(name, address=rest)
    raise ConfigurationError(
        f"'{shorten(text)}' is not understood",
        where="backend",
        mend="write loky:4 for four workers, or dask:tcp://host:8786 for a scheduler",
    )


def run_each(function: Callable[[_Task], _Result], tasks: Sequence[_Task], *, backend: Backend) -> Iterator[_Result]:
    """The function applied to each task, in order, as results come in.

    Only ``sequential`` waits for each result to be taken before it starts the next task.

    Raises:
        MissingExtraError: when the backend's library is not installed.
    """
    _require_library(backend.name)
    if backend.name == "sequential":
        return map(function, tasks)
    return _run_parallel(function, tasks, backend)


def _run_parallel(function: Callable[[_Task], _Result], tasks: Sequence[_Task], backend: Backend) -> Iterator[_Result]:
    with ExitStack() as stack:
        options: dict[str, Any] = {}
        if backend.name == "dask":
            options["scheduler_host"] = backend.address or _local_cluster(stack, backend.workers)
        if backend.name == "spark":
            importlib.import_module("joblibspark").register_spark()
        # joblib knows the optional backends only inside its configuration, and keeps the one it was made with
        with parallel_config(backend=backend.name, n_jobs=backend.workers or -1, **options):
            pool = Parallel(return_as="list" if backend.name == "spark" else "generator")
        yield from pool(delayed(function)(task) for task in tasks)


def _require_library(name: str) -> None:
    module, packages = _LIBRARIES.get(name, ("", ""))
    if module and importlib.util.find_spec(module) is None:
        raise MissingExtraError(
            f"the {name} backend needs {module}, which is not installed",
            where="backend",
            mend=f"install it with: pip install {packages}",
        )


def _local_cluster(stack: ExitStack, workers: int | None) -> str:
    """A Dask cluster on this machine that ends with the work; the address of its scheduler."""
    distributed = importlib.import_module("distributed")
    cluster = stack.enter_context(
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    )
    return str(cluster.scheduler_address)

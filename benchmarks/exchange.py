"""What a sync between two servers costs: requests and seconds where nothing is new, and items taken in per second.

Two workspaces, two processes. The sender makes packages of records, as many items as asked for; the receiver syncs. The
limit of taking in is opening, verifying and parsing the same packages by the bare libraries; that of asking in vain is
a bare HTTP round trip to the same server; both in the same run. A second figure takes in packages of one item each.

    python benchmarks/exchange.py [--items 1000000] [--per-package 1000] [--single 2000] [--json]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import select

from forewarn.config import load_settings
from forewarn.exchange import hand_back
from forewarn.exchange.envelope import read_envelope
from forewarn.ids import content_id
from forewarn.model.package import PackageManifest
from forewarn.operations import partners
from forewarn.operations.init import init
from forewarn.operations.package_post import posting
from forewarn.operations.package_sync import Synced, sync_packages
from forewarn.operations.workspace import Workspace, opened
from forewarn.store.schema import package_seals

FIGURES = [f"{name}_{end}" for name in ("deaths", "civilian_deaths") for end in ("low", "best", "high")]


def records(first: int, count: int) -> pl.DataFrame:
    """Rows as a release of records has them."""
    text = {"country": "MLI", "month": "2029-03", "act": "killing", "violence": "one_sided"}
    terms = {"releasability": "TLP:GREEN", "permissible_actions": "PAP:AMBER", "purpose": "a study"}
    return pl.DataFrame({"claim_id": [content_id("clm", str(first + n)) for n in range(count)]}).with_columns(
        **{name: pl.lit(value) for name, value in {**text, **terms, "expires_on": "2099-01-01"}.items()},
        **{name: pl.lit(value) for name, value in {"latitude": 12.5, "longitude": -8.5, "degrees": 1.0}.items()},
        **{name: pl.lit(7, pl.Int64) for name in FIGURES},
    )


def make(sender: Workspace, recipient: str, items: int, each: int) -> None:
    """Packages of so many items each, waiting for the recipient."""
    mark = partners.own_keys(sender).card.fingerprint
    for begin in range(0, items, each * 50):
        with posting(sender, by="desk", out=None, writes=False) as post:
            for first in range(begin, min(begin + each * 50, items), each):
                held = hand_back(records(first, min(each, items - first)))
                told = PackageManifest(
                    "release", mark, (recipient,), 1, sender.now, "a study", sender.today + timedelta(days=30),
                    "TLP:GREEN", "PAP:AMBER", tuple(sorted(held.rows["claim_id"])),
                )  # fmt: skip
                post.send(told, held, "")


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """The server of a workspace as a process, at its address."""
    command = [sys.executable, "-m", "forewarn", "package", "serve", "--port", "0", "--json", "--by", "desk"]
    with subprocess.Popen(
        [*command, "--workspace", str(workspace.paths.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        told = ""
        while process.stdout and not told.rstrip().endswith("}"):
            told += process.stdout.readline()
        yield json.loads(told)["address"]
        process.terminate()


def bare(workspace: Workspace, reader: Workspace) -> float:
    """Seconds in which the bare libraries open, verify and parse every package made."""
    keys, card = partners.own_keys(reader), partners.own_keys(workspace).card
    taken = 0.0
    with workspace.database.reading() as connection:
        for (sealed,) in connection.execute(select(package_seals.c.sealed).execution_options(yield_per=20)):
            start = time.perf_counter()
            json.loads(read_envelope(sealed).opened_with(keys, card))
            taken += time.perf_counter() - start
    return taken


def timed(act: Callable[[], object], times: int) -> float:
    """The median of several runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def synced(workspace: Workspace) -> Synced:
    """One sync that must not fail."""
    (done,) = sync_packages(workspace, by="desk")
    if done.problem or done.refused:
        raise SystemExit(f"the sync failed: {done}")
    return done


def round_trip(address: str) -> None:
    """A request that the server refuses at once."""
    line = http.client.HTTPConnection(address.split("/")[2], timeout=10)
    line.request("POST", "/exchange", body=bytes(600))
    line.getresponse().read()
    line.close()


def measured(folder: Path, items: int, each: int) -> dict[str, float]:
    """Everything for one size of package."""
    settings = [load_settings({"workspace": folder / name, "author": "desk"}, environ={}) for name in ("a", "b")]
    for each_settings in settings:
        init(each_settings)
    with opened(settings[0]) as sender, opened(settings[1]) as receiver:
        for one, other, name in ((sender, receiver, "sender"), (receiver, sender, "receiver")):
            mark = partners.own_card(one, name, folder / name, by="desk").fingerprint
            partners.add_partner(other, folder / name, by="desk")
            partners.trust_partner(other, name, mark, by="desk")
        make(sender, partners.own_keys(receiver).card.fingerprint, items, each)
        with served(sender) as address:
            partners.set_address(receiver, "sender", address, by="desk")
            host = address.split("/")[2]
            receiver = replace(receiver, settings=replace(receiver.settings, outbound_allow=host))  # noqa: PLW2901
            start = time.perf_counter()
            done = synced(receiver)
            taken = time.perf_counter() - start
            limit = bare(sender, receiver)
            nothing, requests = timed(lambda: synced(receiver), 15), synced(receiver).requests
            trip = timed(lambda: round_trip(address), 15)
            command = [sys.executable, "-m", "forewarn", "package", "sync", "--json", "--workspace", str(folder / "b")]
            environment = {**os.environ, "FOREWARN_OUTBOUND_ALLOW": host, "FOREWARN_AUTHOR": "desk"}
            whole = timed(lambda: subprocess.run(command, env=environment, check=True, capture_output=True), 3)
    return {
        "items": items,
        "packages": done.taken,
        "requests_to_take_all": done.requests,
        "items_per_second": items / taken,
        "packages_per_second": done.taken / taken,
        "share_of_bare_libraries": limit / taken,
        "requests_when_nothing_is_new": requests,
        "seconds_when_nothing_is_new": nothing,
        "times_a_bare_round_trip": nothing / trip,
        "seconds_of_the_whole_command": whole,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--per-package", type=int, default=1_000)
    parser.add_argument("--single", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = {}
    for name, items, each in (("large", given.items, given.per_package), ("single", given.single, 1)):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measured(Path(folder), items, each)
    found["load"] = {"one_minute": os.getloadavg()[0]}
    if given.json:
        print(json.dumps(found, indent=2))
        return
    for name, figures in found.items():
        print(name, *(f"  {key.replace('_', ' ')}: {value:,.3f}" for key, value in figures.items()), sep="\n")


if __name__ == "__main__":
    main()

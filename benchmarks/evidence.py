"""How fast originals are hashed and sealed, how fast custody is verified, and whether every kind of tampering is named.

Hashing: SHA-256 and SHA3-512 of one stream at once, as intake does, beside each library function alone in the same run;
the slowest of them (SHA3-512 of OpenSSL) is the limit, and the figure is the ratio to it. Sealing: the same with
AES-256-GCM and the write to disk. Custody: entries a second of the whole check of a workspace, read from its SQLite
file, beside reading the rows and hashing their bytes alone; by the clock, and by the processor, which other load on the
machine disturbs less. Then one row at a time of that chain is altered, deleted,
inserted or moved as the owner of the database could, and the check has to name it.

    python benchmarks/evidence.py [--megabytes 256] [--entries 400000] [--json]
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forewarn.account import Digests, Head, Vault, chain_faults, digests, next_entry, write_head
from forewarn.account.custody import Link
from forewarn.account.keyfile import create_key
from forewarn.clock import instant_text
from forewarn.config import load_settings
from forewarn.ids import content_id
from forewarn.operations.evidence import key_path
from forewarn.operations.evidence_check import check
from forewarn.operations.evidence_head import HEAD_FILE
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened

BLOCK = bytes(range(256)) * 4096
MEBIBYTE = 1.048576


def stream(megabytes: int) -> Iterator[bytes]:
    """So many blocks of a mebibyte."""
    for _ in range(megabytes):
        yield BLOCK


def seconds(*works: Callable[[], object]) -> tuple[list[float], list[float]]:
    """How long each takes by the clock and by the processor, the best of three rounds in which they take turns."""
    clock, processor = [float("inf")] * len(works), [float("inf")] * len(works)
    for _ in range(3):
        for place, work in enumerate(works):
            start, used = time.perf_counter(), time.process_time()
            work()
            clock[place] = min(clock[place], time.perf_counter() - start)
            processor[place] = min(processor[place], time.process_time() - used)
    return clock, processor


class Stream(io.RawIOBase):
    """A file of that many mebibytes that costs nothing to read."""

    def __init__(self, megabytes: int) -> None:
        self._left = megabytes

    def read(self, size: int = -1) -> bytes:
        """The next block."""
        self._left -= 1
        return BLOCK if self._left >= 0 else b""


def hashing(megabytes: int) -> dict[str, float]:
    """MB/s of each library function alone, of both digests at once, and of intake; and the ratios to the slowest."""

    def family(name: str) -> Callable[[], object]:
        def work() -> None:
            digest = hashlib.new(name)
            for block in stream(megabytes):
                digest.update(block)

        return work

    def encrypted() -> None:
        cipher = AESGCM(bytes(32))
        for number, block in enumerate(stream(megabytes)):
            cipher.encrypt(number.to_bytes(12, "big"), block, b"")

    def both() -> None:
        digests(stream(megabytes))

    def intake() -> None:
        with tempfile.TemporaryDirectory() as folder:
            vault = Vault(Path(folder), create_key(Path(folder) / "key"))
            source = Stream(megabytes)
            vault.take_in(source, describe=lambda _: {}, refuse=_nothing)  # type: ignore[arg-type]

    names = ("sha256_mb_s", "sha3_512_mb_s", "aes_256_gcm_mb_s", "both_digests_mb_s", "intake_mb_s")
    taken, used = seconds(family("sha256"), family("sha3_512"), encrypted, both, intake)
    found = {name: megabytes * MEBIBYTE / one for name, one in zip(names, taken, strict=True)}
    limit = min(list(found.values())[:3])
    return {
        **{name: round(value) for name, value in found.items()},
        "both_digests_to_library_limit": round(found["both_digests_mb_s"] / limit, 2),
        "intake_to_library_limit": round(found["intake_mb_s"] / limit, 2),
        "sha3_512_mb_per_processor_s": round(megabytes * MEBIBYTE / used[1]),
        "intake_mb_per_processor_s": round(megabytes * MEBIBYTE / used[4]),
        "intake_processor_to_library_calls": round(used[4] / sum(used[:3]), 2),
    }


def _nothing(_: Digests) -> None:
    """Refuse nothing."""


def chain(length: int) -> list[Link]:
    """A chain of that many links, as stored."""
    head, links, item = Head(0, ""), [], content_id("evd", 1)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(length):
        one = next_entry(head, item, "read", by="officer", at=now, why=f"look {number}", detail={"n": str(number)})
        head = Head(one.sequence, one.digest)
        said = (one.act, one.by, instant_text(one.at), one.why, one.detail_text, one.digest)
        links.append((one.sequence, one.previous, one.evidence_id, *said))
    return links


def kept(workspace: Workspace, links: list[Link]) -> Path:
    """The chain in the workspace's database, its head signed, and the triggers gone; the database's file."""
    key = create_key(key_path(workspace))
    workspace.paths.evidence.mkdir(exist_ok=True)
    write_head(workspace.paths.evidence / HEAD_FILE, Head(len(links), links[-1][8]), key)
    path = workspace.paths.database
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.executemany("INSERT INTO custody_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", links)
        for act in ("update", "delete"):
            raw.execute(f"DROP TRIGGER custody_log_no_{act}")
    return path


def custody(entries: int) -> dict[str, float | str]:
    """Entries verified a second, and what of the tampering was named."""
    links = chain(entries)
    words = [repr(link).encode() for link in links]
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"workspace": Path(folder) / "w", "author": "benchmark"}, environ={})
        init(settings)
        with opened(settings) as workspace:
            path = kept(workspace, links)
            if check(workspace).faults:
                raise SystemExit("an untouched chain does not hold")

            def rows_alone() -> None:
                with closing(sqlite3.connect(path)) as raw:
                    for _ in raw.execute("SELECT * FROM custody_log ORDER BY sequence"):
                        pass

            taken, used = seconds(
                lambda: check(workspace),
                lambda: [None for _ in chain_faults(links)],
                rows_alone,
                lambda: [hashlib.sha256(one).hexdigest() for one in words],
            )
            whole, proof, rows, bare = taken
            return {
                "custody_entries_per_s": round(entries / whole),
                "custody_entries_per_processor_s": round(entries / used[0]),
                "proof_alone_entries_per_s": round(entries / proof),
                "check_to_reading_and_hashing_alone": round(whole / (rows + bare), 2),
                **tampered(workspace, path, links),
            }


def tampered(workspace: Workspace, path: Path, links: list[Link]) -> dict[str, str]:
    """How often a tampered row was named, of each kind: at the first, the last and three rows drawn."""
    last = len(links)
    drawn = random.Random(8)
    found = {}
    for kind, statements in _KINDS.items():
        named, rows = 0, [2, last - 1, *(drawn.randrange(3, last - 2) for _ in range(3))]
        for row in rows:
            with closing(sqlite3.connect(path)) as raw, raw:
                for statement in statements:
                    raw.execute(statement, {"row": row})
            named += any(f"custody entry {row}" in one.where for one in check(workspace).faults)
            with closing(sqlite3.connect(path)) as raw, raw:
                raw.execute("DELETE FROM custody_log WHERE sequence BETWEEN :row - 1 AND :row + 1", {"row": row})
                raw.execute("DELETE FROM custody_log WHERE sequence <= 0")
                again = links[row - 2 : row + 1]
                raw.executemany("INSERT INTO custody_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", again)
        found[f"{kind}_rows_named"] = f"{named} of {len(rows)}"
    if check(workspace).faults:
        raise SystemExit("the chain does not hold after it was mended")
    return found


_KINDS = {
    "bit_flipped": ["UPDATE custody_log SET why = 'L' || substr(why, 2) WHERE sequence = :row"],
    "deleted": ["DELETE FROM custody_log WHERE sequence = :row"],
    "replaced": [
        "UPDATE custody_log SET why = 'never', digest = 'cst_' || hex(randomblob(32)) WHERE sequence = :row",
    ],
    "reordered": [
        "UPDATE custody_log SET sequence = -1 WHERE sequence = :row",
        "UPDATE custody_log SET sequence = :row WHERE sequence = :row + 1",
        "UPDATE custody_log SET sequence = :row + 1 WHERE sequence = -1",
    ],
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--entries", type=int, default=400_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    found = {"load_at_start": load, **hashing(asked.megabytes), **custody(asked.entries)}
    lines = (f"{name}: {value:,}" if isinstance(value, int) else f"{name}: {value}" for name, value in found.items())
    print(json.dumps(found, indent=2) if asked.json else "\n".join(lines))


if __name__ == "__main__":
    main()

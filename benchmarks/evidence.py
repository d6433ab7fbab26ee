"""How fast originals are hashed and sealed, and how fast the custody chain is proved.

Hashing: SHA-256 and SHA3-512 of one stream at once, as intake does, against the speed of hashlib's SHA3-512 alone in
the same run, which is the slower of the two and so the limit. Sealing: the same with AES-256-GCM and the write. Chain:
links proved per second, as stored, against hashing the bytes of their words alone.

    python benchmarks/evidence.py [--megabytes 512] [--links 400000] [--json]
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from forewarn.account import Digests, Head, Vault, chain_faults, digests, next_entry
from forewarn.account.custody import Link
from forewarn.account.keyfile import create_key
from forewarn.clock import instant_text
from forewarn.ids import content_id

BLOCK = bytes(range(256)) * 4096


def stream(megabytes: int) -> Iterator[bytes]:
    """So many blocks of a mebibyte."""
    for _ in range(megabytes):
        yield BLOCK


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, the better of two runs."""
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


class Stream(io.RawIOBase):
    """A file of that many mebibytes that costs nothing to read."""

    def __init__(self, megabytes: int) -> None:
        self._left = megabytes

    def read(self, size: int = -1) -> bytes:
        """The next block."""
        self._left -= 1
        return BLOCK if self._left >= 0 else b""


def hashed_alone(family: str, megabytes: int) -> float:
    """MB/s of one family."""

    def work() -> None:
        digest = hashlib.new(family)
        for block in stream(megabytes):
            digest.update(block)

    return megabytes * 1.048576 / seconds(work)


def sealed(megabytes: int) -> float:
    """MB/s of hashing twice, sealing and writing to the disk."""
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder), create_key(Path(folder) / "key"))

        def refuse(_: Digests) -> None:
            """Refuse nothing."""

        source = Stream(megabytes)
        start = time.perf_counter()
        vault.take_in(source, describe=lambda _: {}, refuse=refuse)  # type: ignore[arg-type]
        return megabytes * 1.048576 / (time.perf_counter() - start)


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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=512)
    parser.add_argument("--links", type=int, default=400_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sha256, sha3 = (hashed_alone(family, asked.megabytes) for family in ("sha256", "sha3_512"))
    both = asked.megabytes * 1.048576 / seconds(lambda: digests(stream(asked.megabytes)))
    links = chain(asked.links)
    words = [repr(link).encode() for link in links]
    taken = seconds(lambda: [None for _ in chain_faults(links)])
    bare = seconds(lambda: [hashlib.sha256(one).hexdigest() for one in words])
    found = {
        "sha256_mb_s": round(sha256), "sha3_512_mb_s": round(sha3), "both_mb_s": round(both),
        "both_to_limit": round(both / sha3, 2), "sealed_mb_s": round(sealed(asked.megabytes)),
        "links_per_s": round(asked.links / taken), "chain_to_bare_hashing": round(taken / bare, 1),
    }  # fmt: skip
    print(
        json.dumps(found, indent=2) if asked.json else "\n".join(f"{name}: {value:,}" for name, value in found.items())
    )


if __name__ == "__main__":
    main()

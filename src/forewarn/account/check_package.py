"""Check an evidence package: its files, its items, its custody log. Needs Python 3.8 or newer and nothing else.

    python3 -I verify.py [FOLDER]

Prints what does not hold and exits 1, or says that all holds and exits 0; README.txt says what that proves. The same
code is run by ``forewarn evidence verify PACKAGE``. Only plain files inside the folder are opened; no link is followed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

MANIFESTS = (("manifest", "sha256"), ("manifest", "sha512"), ("tagmanifest", "sha256"))
LONGEST_LINE, MOST_SHOWN = 64 << 20, 1000
BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def faults(folder: str, each: Callable[[str], object] = len) -> Iterator[tuple[str, str]]:
    """Where and what does not hold, one by one; ``each`` is told every file that is read."""
    package = _Package(folder)
    for path, is_plain in _walk(folder):
        each(path)
        try:
            package.found[path] = digests(folder, path) if is_plain else {}
        except OSError:
            package.found[path] = {}
        if not package.found[path]:
            yield path, "is a link, no plain file, or cannot be read"
    for kind, family in MANIFESTS:
        yield from package.manifest_faults(kind, family)
    for check in (package.log_faults, package.item_faults, package.stamp_faults):
        try:
            yield from check()
        except BROKEN as error:
            yield "data", f"has not the form of an evidence package ({check.__name__}: {type(error).__name__})"


class _Package:
    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.found: dict[str, dict[str, str]] = {}  # by path, the digests of a plain file by family
        self.intakes: dict[str, str] = {}  # by item, the digest of the record that its intake names
        self.heads: dict[int, str] = {}  # digests of the entries that timestamps stand for

    def manifest_faults(self, kind: str, family: str) -> Iterator[tuple[str, str]]:
        name, named = f"{kind}-{family}.txt", {"tagmanifest-sha256.txt"}
        try:
            for line in self.lines(name):
                digest, _, path = line.decode().rstrip("\r\n").partition("  ")
                named.add(path)
                if path not in self.found:
                    outside = re.match(r"/|\\|~|[A-Za-z]:", path) or ".." in re.split(r"[/\\]", path)
                    yield path, "leads out of the package, and was not opened" if outside else "is missing"
                elif self.found[path].get(family) != digest:
                    yield path, f"is altered: its {family} is not that of {name}"
        except BROKEN:
            yield name, "is missing, or cannot be read"
        for path in sorted({one for one in self.found if one.startswith("data/") == (kind == "manifest")} - named):
            yield path, f"is in the package and not in {name}"

    def log_faults(self) -> Iterator[tuple[str, str]]:
        stamped = {json.loads(line)["position"] for line in self.lines("data/timestamps.jsonl")}
        expected, previous, words = 1, "", ("evidence_id", "act", "by", "at", "why", "detail")
        for line in self.lines("data/custody.jsonl"):
            link = json.loads(line)  # an entry on an item outside the package shows the digest of its words alone
            content = _hashed("act", [link[one] for one in words]) if "act" in link else link["content"]
            at, digest = link["sequence"], _hashed("cst", [link["sequence"], link["previous"], content])
            if (at, link["previous"], link["digest"]) != (expected, previous, digest):
                yield f"custody entry {at}", "is altered, added or moved, or one before it is missing"
            expected, previous = int(at) + 1, link["digest"]
            if at in stamped:
                self.heads[at] = previous
            if link.get("act") == "intake":
                self.intakes[link["evidence_id"]] = json.loads(link["detail"])["record"]

    def item_faults(self) -> Iterator[tuple[str, str]]:
        stray = {path for path in self.found if path.startswith("data/items/")}
        for line in self.lines("data/items.jsonl"):
            record = json.loads(line)["record"]
            digest, path = record["evidence_id"][4:], "data/items/" + record["evidence_id"][4:]
            there, told = self.found.get(path, {}), [part for pair in record.items() for part in pair]
            if (digest, record["sha3_512"]) != (there.get("sha256"), there.get("sha3_512")):
                yield path, "does not hold the bytes its record names"
            if self.intakes.pop(record["evidence_id"], "") != _hashed("rec", told):
                yield path, "has a record that is not the one its intake names, or stands twice"
            stray.discard(path)
        for name in self.intakes:
            yield "data/items/" + name[4:], "was taken in by the log shown, and is not here"
        yield from ((path, "is on no record") for path in sorted(stray))

    def stamp_faults(self) -> Iterator[tuple[str, str]]:
        for number, line in enumerate(self.lines("data/timestamps.jsonl"), start=1):
            stamp, path = json.loads(line), f"data/timestamps/{number}.tsr"
            token, head = b"".join(self.lines(path)), str(stamp["head"])
            covered = [hashlib.new(family, head.encode()).digest() for family in ("sha512", "sha256")]
            if self.heads.get(stamp["position"]) != head or not any(one in token for one in covered):
                yield path, "does not cover the custody entry it stands for"

    def lines(self, path: str) -> Iterator[bytes]:
        if not self.found.get(path):
            raise FileNotFoundError(path)
        with Path(self.folder, path).open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise ValueError("a line without end")
                yield line


def _walk(folder: str) -> Iterator[tuple[str, bool]]:
    waiting = [""]
    while waiting:
        under = waiting.pop()
        try:
            inside = list(os.scandir(Path(folder, under)))
        except OSError:
            yield under, False
            continue
        for one in inside:
            if one.is_dir(follow_symlinks=False):
                waiting.append(f"{under}{one.name}/")
            else:
                yield under + one.name, one.is_file(follow_symlinks=False)


def digests(folder: str, path: str) -> dict[str, str]:
    """The digests of a file by family, read in parts."""
    made = {family: hashlib.new(family) for family in ("sha256", "sha512", "sha3_512")}
    with Path(folder, path).open("rb") as file:
        while block := file.read(1 << 20):
            for one in made.values():
                one.update(block)
    return {family: one.hexdigest() for family, one in made.items()}


def _hashed(kind: str, parts: list[object]) -> str:
    text = json.dumps([kind, *parts], ensure_ascii=False, separators=(",", ":"))
    return f"{kind}_" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


if __name__ == "__main__":
    checked = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).parent)
    shown = list(islice(faults(checked), MOST_SHOWN))
    sys.stdout.writelines(f"{ascii(where[:300])[1:-1]}: {what}\n" for where, what in shown)
    sys.stdout.write(f"{len(shown)} do not hold\n" if shown else "everything holds; README.txt says what that proves\n")
    if not shown:
        sys.stdout.write(
            f"tagmanifest-sha256.txt has the SHA-256 {digests(checked, 'tagmanifest-sha256.txt')['sha256']}\n"
        )
    sys.exit(1 if shown else 0)

"""Check an evidence package: its files, its items, its custody log. Needs Python 3.8 or newer and nothing else.

    python3 verify.py [FOLDER]

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
from typing import TYPE_CHECKING, Any

MANIFESTS = (("manifest", "sha256"), ("manifest", "sha512"), ("tagmanifest", "sha256"))
LONGEST_LINE = 64 << 20
MOST_SHOWN = 1000
BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


if TYPE_CHECKING:
    Told = Iterator[tuple[str, str]]  # where, and what is wrong there
    Found = dict[str, dict[str, str]]  # the digests of a file by family, by its path; none of what is no plain file


def faults(folder: str, each: Callable[[str], object] = len) -> Told:
    """Where and what does not hold, one by one; ``each`` is told every file that is read."""
    found: Found = {}
    for path, is_plain in walk(folder):
        each(path)
        try:
            found[path] = digests(folder, path) if is_plain else {}
        except OSError:
            found[path] = {}
        if not found[path]:
            yield path, "is a link, no plain file, or cannot be read"
    for kind, family in MANIFESTS:
        yield from manifest_faults(folder, kind, family, found)
    intakes: dict[Any, Any] = {}
    heads: dict[Any, Any] = {}
    for check in (log_faults, item_faults, stamp_faults):
        try:
            yield from check(folder, found, intakes, heads)
        except BROKEN as error:
            yield "data", f"has not the form of an evidence package ({check.__name__}: {type(error).__name__})"


def manifest_faults(folder: str, kind: str, family: str, found: Found) -> Told:
    """Every file that a manifest names is there with the digest it names, and every file of its part is named."""
    name, named = f"{kind}-{family}.txt", {"tagmanifest-sha256.txt"}
    try:
        for line in lines(folder, name, found):
            digest, _, path = line.decode().rstrip("\r\n").partition("  ")
            named.add(path)
            if found.get(path, {}).get(family) != digest:
                yield path, f"is altered: its {family} is not that of {name}" if path in found else lacking(path)
    except BROKEN:
        yield name, "is missing, or cannot be read"
    wanted = {path for path in found if path.startswith("data/") == (kind == "manifest")}
    yield from ((path, f"is in the package and not in {name}") for path in sorted(wanted - named))


def log_faults(folder: str, found: Found, intakes: dict[Any, Any], heads: dict[Any, Any]) -> Told:
    """Each entry follows from the one before; entries on other items show the digest of their words alone."""
    heads.update((json.loads(line)["position"], None) for line in lines(folder, "data/timestamps.jsonl", found))
    expected, previous, words = 1, "", ("evidence_id", "act", "by", "at", "why", "detail")
    for line in lines(folder, "data/custody.jsonl", found):
        link = json.loads(line)
        content = hashed("act", [link[name] for name in words]) if "act" in link else link["content"]
        digest, at = hashed("cst", [link["sequence"], link["previous"], content]), link["sequence"]
        if (at, link["previous"], link["digest"]) != (expected, previous, digest):
            yield f"custody entry {at}", "is altered, added or moved, or one before it is missing"
        expected, previous = int(at) + 1, link["digest"]
        if at in heads:
            heads[at] = previous
        if link.get("act") == "intake":
            intakes[link["evidence_id"]] = json.loads(link["detail"])["record"]


def item_faults(folder: str, found: Found, intakes: dict[Any, Any], _heads: dict[Any, Any]) -> Told:
    """Each item is the bytes its record names, each record the one its intake names; none is left out or added."""
    stray = {path for path in found if path.startswith("data/items/")}
    for line in lines(folder, "data/items.jsonl", found):
        record = json.loads(line)["record"]
        path = "data/items/" + record["evidence_id"][4:]
        there = found.get(path, {})
        if (record["evidence_id"][4:], record["sha3_512"]) != (there.get("sha256"), there.get("sha3_512")):
            yield path, "does not hold the bytes its record names" if there else lacking(path)
        if intakes.pop(record["evidence_id"], "") != hashed("rec", [part for pair in record.items() for part in pair]):
            yield path, "has a record that is not the one its intake names, or stands twice"
        stray.discard(path)
    yield from (("data/items/" + str(name)[4:], "was taken in by the log shown, and is not here") for name in intakes)
    yield from ((path, "is on no record") for path in sorted(stray))


def stamp_faults(folder: str, found: Found, _intakes: dict[Any, Any], heads: dict[Any, Any]) -> Told:
    """Each timestamp names the digest of the entry it stands for. Who signed it is not checked here."""
    for number, line in enumerate(lines(folder, "data/timestamps.jsonl", found), start=1):
        stamp = json.loads(line)
        path, head = f"data/timestamps/{number}.tsr", str(stamp["head"])
        token = b"".join(lines(folder, path, found))
        covered = [hashlib.new(family, head.encode()).digest() for family in ("sha512", "sha256")]
        if heads.get(stamp["position"]) != head or not any(one in token for one in covered):
            yield path, "does not cover the custody entry it stands for"


def walk(folder: str) -> Iterator[tuple[str, bool]]:
    """Every file by its path in the package, and whether it is a plain one; a link to a folder is not followed."""
    waiting = [""]
    while waiting:
        under = waiting.pop()
        with os.scandir(Path(folder, under)) as there:
            for one in there:
                if one.is_dir(follow_symlinks=False):
                    waiting.append(f"{under}{one.name}/")
                else:
                    yield under + one.name, one.is_file(follow_symlinks=False)


def lines(folder: str, path: str, found: Found) -> Iterator[bytes]:
    """The lines of a file that :func:`walk` found."""
    if not found.get(path):
        raise FileNotFoundError(path)
    with Path(folder, path).open("rb") as file:
        while True:
            line = file.readline(LONGEST_LINE)
            if len(line) == LONGEST_LINE:
                raise ValueError("a line without end")
            if not line:
                return
            yield line


def digests(folder: str, path: str) -> dict[str, str]:
    """The digests of a file, read in parts."""
    made = {family: hashlib.new(family) for family in ("sha256", "sha512", "sha3_512")}
    with Path(folder, path).open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            for one in made.values():
                one.update(block)
    return {family: one.hexdigest() for family, one in made.items()}


def hashed(kind: str, parts: list[Any]) -> str:
    """A kind and the SHA-256 of the parts as a JSON array."""
    text = json.dumps([kind, *parts], ensure_ascii=False, separators=(",", ":"))
    return f"{kind}_" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def lacking(path: str) -> str:
    """Why a path that is named was not found."""
    outside = re.match(r"/|\\|~|[A-Za-z]:", path) or ".." in re.split(r"[/\\]", path)
    return "leads out of the package, and was not opened" if outside else "is missing"


def main() -> int:
    """Check the folder given, or the one this file is in."""
    folder = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).resolve().parent)
    found = list(islice(faults(folder), MOST_SHOWN))
    for where, what in found:
        sys.stdout.write(f"{ascii(where[:300])[1:-1]}: {what}\n")
    told = f"{len(found)}{' or more' if len(found) == MOST_SHOWN else ''} do not hold"
    sys.stdout.write((told if found else "everything holds; README.txt says what that proves") + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

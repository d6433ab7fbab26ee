"""The vault: originals bit for bit, each sealed under a key of its own, named by the SHA-256 of its bytes.

Owns the evidence folder: ``originals`` and ``working`` (derivatives, never beside originals), ``described`` (name and
index, sealed: nothing a file says stands outside a seal) and ``keys`` (each item's key, wrapped by the workspace key).
Files are written aside, flushed, made read-only and renamed. Nothing here opens a sealed file for writing; erasing
destroys the key first.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from forewarn.account.keyfile import WorkspaceKey
from forewarn.account.sealing import (
    Digests,
    Sealer,
    TamperedError,
    blocks,
    digests,
    new_key,
    seal,
    unseal,
    unwrap,
    wrap,
)
from forewarn.errors import ConfigurationError, InputError, InputNotFoundError, StoreError, StoreFullError, shorten

__all__ = ["LARGEST_BYTES", "Vault", "destroy", "opened_plain"]

LARGEST_BYTES = 1 << 40
"""A larger file is refused unless the caller allows more."""

_SHELVES = ("originals", "working")
_MOST_DESCRIPTION = 16 << 20


@dataclass(frozen=True, slots=True)
class Vault:
    """The evidence folder of a workspace, and the key that opens it."""

    root: Path
    key: WorkspaceKey

    def take_in(
        self, source: BinaryIO, *, is_derivative: bool = False, describe: Callable[[Digests], dict[str, Any]],
        refuse: Callable[[Digests], None], largest_bytes: int = LARGEST_BYTES,
    ) -> Digests:  # fmt: skip
        """Seal a stream in one pass and keep it under its digest.

        Args:
            source: the bytes, from the start.
            is_derivative: kept among working copies, apart from originals.
            describe: the name and index to be sealed with it, asked for once the digests are known.
            refuse: raises where these bytes must not be kept; nothing is left behind then.
            largest_bytes: a larger stream is refused.
        """
        key, shelf = new_key(), _SHELVES[is_derivative]
        with _aside(self.root / shelf) as (target, path):
            sealer = Sealer(target, key, shelf)
            found = digests(blocks(source), each=sealer.add, largest_bytes=largest_bytes)
            sealer.close()
            refuse(found)
            text = json.dumps(describe(found), ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
            with _aside(self.root / "described") as (described, described_path):
                seal(text, described, key, "described")
                self._keep_key(found.sha256, key)
                _settle(described, described_path, self._place("described", found.sha256))
            _settle(target, path, self._place(shelf, found.sha256))
        return found

    def read(self, sha256: str, *, is_derivative: bool = False) -> Iterator[bytes]:
        """The bytes of an item, chunk by chunk, each proved genuine. Raises :class:`TamperedError` otherwise."""
        yield from self._unsealed(_SHELVES[is_derivative], sha256)

    def description(self, sha256: str) -> dict[str, Any]:
        """The name and index sealed with an item."""
        parts, size = [], 0
        for part in self._unsealed("described", sha256):
            size += len(part)
            if size > _MOST_DESCRIPTION:
                raise TamperedError("the description is too large", where=sha256)
            parts.append(part)
        return dict(json.loads(b"".join(parts)))

    def rotate(self, new: WorkspaceKey) -> int:
        """Wrap the key of every item by another workspace key; how many. The old one still opens what is left."""
        count = 0
        for path in sorted((self.root / "keys").glob("??/*")):
            if path.read_bytes()[:16] != new.name.encode():
                key = self._item_key(path.name)
                Vault(self.root, new)._keep_key(path.name, key)
            count += 1
        return count

    def erase(self, sha256: str) -> tuple[str, ...]:
        """Destroy an item: its key first, so that every copy of the sealed bytes is noise; then the files.

        Returns:
            Which kinds of files were there.
        """
        gone = []
        for shelf in ("keys", "described", *_SHELVES):
            path = self._place(shelf, sha256)
            if path.is_file():
                if shelf == "keys":
                    destroy(path)
                path.unlink(missing_ok=True)
                _flush_folder(path.parent)
                gone.append(shelf)
        return tuple(gone)

    def shelves_of(self, sha256: str) -> tuple[str, ...]:
        """Which kinds of files of an item are there."""
        return tuple(one for one in ("keys", "described", *_SHELVES) if self._place(one, sha256).exists())

    def held(self) -> dict[str, list[str]]:
        """Every file of the vault as ``shelf/name``, by the digest it is named by."""
        found: dict[str, list[str]] = {}
        for shelf in ("keys", "described", *_SHELVES):
            for path in sorted((self.root / shelf).rglob("*")):
                if path.is_file() or path.is_symlink():
                    is_placed = path == self._place(shelf, path.name)
                    found.setdefault(path.name if is_placed else "", []).append(f"{shelf}/{path.name}")
        for path in sorted(self.root.glob(".incoming-*")):
            found.setdefault("", []).append(path.name)
        return found

    def _unsealed(self, shelf: str, sha256: str) -> Iterator[bytes]:
        key, name = self._item_key(sha256), f"{shelf}/{sha256}"
        try:
            with self._place(shelf, sha256).open("rb") as source:
                yield from unseal(source, key, shelf, name)
        except FileNotFoundError:
            raise TamperedError("is missing", where=name, mend="restore it from a copy") from None

    def _item_key(self, sha256: str) -> bytes:
        name = f"keys/{sha256}"
        try:
            held = self._place("keys", sha256).read_bytes()
        except FileNotFoundError:
            raise TamperedError("is missing", where=name, mend="restore it from a copy") from None
        if held[:16] != self.key.name.encode():
            raise ConfigurationError(
                "the item's key is altered, or was wrapped by another evidence key",
                where=name,
                mend="set evidence_key_file to the file of that key",
            )
        return unwrap(self.key.secret, held[16:], name)

    def _keep_key(self, sha256: str, key: bytes) -> None:
        wrapped = self.key.name.encode() + wrap(self.key.secret, key, f"keys/{sha256}")
        with _aside(self.root / "keys") as (file, path):
            file.write(wrapped)
            _settle(file, path, self._place("keys", sha256))

    def _place(self, shelf: str, sha256: str) -> Path:
        return self.root / shelf / sha256[:2] / sha256


@contextmanager
def opened_plain(path: Path) -> Iterator[BinaryIO]:
    """A file, open for reading, after it has proved to be a plain one; a link is refused, so is a pipe.

    Raises:
        InputNotFoundError: it is not there or may not be read.
        InputError: it is no plain file.
    """
    name = shorten(path.name, 255)
    try:
        # Without O_NONBLOCK, opening a pipe would wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, ValueError):
        raise InputNotFoundError("no such file", where=name, mend="check the path") from None
    except OSError as error:
        reason = "is a link" if error.errno == errno.ELOOP else f"cannot be read ({error.strerror})"
        raise InputNotFoundError(reason, where=name, mend="name the file itself, and check its permissions") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError("is not a plain file", where=name, mend="name a file")
    with os.fdopen(descriptor, "rb") as source:
        yield source


@contextmanager
def _aside(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file beside those of the folder that is gone afterwards unless it was settled, whatever happens."""
    path = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=folder.parent, prefix=".incoming-")
        path = Path(name)
        with os.fdopen(descriptor, "wb") as target:
            yield target, path
    except OSError as error:
        kind = StoreFullError if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else StoreError
        reason = f"cannot be written ({os.strerror(error.errno or 0)})"
        raise kind(reason, where="evidence", mend="free space, check permissions, and run again") from None
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def _settle(file: BinaryIO, path: Path, place: Path) -> None:
    """Flush the file, make it read-only, and give it its name."""
    file.flush()
    os.fchmod(file.fileno(), 0o400)
    os.fsync(file.fileno())
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.replace(place)
    _flush_folder(place.parent)


def destroy(path: Path) -> None:
    """Noise over the bytes of a file, where the device writes in place; then it is gone."""
    path.chmod(0o600)
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left > 0:
            left -= file.write(os.urandom(min(left, 1 << 20)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The workspace key: one file outside the database that opens every item's own key.

Owns the form of the key file and its renewal. Made at first use, readable by its owner alone; never made anew where
something is sealed already, for that would look like a key and open nothing. Whoever loses it has lost the originals:
keep a copy of it apart from the copies of the workspace.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from forewarn.account.sealing import new_key
from forewarn.errors import ConfigurationError, StoreError

__all__ = ["WorkspaceKey", "create_key", "read_key", "replace_key"]

_FORM = "forewarn evidence key 1"


@dataclass(frozen=True, slots=True)
class WorkspaceKey:
    """A key of 32 bytes, and the name by which wrapped keys say that it wrapped them."""

    secret: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The first 16 digits of a digest of the key: tells keys apart and reveals nothing of them."""
        return hashlib.sha256(b"forewarn key name\n" + self.secret).hexdigest()[:16]


def read_key(path: Path) -> WorkspaceKey:
    """The key in the file.

    Raises:
        ConfigurationError: it is not there, damaged, or open to others than its owner.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigurationError("can be read by others", where=path.name, mend=f"chmod 600 {path.name}")
        held = json.loads(path.read_text(encoding="ascii"))
        key = WorkspaceKey(base64.b64decode(held["key"], validate=True))
    except FileNotFoundError:
        raise ConfigurationError(
            "the evidence key is lost: what is sealed cannot be opened without it",
            where=path.name,
            mend="put the copy of it back in its place, or set evidence_key_file",
        ) from None
    except OSError as error:
        raise ConfigurationError(f"cannot be read ({error.strerror})", where=path.name, mend="check it") from None
    except (ValueError, KeyError, TypeError):
        raise _damaged(path) from None
    if held.get("form") != _FORM or len(key.secret) != 32 or held.get("name") != key.name:
        raise _damaged(path)
    return key


def create_key(path: Path) -> WorkspaceKey:
    """A new key, written to a file that is not there yet, with mode 0600."""
    key = WorkspaceKey(new_key())
    _write(path, key, os.O_EXCL)
    return key


def replace_key(path: Path, key: WorkspaceKey) -> None:
    """Put another key in the place of the one in the file, whole or not at all."""
    aside = path.with_name(path.name + ".new")
    _write(aside, key, os.O_TRUNC)
    aside.replace(path)


def _write(path: Path, key: WorkspaceKey, how: int) -> None:
    text = json.dumps({"form": _FORM, "name": key.name, "key": base64.b64encode(key.secret).decode()})
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | how, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"cannot be written ({error.strerror})", where=path.name, mend="check the folder") from None


def _damaged(path: Path) -> ConfigurationError:
    return ConfigurationError("is damaged, or no evidence key", where=path.name, mend="put the copy of it back")

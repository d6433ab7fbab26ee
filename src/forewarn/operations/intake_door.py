"""Data handed in by a program through the API: the bytes of one file, for one channel, collected as any other.

The same checks, snapshots and refusals as for any file: the same bytes twice are kept once. What is handed in is a
part, and what it lacks is not taken for gone. A channel that needs a mapping takes the one that lies in its inbox;
nobody sends a mapping in from outside.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from forewarn.collect import channel
from forewarn.errors import InputFormatError, InputValueError, UsageError
from forewarn.operations.collect import Collected, ReleaseTold, collect
from forewarn.operations.inbox import INBOX
from forewarn.operations.workspace import Workspace

__all__ = ["FILE_NAME", "LARGEST_BYTES", "hand_in"]

LARGEST_BYTES = 10_000_000
FILE_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
"""What a file that is handed in may be called."""

_MAPPING = "mapping.yml"


def hand_in(workspace: Workspace, name: str, file: str, data: bytes) -> Collected:
    """Collect the bytes of a file through a channel.

    Raises:
        UnknownNameError: there is no such channel.
        UsageError: the channel needs a mapping and none lies in its inbox.
        InputError: what is wrong with the file.
    """
    definition = channel(name)
    if not re.fullmatch(FILE_NAME, file):
        raise InputValueError("is no name of a file", where="file", mend="use letters, digits, '.', '_' and '-'")
    if not data:
        raise InputFormatError("is empty", where=file, mend="send the file as the body")
    laid: Path | None = workspace.paths.root / INBOX / name / _MAPPING
    if not definition.needs_mapping:
        laid = None
    elif laid is None or not laid.is_file() or laid.is_symlink():
        raise UsageError("needs a mapping", where=f"channel {name}", mend=f"lay {_MAPPING} in {INBOX}/{name}")
    with TemporaryDirectory(prefix="forewarn-handed-in-", dir=workspace.paths.root) as folder:
        path = Path(folder) / file
        path.write_bytes(data)
        (made,) = collect(workspace, name, [path], mapping=laid, told=ReleaseTold(is_partial=True))
    return made

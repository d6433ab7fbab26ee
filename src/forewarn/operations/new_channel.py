"""Beginning a new channel: the files of one that works, for its author to fill with their own columns."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from forewarn.collect import channels, scaffold
from forewarn.errors import InputError, UsageError

__all__ = ["NewChannel", "new_channel"]


@dataclass(frozen=True, slots=True)
class NewChannel:
    """What was written: the channel's name, the folder, and the files in it."""

    name: str
    folder: str
    files: list[str]


def new_channel(name: str, folder: Path) -> NewChannel:
    """Write the files of a new channel into a folder, which is made if it is not there.

    Raises:
        UsageError: the name is taken, or can be no channel's; or one of the files is there already.
        InputError: the folder cannot be written to.
    """
    if any(one.name == name for one in channels()):
        raise UsageError("there is a channel of that name", where=f"channel {name}", mend="choose another name")
    files = scaffold(name)
    there = [file for file in files if (folder / file).exists()]
    if there:
        raise UsageError("is there already", where=there[0], mend="choose another folder or name")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise InputError(f"cannot be written to ({reason})", where=folder.name, mend="choose another folder") from None
    return NewChannel(name, str(folder), sorted(files))

"""Channels that others wrote, loaded from a folder that somebody named: this runs their code.

Owns the step from a folder of YAML and Python files to channels. Nothing is loaded unless a person named the folder
outside of any workspace; a folder or file that anybody on the machine may write to is refused. A fault in a channel
is told with its file and stops the loading: half of a folder is never used.
"""

from __future__ import annotations

import importlib.util
import stat
from pathlib import Path

from forewarn.collect.channels import ChannelDefinition, add_channel
from forewarn.collect.channels.declared import declared
from forewarn.collect.parsers import Parser, add_parser
from forewarn.collect.tabular import read_table
from forewarn.errors import ConfigurationError, InputNotFoundError

__all__ = ["add_channels_from", "load_parser"]


def add_channels_from(folder: Path) -> list[str]:
    """Add every channel in the folder to those of this process: ``x.yml`` with ``x.py`` beside it; their names.

    Raises:
        InputNotFoundError: there is no such folder.
        ConfigurationError: a definition or its code is not understood, fails, or may be written by anybody.
    """
    if not folder.is_dir():
        raise InputNotFoundError("no such folder", where="channels_folder", mend="correct FOREWARN_CHANNELS_FOLDER")
    _require_own(folder)
    found = []
    for file in sorted(folder.glob("*.yml")):
        definition = declared(ChannelDefinition, file.read_bytes(), file.name)
        found.append((definition, None if definition.needs_mapping else load_parser(file.with_suffix(".py"))))
    for definition, parser in found:
        add_channel(definition)
        if parser is not None:
            add_parser(definition.name, parser)
    return [definition.name for definition, _ in found]


def load_parser(file: Path) -> Parser:
    """Run a Python file and take its ``tell``, and its ``read`` where it has one; else tables are read.

    Raises:
        ConfigurationError: there is no such file, it fails, or has no ``tell``.
    """
    if not file.is_file():
        raise ConfigurationError("is missing", where=file.name, mend="put it beside the channel's YAML")
    _require_own(file)
    spec = importlib.util.spec_from_file_location(f"forewarn_outside_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ConfigurationError("is no Python file", where=file.name, mend="name it like the YAML, with .py")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ConfigurationError(
            f"fails when it is loaded ({type(error).__name__}: {error})", where=file.name, mend="correct the code"
        ) from error
    tell = getattr(module, "tell", None)
    if not callable(tell):
        raise ConfigurationError("has no function 'tell'", where=file.name, mend="define tell(frame)")
    return Parser(tell, getattr(module, "read", read_table))


def _require_own(path: Path) -> None:
    if path.stat().st_mode & stat.S_IWOTH:
        raise ConfigurationError("may be written by anybody", where=path.name, mend="take that right away (chmod o-w)")

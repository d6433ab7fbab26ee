"""Reading YAML that may be hostile or slip-prone, into nodes that know where they are.

Owns the one YAML reader of the package. Refuses what YAML allows and nobody means: duplicate keys, keys that
are null, booleans or numbers (YAML 1.1 reads ``NO`` and ``on`` as booleans), anchors and aliases, tags, more
than one document, and anything deeper or larger than a coded list has reason to be. A :class:`Node` carries
the file and key path of its value, so every complaint names the place; keys nobody asked for are refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import resources
from typing import Any, NoReturn

import yaml

from forewarn.clock import day_from_text
from forewarn.errors import ConfigurationError, InputValueError, shorten

__all__ = ["DEEPEST", "LARGEST_BYTES", "Node", "load_list", "parse_yaml"]

LARGEST_BYTES = 4_000_000
"""Larger YAML is refused before it is parsed."""
DEEPEST = 24
"""Deeper nesting is refused before anything is built from it."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc]
    """A safe loader whose mappings have text keys, each once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping, after its keys have been looked at."""
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _RefusedError(f"the key {shorten(key)!r} is {_kind(key)}, not text", key_node.start_mark)
            if key in seen:
                raise _RefusedError(f"the key '{shorten(key)}' stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=True)  # type: ignore[no-any-return]


class _RefusedError(Exception):
    def __init__(self, what: str, mark: Any) -> None:
        super().__init__(what)
        self.what = what
        self.line = mark.line + 1 if mark else 1


def parse_yaml(data: bytes | str, name: str) -> Node:
    """The one document in the data, as a node.

    Args:
        data: the YAML; bytes must be UTF-8.
        name: what to call it in messages: the name of the file.

    Raises:
        ConfigurationError: on anything but one plain, bounded, unambiguous document.
    """
    text = _decoded(data, name)
    try:
        _refuse_tricks(text)
        value = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader
    except _RefusedError as refusal:
        raise ConfigurationError(
            refusal.what, where=f"{name}, line {refusal.line}", mend="write plain YAML; quote keys and codes"
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"is not valid YAML ({_problem(error)})", where=_spot(name, error), mend="correct it there"
        ) from None
    return Node(value, name)


def load_list(file: str) -> Node:
    """A coded list shipped with the package, as the node of its top mapping."""
    data = resources.files("forewarn.taxonomy").joinpath(file).read_bytes()
    return parse_yaml(data, file)


def _decoded(data: bytes | str, name: str) -> str:
    size = len(data)
    if size > LARGEST_BYTES:
        raise ConfigurationError(f"has {size:,} bytes, {LARGEST_BYTES:,} at most", where=name, mend="split it")
    try:
        return data.decode("utf-8-sig") if isinstance(data, bytes) else data
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"byte {error.start + 1} is not UTF-8", where=name, mend="save the file as UTF-8"
        ) from None


def _refuse_tricks(text: str) -> None:
    """Walk the events first: an alias that multiplies itself must never be built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError("anchors and aliases are not accepted", event.start_mark)
        if tag := getattr(event, "tag", None):
            raise _RefusedError(f"the tag '{shorten(tag)}' is not accepted", event.start_mark)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            raise _RefusedError("a second document begins", event.start_mark)
        if depth > DEEPEST:
            raise _RefusedError(f"is nested more than {DEEPEST} deep", event.start_mark)


def _problem(error: Exception) -> str:
    return shorten(getattr(error, "problem", None) or error.__class__.__name__)


def _spot(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{name}, line {mark.line + 1}" if mark else name


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list", dict: "a mapping"}
    return names.get(type(value), "a date" if isinstance(value, date) else type(value).__name__)


@dataclass(frozen=True)
class Node:
    """A value in a YAML file together with its place.

    Attributes:
        value: what YAML made of it.
        file: name of the file.
        path: key path inside the file, such as ``crimes.genocide.acts``; empty at the top.
    """

    value: Any
    file: str
    path: str = ""

    @property
    def where(self) -> str:
        """The place as messages name it."""
        return f"{self.file}: {self.path}" if self.path else self.file

    def refuse(self, what: str, mend: str = "correct the file") -> NoReturn:
        """Raise a :class:`ConfigurationError` at this place."""
        raise ConfigurationError(what, where=self.where, mend=mend)

    def fields(self, *required: str, optional: tuple[str, ...] = ()) -> dict[str, Node]:
        """The entries of a mapping that has all required keys and none beyond the optional ones."""
        entries = self.entries
        for key in required:
            if key not in entries:
                self.refuse(f"lacks the key '{key}'", mend=f"add {key}")
        for key in entries:
            if key not in required and key not in optional:
                self.refuse(f"has the unknown key '{shorten(key)}'", mend="remove it or correct its spelling")
        return entries

    @cached_property
    def entries(self) -> dict[str, Node]:
        """The entries of a mapping, in the file's order."""
        if not isinstance(self.value, dict):
            self.refuse(f"is {_kind(self.value)}, not a mapping")
        prefix = f"{self.path}." if self.path else ""
        return {key: Node(value, self.file, f"{prefix}{key}") for key, value in self.value.items()}

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.value, list)

    def items(self) -> Iterator[Node]:
        """The items of a list."""
        if not isinstance(self.value, list):
            self.refuse(f"is {_kind(self.value)}, not a list")
        for number, value in enumerate(self.value, start=1):
            yield Node(value, self.file, f"{self.path}[{number}]")

    def text(self) -> str:
        """A text that is not blank. ``NO`` unquoted is a boolean and refused."""
        if not isinstance(self.value, str):
            self.refuse(f"is {_kind(self.value)}, not text", mend="put it in quotes")
        if not self.value.strip():
            self.refuse("is blank")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of texts, each once."""
        found = tuple(item.text() for item in self.items())
        if len(set(found)) != len(found):
            self.refuse("has an item twice")
        return found

    def labels(self) -> dict[str, str]:
        """A mapping from code to label."""
        return {code: node.text() for code, node in self.entries.items()}

    def choice(self, *choices: str) -> str:
        """A text out of the given ones."""
        text = self.text()
        if text not in choices:
            self.refuse(f"'{shorten(text)}' is none of {', '.join(choices)}")
        return text

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number within bounds."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.refuse(f"is {_kind(self.value)}, not a whole number")
        if not lowest <= self.value <= highest:
            self.refuse(f"{shorten(self.value)} is outside {lowest} to {highest}")
        return self.value

    def truth(self) -> bool:
        """A boolean."""
        if not isinstance(self.value, bool):
            self.refuse(f"is {_kind(self.value)}, not true or false")
        return self.value

    def day(self) -> date:
        """A day written in quotes as ``"YYYY-MM-DD"``, or as YAML's own date."""
        if type(self.value) is date:
            return self.value
        try:
            return day_from_text(self.text(), where=self.where)
        except InputValueError as error:
            self.refuse(error.what, mend=error.mend)

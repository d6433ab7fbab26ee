"""The parts of the table of resources: fields with the form their values have, and parameters with what they accept.

A form is a JSON Schema; the same one is written into the OpenAPI document and, in tests, held against the answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from forewarn.clock import day_from_text
from forewarn.errors import InputValueError
from forewarn.model.access import require_area
from forewarn.model.tables import Column

__all__ = ["ID", "Field", "Parameter", "Schema", "array", "columns", "obj", "parameters", "text"]

Schema = dict[str, Any]

ID = "[0-9a-f]{64}"
"""What stands behind the kind of an id and its low line."""

_KINDS: dict[str, Schema] = {
    "text": {"type": "string"},
    "day": {"type": ["string", "null"], "format": "date"},
    "instant": {"type": ["string", "null"], "format": "date-time"},
    "count": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "list": {"type": "array", "items": {"type": "string"}},
    "flag": {"type": "boolean"},
    "whole": {"type": "integer"},
    "real": {"type": "number"},
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its name, the form of its value, what it holds; ``alone`` where only one record shows it."""

    name: str
    form: Schema
    meaning: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be asked: a name, the form its text must have, what it does, and how the text is read."""

    name: str
    form: Schema
    meaning: str
    read: Callable[[str], Any] = str


def text(name: str, meaning: str, kind: str = "text", *, alone: bool = False) -> Field:
    """A field of a plain kind."""
    return Field(name, _KINDS[kind], meaning, alone)


def columns(listed: Sequence[Column]) -> tuple[Field, ...]:
    """The fields of a flat form."""
    return tuple(text(one.name, one.meaning, one.kind) for one in listed)


def obj(**forms: str) -> Schema:
    """An object that has exactly these members, by kind."""
    return {
        "type": "object",
        "properties": {name: _KINDS[kind] for name, kind in forms.items()},
        "required": list(forms),
        "additionalProperties": False,
    }


def array(items: Schema) -> Schema:
    """A list of such."""
    return {"type": "array", "items": items}


def _matching(pattern: str, mend: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def read(value: str) -> str:
        if not compiled.fullmatch(value):
            raise InputValueError("is of another form", mend=mend)
        return value

    return read


def _code(name: str, meaning: str) -> Parameter:
    pattern = "[a-z][a-z_]{0,39}"
    return Parameter(name, {"type": "string", "pattern": f"^{pattern}$"}, meaning, _matching(pattern, "give a code"))


def _day(name: str, meaning: str) -> Parameter:
    form = {"type": "string", "format": "date", "pattern": "^(1[89]|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$"}
    return Parameter(name, form, meaning, lambda value: day_from_text(value).isoformat())


def _area(value: str) -> str:
    if value == "*":
        raise InputValueError("is everywhere", mend="leave area out")
    return require_area(value)


_AREA = {"type": "string", "pattern": "^[A-Z]{3}(/[^/\\x00-\\x1f]{1,200})?$"}
_MONTH = "(?:(?:1[89]|20)[0-9]{2}-(?:0[1-9]|1[0-2])|horizon)"
_ALL = (
    Parameter("area", _AREA, "a country (ISO 3166 alpha-3), or a first-level area as COUNTRY/AREA", _area),
    _day("since", "the first day, included"),
    _day("until", "the last day, included"),
    _code("act", "what was done, by its code"),
    _code("status", "how it stands, or what was decided, by its code"),
    Parameter("month", {"type": "string", "pattern": f"^{_MONTH}$"}, "YYYY-MM, or horizon for the sum over all of it",
              _matching(_MONTH, "write YYYY-MM or horizon")),
)  # fmt: skip


def parameters(names: str) -> tuple[Parameter, ...]:
    """The filters of those names."""
    by_name = {one.name: one for one in _ALL}
    return tuple(by_name[name] for name in names.split())

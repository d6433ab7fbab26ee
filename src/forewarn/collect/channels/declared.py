"""Reading what people declare in YAML, channels and mappings alike, into checked nouns.

Owns the border between a file written by hand and the code: plain bounded YAML only, every unknown key refused
with the nearest key there is, every complaint with its file and key path.
"""

from __future__ import annotations

import json
from typing import TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from forewarn.collect.offers import offer
from forewarn.errors import ConfigurationError, shorten
from forewarn.taxonomy import parse_yaml

__all__ = ["Declared", "declared"]


class Declared(BaseModel):
    """A noun read from YAML: frozen, strict about types, and without room for unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


D = TypeVar("D", bound=Declared)


def declared(kind: type[D], data: bytes, name: str) -> D:
    """The noun a YAML document declares.

    Args:
        kind: what it should be.
        data: the document, UTF-8.
        name: the file's name, for messages.

    Raises:
        ConfigurationError: it is not plain YAML, or the first thing in it that is unknown, missing or wrong.
    """
    node = parse_yaml(data, name)
    if not node.is_mapping:
        raise ConfigurationError("is not a mapping of keys to values", where=name, mend="write 'key: value' lines")
    try:
        # As JSON, strict types still take a list where the noun has a tuple.
        return kind.model_validate_json(json.dumps(node.value, default=str))
    except ValidationError as error:
        raise _explained(error, kind, name) from None


def _explained(error: ValidationError, kind: type[Declared], name: str) -> ConfigurationError:
    """The first problem, unknown keys before missing ones: a typo makes both."""
    problems = sorted(error.errors(include_url=False), key=lambda one: one["type"] == "missing")
    first = problems[0]
    spot = [str(part) for part in first["loc"] if not _is_inner(str(part))]
    key = spot[-1] if spot else ""
    where = f"{name}: {shorten('.'.join(spot))}" if spot else name
    match first["type"]:
        case "extra_forbidden":
            known = _keys_at(kind, spot[:-1])
            return ConfigurationError(f"the key '{shorten(key)}' is unknown", where=where, mend=offer(key, known))
        case "missing":
            return ConfigurationError(f"the key '{shorten(key)}' is missing", where=where, mend="add it")
        case "value_error":
            return ConfigurationError(shorten(first["msg"].removeprefix("Value error, "), 300), where=where)
        case _:
            return ConfigurationError(_plain(first["msg"]), where=where, mend="correct it")


def _plain(message: str) -> str:
    return shorten(message[:1].lower() + message[1:], 300)


def _is_inner(part: str) -> bool:
    """Whether a part of a place names a branch of a type, which the author of the file never wrote."""
    return "[" in part or part in ("str", "list", "dict", "nullable") or part[:1].isupper()


def _keys_at(kind: type[Declared], spot: list[str]) -> list[str]:
    """The keys that may stand at a place."""
    for part in spot:
        found = kind.model_fields.get(part)
        inner = _declared_in(found.annotation) if found is not None else kind
        if inner is None:
            return []
        kind = inner
    return list(kind.model_fields)


def _declared_in(annotation: object) -> type[Declared] | None:
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        return annotation
    found = (_declared_in(inner) for inner in get_args(annotation))
    return next((one for one in found if one is not None), None)

"""A new version of an issued alert that waits for a second person, and what one version changed of another.

Nothing of it is part of the alert until somebody who wrote none of it agrees; what waits can be taken back or be
replaced by another. Owns which fields count as changed: all but the number of the version and its authors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from forewarn.clock import instant_text
from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.alert import LEVELS, Alert
from forewarn.model.validation import require_instant, require_text

__all__ = ["AlertUpdate", "FieldChange", "changed_fields", "level_move"]

_COUNTED = frozenset({"version", "authors"})


@dataclass(frozen=True, slots=True)
class AlertUpdate:
    """A version that somebody wrote for an issued alert and nobody has agreed with yet.

    Attributes:
        content: the whole version; its number is one above the one it was written on.
        by, at, note: who wrote it, when, and why.
    """

    content: Alert
    by: str
    at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        if self.note:
            require_text(self.note, "note", longest=2_000)
        if self.content.version < 2:
            raise InputValueError("follows no version", where="version", mend="edit the draft instead")

    @property
    def update_id(self) -> str:
        """``upd_`` and the SHA-256 over the whole version, who, when and why."""
        body = json.dumps(asdict(self.content), default=str, ensure_ascii=False, sort_keys=True)
        return content_id("upd", self.content.alert_id, self.by, instant_text(self.at), self.note, body)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field in two versions, each as lines of text."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changed_fields(before: Alert, after: Alert) -> tuple[FieldChange, ...]:
    """The fields that two versions do not share, in the order of the alert's fields."""
    return tuple(_changes(before, after))


def level_move(before: Alert, after: Alert) -> str:
    """``upgrade``, ``downgrade`` or, where the level stays, ``update``."""
    step = LEVELS.index(after.level) - LEVELS.index(before.level)
    return "upgrade" if step > 0 else "downgrade" if step < 0 else "update"


def _changes(before: Alert, after: Alert) -> Iterator[FieldChange]:
    for one in fields(Alert):
        was, now = getattr(before, one.name), getattr(after, one.name)
        if one.name not in _COUNTED and was != now:
            yield FieldChange(one.name, _lines(was), _lines(now))


def _lines(value: Any) -> tuple[str, ...]:
    """A value as lines: of a list each entry, of evidence the sentence with the number of claims behind it."""
    if isinstance(value, tuple):
        return tuple(line for one in value for line in _lines(one))
    if isinstance(value, datetime):
        return (instant_text(value),)
    if hasattr(value, "text"):
        return (value.text,)
    if hasattr(value, "__dataclass_fields__"):
        told = ((name.replace("_", " "), _plain(part)) for name, part in asdict(value).items())
        return tuple(f"{name}: {part}" for name, part in told if part)
    return tuple(line for line in str(value).splitlines() if line.strip())


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else "" if value is None else str(value)

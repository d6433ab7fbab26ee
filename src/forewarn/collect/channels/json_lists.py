"""Reading tables that a publisher gives as files and, through its API, as JSON: the rows are the same.

Owns the choice between the two, and the refusal of a table that lacks what every row needs. JSON may be a list, a page
with its list under a known key, several pages behind one another, or JSON Lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from forewarn.collect.gathering import Item, Unread, chunks_of
from forewarn.collect.jsonpages import json_items, json_text
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.tabular.opening import head_of
from forewarn.errors import InputFormatError

__all__ = ["list_reader", "require_columns_of"]


def list_reader(*keys: str) -> Callable[[Path, str, TableOptions | None], Iterator[Chunk]]:
    """A reader of tables and of JSON whose rows stand in a list, alone or under one of these keys.

    The reader raises :class:`InputFormatError` where the file is cut off or neither.
    """

    def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
        """The rows of a table, or of the list in a JSON document."""
        if head_of(path, name).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{"):
            return chunks_of((_row(item) for item in json_items(path, name, keys)), name)
        return read_table(path, name, options)

    return read


def require_columns_of(
    chunks: Iterable[Chunk], groups: Sequence[Sequence[str]], name: str, mend: str
) -> Iterator[Chunk]:
    """The chunks, once the first has a column of every group.

    Raises:
        InputFormatError: naming the first column of a group that is absent.
    """
    is_first = True
    for chunk in chunks:
        for group in groups if is_first else ():
            if not set(group) & set(chunk.frame.columns):
                raise InputFormatError(f"lacks the column {group[0]}", where=f"{name}, header", mend=mend)
        is_first = False
        yield chunk


def _row(item: Mapping[str, Any] | Unread) -> Item:
    return item if isinstance(item, Unread) else {key.strip(): json_text(value) for key, value in item.items()}

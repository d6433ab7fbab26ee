"""How a column is written down and a row is given, and the one list of tables that all of them enter.

Every table stands in ``schema`` or ``document_tables``; both are made of these few kinds of column. Text is never
null: what is missing is empty.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    CursorResult,
    FromClause,
    Integer,
    MetaData,
    Text,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

__all__ = ["listed", "metadata", "rows_of", "sequence", "text", "whole"]

metadata = MetaData()


def text(name: str, *, primary_key: bool = False) -> Column[str]:
    """A text, which may be empty."""
    return Column(name, Text, nullable=False, primary_key=primary_key)


def whole(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """A whole number."""
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)


def sequence() -> Column[int]:
    """The number a row gets when it is added."""
    number = BigInteger().with_variant(Integer, "sqlite")
    return Column("sequence", number, primary_key=True, autoincrement=True)


def rows_of(found: CursorResult[Any]) -> list[dict[str, Any]]:
    """All rows of an answer, by the names of their columns."""
    names = tuple(map(str, found.keys()))  # plain text: the engine's own kind is slow to write as JSON
    return [dict(zip(names, row, strict=True)) for row in found.all()]


def listed(connection: Connection, ids: Sequence[str], name: str = "listed") -> FromClause:
    """Ids as a table of one column, ``claim_id``: one value of the question however many there are.

    So the question is put together once for lists of any length, and nothing has to be made or dropped.
    """
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(ids)).table_valued("value")
        return select(each.c.value.label("claim_id")).subquery(name)
    return select(func.unnest(literal(list(ids), ARRAY(Text))).label("claim_id")).subquery(name)

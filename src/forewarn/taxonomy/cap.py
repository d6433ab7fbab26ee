"""The elements and words of the Common Alerting Protocol 1.2, as its schema has them.

Owns the typed reading of ``cap.yaml``: facts of the OASIS standard. What a message must have beyond its schema, and
what we ask beyond the standard, is the exchange room's; reading alerts of others is the channel's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = ["CapElement", "CapSchema", "cap_schema"]

_FORMS = (
    "address", "base64", "circle", "digest", "group", "instant", "language", "media_type", "number", "polygon",
    "quoted", "reference", "references", "text", "token", "whole", "word",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CapElement:
    """An element in its parent: how often it may stand there (``most`` is ``None`` without limit) and its form."""

    name: str
    least: int
    most: int | None
    form: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapSchema:
    """The elements of every group in the order of the schema, and the words of each list."""

    namespace: str
    signature_namespace: str
    elements: dict[str, tuple[CapElement, ...]]
    words: dict[str, tuple[str, ...]]


@cache
def cap_schema() -> CapSchema:
    """The schema of CAP 1.2."""
    top = load_list("cap.yaml").fields("id", "version", "namespace", "signature_namespace", "elements", "words")
    words = {name: node.texts() for name, node in top["words"].entries.items()}
    elements = {
        group: tuple(_element(one, words) for one in node.items()) for group, node in top["elements"].entries.items()
    }
    return CapSchema(top["namespace"].text(), top["signature_namespace"].text(), elements, words)


def _element(node: Node, words: dict[str, tuple[str, ...]]) -> CapElement:
    fields = node.fields("name", "least", "form", optional=("most", "words"))
    named = fields["words"].choice(*words) if "words" in fields else ""
    return CapElement(
        name=fields["name"].text(),
        least=fields["least"].whole(0, 1),
        most=fields["most"].whole(1, 1) if "most" in fields else None,
        form=fields["form"].choice(*_FORMS),
        words=words.get(named, ()),
    )

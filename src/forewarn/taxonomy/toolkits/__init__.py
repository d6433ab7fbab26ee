"""Checklists for self-assessment: those shipped beside this file, and any that somebody else writes in the same form.

Owns their reading into frozen nouns. A checklist asks and says what to look for; it has no weights and no score, and
there must never be one. Quotations name the file they stand in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from forewarn.errors import shorten
from forewarn.ids import sha256_hex
from forewarn.taxonomy.reading import Node, parse_yaml

__all__ = ["Question", "Section", "Toolkit", "parse_toolkit", "shipped_toolkits"]

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
_QUESTION = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,19}")
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what is asked, what to look for, and the instrument it follows from."""

    id: str
    ask: str
    look_for: str
    basis: str


@dataclass(frozen=True, slots=True)
class Section:
    """Questions on one matter, with a short quotation that says why and the file it stands in; both may be empty."""

    id: str
    title: str
    questions: tuple[Question, ...]
    words: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Toolkit:
    """A checklist. ``digest`` is the SHA-256 of its file: answers remember which one they were given to."""

    id: str
    version: str
    title: str
    purpose: str
    sections: tuple[Section, ...]
    digest: str

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by id."""
        return {one.id: one for section in self.sections for one in section.questions}


@cache
def shipped_toolkits() -> dict[str, Toolkit]:
    """The checklists that come with the package, by id."""
    folder = resources.files("forewarn.taxonomy.toolkits")
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    found = (parse_toolkit(one.read_bytes(), one.name) for one in files)
    return {toolkit.id: toolkit for toolkit in found}


def parse_toolkit(data: bytes, name: str) -> Toolkit:
    """A checklist from its YAML; ``name`` is what messages call it.

    Raises:
        ConfigurationError: it is not plain YAML of this form, or has an id twice.
    """
    top = parse_yaml(data, name).fields("id", "version", "title", "purpose", "sections")
    toolkit = Toolkit(
        id=_id(top["id"], _ID),
        version=_text(top["version"]),
        title=_text(top["title"]),
        purpose=_text(top["purpose"]),
        sections=tuple(_section(one) for one in top["sections"].items()),
        digest=sha256_hex(data),
    )
    asked = [one.id for section in toolkit.sections for one in section.questions]
    for names in (asked, [section.id for section in toolkit.sections]):
        if not names or len(set(names)) < len(names):
            top["sections"].refuse("has no question, or an id twice")
    return toolkit


def _section(node: Node) -> Section:
    fields = node.fields("id", "title", "questions", optional=("because",))
    because = fields["because"].fields("words", "file") if "because" in fields else {}
    return Section(
        id=_id(fields["id"], _ID),
        title=_text(fields["title"]),
        questions=tuple(_question(one) for one in fields["questions"].items()),
        words=_text(because["words"]) if because else "",
        file=_text(because["file"]) if because else "",
    )


def _question(node: Node) -> Question:
    fields = node.fields("id", "ask", "look_for", "basis")
    texts = (_text(fields[name]) for name in ("ask", "look_for", "basis"))
    return Question(_id(fields["id"], _QUESTION), *texts)


def _id(node: Node, form: re.Pattern[str]) -> str:
    text = node.text()
    if not form.fullmatch(text):
        node.refuse(f"'{shorten(text, 40)}' is no id", "use letters, digits and hyphens")
    return text


def _text(node: Node) -> str:
    text = node.text()
    if len(text) > _LONGEST:
        node.refuse(f"has {len(text):,} characters, {_LONGEST:,} at most")
    return text

"""Checking anybody's CAP 1.2: one message by itself, and several against each other.

Owns the order of the checks. A message of another kind is told so and read no further. Nothing is changed, fetched or
kept, and no signature is verified. The document is parsed elsewhere, by the one hardened parser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from forewarn.errors import shorten
from forewarn.exchange.cap.findings import CapFinding
from forewarn.exchange.cap.forms import instant_of, references_of
from forewarn.exchange.cap.rules import rule_findings
from forewarn.exchange.cap.structure import MOST_FINDINGS, name_of, structure_findings, text_in
from forewarn.taxonomy.cap import cap_schema

__all__ = ["check_message", "check_together"]


def check_message(root: Any) -> tuple[CapFinding, ...]:
    """All findings on one message, each once, those of its building first; of each kind of check at most 500.

    Args:
        root: the root element of the parsed document.
    """
    found = list(structure_findings(root))
    if name_of(root) == (cap_schema().namespace, "alert"):
        found += islice(rule_findings(root), MOST_FINDINGS)
    return tuple(dict.fromkeys(found))


def check_together(roots: Mapping[str, Any]) -> Iterator[tuple[str, CapFinding]]:
    """Findings on messages beside each other, each with the name of the message it is about.

    Only what is among those given is judged: a reference to another message is no finding.
    """
    seen: dict[tuple[str, str], str] = {}
    for name, root in roots.items():
        key = text_in(root, "sender"), text_in(root, "identifier")
        if key in seen:
            what = f"'{shorten(key[1], 60)}' is also that of {seen[key]}"
            yield name, CapFinding("error", "identifier", what, "give each message its own")
        else:
            seen[key] = name
    for name, root in roots.items():
        for sender, identifier, sent in references_of(text_in(root, "references")):
            referred = seen.get((sender, identifier))
            if referred and instant_of(sent) != instant_of(text_in(roots[referred], "sent")):
                what = f"'{shorten(identifier, 60)}' was sent at another time, says {referred}"
                yield name, CapFinding("error", "references", what, "write the time as it stands there")

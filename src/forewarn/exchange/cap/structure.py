"""Whether a CAP message is built as the schema of the standard asks: its elements, their order, number and form.

Owns the walk over the parsed document against ``taxonomy/cap.yaml``. What elements mean for each other is in the
rules. Enveloped signatures are passed over, as the standard allows them and we do not verify them here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from forewarn.errors import shorten
from forewarn.exchange.cap.findings import CapFinding
from forewarn.exchange.cap.forms import FORMS
from forewarn.taxonomy.cap import CapElement, cap_schema

__all__ = ["MOST_FINDINGS", "name_of", "parts_of", "structure_findings", "text_in"]

MOST_FINDINGS = 500
"""A message made of faults does not make a report without end."""
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def name_of(element: Any) -> tuple[str, str]:
    """The namespace and the name of an element."""
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace.lstrip("{"), name


def parts_of(element: Any, name: str) -> list[Any]:
    """The children of a name, in the namespace of CAP."""
    namespace = cap_schema().namespace
    return [child for child in element if name_of(child) == (namespace, name)]


def text_in(element: Any, name: str) -> str:
    """The text of the first child of a name, without blanks around it; empty where there is none."""
    found = parts_of(element, name)
    return (found[0].text or "").strip() if found else ""


def structure_findings(root: Any) -> Iterator[CapFinding]:
    """All findings on the building of a message, at most five hundred."""
    schema = cap_schema()
    namespace, name = name_of(root)
    if name != "alert" or namespace != schema.namespace:
        yield CapFinding(
            "error", "", f"is '{shorten(name, 40)}'{_version(namespace)}, not a CAP 1.2 alert", _mend(name)
        )
        return
    for number, finding in enumerate(_group(root, "alert", ""), start=1):
        yield finding
        if number == MOST_FINDINGS:
            yield CapFinding("error", "", f"has more than {MOST_FINDINGS} findings", "mend these first")
            return


def _version(namespace: str) -> str:
    if namespace.startswith("urn:oasis:names:tc:emergency:cap:"):
        return f" of CAP {shorten(namespace.rpartition(':')[2], 10)}"
    return f" of '{shorten(namespace, 60)}'" if namespace else " of no namespace"


def _mend(name: str) -> str:
    namespace = cap_schema().namespace
    return f'write <alert xmlns="{namespace}">' if name == "alert" else "give the alert itself, one a file"


def _group(element: Any, group: str, path: str) -> Iterator[CapFinding]:
    """An element with children: what is strange, out of order, missing or too often there; then each child."""
    rows = cap_schema().elements[group]
    known = {row.name: place for place, row in enumerate(rows)}
    yield from _attributes(element, path)
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        yield CapFinding("error", path, "holds text beside its elements", "put the text into an element")
    counts: Counter[str] = Counter()
    reached = -1
    for child in element:
        namespace, name = name_of(child)
        if group == "alert" and namespace == cap_schema().signature_namespace:
            continue
        if namespace != cap_schema().namespace or name not in known:
            yield _strange(child, path)
            continue
        counts[name] += 1
        place = known[name]
        if place < reached:
            before = rows[reached].name
            yield CapFinding("error", _join(path, name), f"stands after '{before}'", "put the elements in their order")
        reached = max(reached, place)
        yield from _child(child, rows[place], _join(path, _numbered(rows[place], counts[name])))
    yield from _counted(rows, counts, path)


def _counted(rows: tuple[CapElement, ...], counts: Counter[str], path: str) -> Iterator[CapFinding]:
    for row in rows:
        if counts[row.name] < row.least:
            yield CapFinding("error", path, f"lacks '{row.name}'", "add it: CAP 1.2 asks for it")
        if row.most is not None and counts[row.name] > row.most:
            yield CapFinding("error", _join(path, row.name), f"stands {counts[row.name]} times", "write it once")


def _child(child: Any, row: CapElement, path: str) -> Iterator[CapFinding]:
    if row.form == "group":
        yield from _group(child, row.name, path)
        return
    yield from _attributes(child, path)
    if len(child):
        yield CapFinding("error", path, "holds elements, where a text belongs", "escape < as &lt;")
        return
    said = child.text or ""
    if not said.strip():
        yield _blank(row, path)
    elif row.form == "word":
        yield from _word(said, row, path)
    elif row.form == "token" and said != said.strip():
        yield CapFinding("error", path, "has blanks around it", "remove them")
    else:
        flaw = FORMS[row.form](said)
        if flaw:
            yield CapFinding("error", path, *flaw)


def _word(said: str, row: CapElement, path: str) -> Iterator[CapFinding]:
    if said in row.words:
        return
    near = next((word for word in row.words if word.casefold() == said.strip().casefold()), "")
    mend = f"write '{near}'" if near else f"use {', '.join(row.words)}"
    yield CapFinding("error", path, f"'{shorten(said.strip(), 40)}' is no {row.name}", mend)


def _blank(row: CapElement, path: str) -> CapFinding:
    if row.least or row.form not in ("text", "address", "quoted", "reference"):
        return CapFinding("error", path, "is empty", "fill it" if row.least else "fill it, or leave it out")
    return CapFinding("advice", path, "is empty", "leave it out")


def _attributes(element: Any, path: str) -> Iterator[CapFinding]:
    for name in element.attrib:
        if not str(name).startswith(_XSI):
            shown = shorten(str(name).rpartition("}")[2], 40)
            yield CapFinding("error", path, f"has the attribute '{shown}', of which CAP knows none", "remove it")


def _strange(child: Any, path: str) -> CapFinding:
    namespace, name = name_of(child)
    groups = [group for group, rows in cap_schema().elements.items() if any(row.name == name for row in rows)]
    if namespace != cap_schema().namespace:
        what = f"'{shorten(name, 40)}' is not of CAP 1.2, but{_version(namespace)}"
        mend = "put it into the namespace of CAP 1.2" if groups else "put what is your own into 'parameter'"
        return CapFinding("error", path, what, mend)
    mend = f"it belongs into '{groups[0]}'" if groups else "remove it, or put it into 'parameter'"
    return CapFinding("error", path, f"'{shorten(name, 40)}' does not belong here", mend)


def _numbered(row: CapElement, number: int) -> str:
    return row.name if row.most == 1 else f"{row.name}[{number}]"


def _join(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name

"""Names in AKN4UN: what a class of document is called there, and the IRIs of a document at each level.

Owns the forms ``/akn/un/{type}/{subtype}/{actor}/{date}/{number}`` and what is made of a symbol in them: ``/``
becomes ``-``, a space ``_``. Of the two places in which the guide puts ``!``, its own examples' is taken: behind a
slash. A date that a document does not bear is left out of its IRI; for a symbol stands the beginning of its id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from forewarn.model.document import Document

__all__ = ["NO_DATE", "AknNames", "address_of", "names_of"]

NO_DATE = "0001-01-01"
"""Where the format demands a date and the document bears none; named ``unknown`` beside it."""

_TYPES = {
    "verbatim_record": ("debate", "record", "verbatimRecord"),
    "resolution": ("statement", "deliberation", "resolution"),
    "prepared_statement": ("doc", "communication", "officialStatement"),
    "letter": ("doc", "communication", "officialLetter"),
    "communique": ("doc", "communication", "officialCommunique"),
    "report": ("doc", "report", "report"),
}
_ACTORS = {"S": "un-sc", "A": "un-ga", "E": "un-ecosoc", "T": "un-tc", "ST": "un-sg", "A/HRC": "un-hrc"}
_LANGUAGES = {"en": "eng", "fr": "fra", "es": "spa", "ru": "rus", "ar": "ara", "zh": "zho"}


@dataclass(frozen=True, slots=True)
class AknNames:
    """How a document is named.

    Attributes:
        element: ``debate``, ``statement`` or ``doc``.
        name: value of the element's ``name``.
        subtype: ``record``, ``deliberation`` ...
        actor: who issued it, ``un-sc``; ``un`` when its symbol does not say.
        date: the day it bears, or :data:`NO_DATE`.
        number: for the IRI; ``shown`` as printed.
        language: ISO 639-3, ``und`` when it is not known.
        work, expression, manifestation: the three IRIs.
    """

    element: str
    name: str
    subtype: str
    actor: str
    date: str
    number: str
    shown: str
    language: str
    work: str
    expression: str
    manifestation: str


def names_of(document: Document) -> AknNames:
    """The names of a document."""
    element, subtype, name = _TYPES.get(document.cls, ("doc", "document", "document"))
    shown = (*document.symbols, document.document_id[4:16])[0]
    number = re.sub(r"[^\w.()-]", "", shown.replace("/", "-").replace(" ", "_"))
    day = document.dated_on or (document.meeting.held_on if document.meeting else None)
    language = _LANGUAGES.get(document.language.casefold().partition("-")[0], "und")
    actor = _actor(shown) if document.symbols else "un"
    parts = ("/akn/un", element, subtype, actor, day.isoformat() if day else "", quote(number))
    work = "/".join(part for part in parts if part)
    expression = f"{work}/{language}@"
    return AknNames(
        element=element,
        name=name,
        subtype=subtype,
        actor=actor,
        date=day.isoformat() if day else NO_DATE,
        number=number,
        shown=shown,
        language=language,
        work=work,
        expression=expression,
        manifestation=f"{expression}.xml",
    )


def address_of(target: str) -> str:
    """Where the document of a symbol can be asked for."""
    return f"https://undocs.org/{quote(target, safe='/()', errors='replace')}"


def _actor(symbol: str) -> str:
    series = symbol.split("/")
    return _ACTORS.get("/".join(series[:2])) or _ACTORS.get(series[0], "un")

"""The languages of the pages: which there are, which one a browser asks for, and the catalogues.

English is in the templates. Every other language is a folder of gettext catalogues (``locale/fr/*.po``, one for each
page), read as text, so that a translator sees what is served. A string without a translation is shown in English.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from babel.core import Locale, negotiate_locale
from babel.messages.pofile import read_po

__all__ = ["CALLED", "LANGUAGES", "Catalogue", "chosen", "direction", "marked", "strings", "translations"]

LANGUAGES = {"en": "English", "fr": "Français"}
"""The languages of the pages, each by its own name."""


def marked(text: str) -> str:
    """The text as it is; marks it for the catalogues where it is only translated later."""
    return text


CALLED = {
    "admin1": marked("first-level area"),
    "one_sided": marked("one-sided"),
    "state_based": marked("state-based"),
    "non_state": marked("non-state"),
    "one_sided_deaths": marked("one-sided deaths"),
    "state_based_deaths": marked("state-based deaths"),
    "non_state_deaths": marked("non-state deaths"),
    "started_on": marked("began on"),
    "ended_on": marked("ended on"),
    "place_name": marked("place"),
}
"""What a code is called where its letters do not say it."""


def chosen(kept: str, asked_for: str) -> str:
    """The language: the one kept in this browser, else the first of ``Accept-Language`` there is, else English."""
    if kept in LANGUAGES:
        return kept
    wanted = [part.partition(";")[0].strip() for part in asked_for[:200].split(",")]
    return negotiate_locale([one for one in wanted if one], list(LANGUAGES), sep="-") or "en"


def direction(language: str) -> str:
    """``ltr`` or ``rtl``: which way the language is written."""
    return Locale.parse(language).text_direction


def strings(language: str) -> Mapping[str, str]:
    """The strings of a language by what they translate, those that count things left out; none for English."""
    return translations(language).plain


@cache
def translations(language: str) -> Catalogue:
    """The catalogue of a language, joined from its files; for English, what is written is what is shown."""
    made = Catalogue()
    if language != "en":
        folder = resources.files("forewarn.web").joinpath("locale", language)
        for one in sorted(folder.iterdir(), key=lambda path: path.name):
            with one.open("rb") as file:
                made.add(read_po(file, locale=language))
    return made


class Catalogue(gettext.NullTranslations):
    """Strings by what they translate; without fuzzy ones."""

    def __init__(self) -> None:
        super().__init__()
        self.plain: dict[str, str] = {}
        self._many: dict[str, tuple[str, ...]] = {}
        self._plural: Any = lambda n: int(n != 1)

    def add(self, catalogue: Any) -> None:
        """Take in the strings of one file."""
        self._plural = gettext.c2py(catalogue.plural_expr)
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, tuple):
                self._many[message.id[0]] = tuple(message.string)
            elif message.string:
                self.plain[message.id] = message.string

    def gettext(self, message: str) -> str:
        """The string in this language."""
        return self.plain.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The string in this language for a number of things."""
        forms = self._many.get(msgid1, ())
        found = forms[self._plural(n)] if forms else ""
        return found or (msgid1 if n == 1 else msgid2)

"""The languages of the pages: what is chosen, and that nothing a person reads is left in another language."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from pydantic import TypeAdapter, ValidationError

from forewarn.assess import OUTCOMES as SOURCE_OUTCOMES
from forewarn.assess.queue import KINDS
from forewarn.errors import ForewarnError
from forewarn.model.alert import Alert
from forewarn.model.alert_life import DECISIONS, OUTCOMES
from forewarn.model.claim import ACTS as DONE
from forewarn.model.grading import QUARANTINE_KINDS
from forewarn.model.incident import GRADE_BASES
from forewarn.model.provenance import Sensitivity
from forewarn.model.report import SOURCE_KINDS
from forewarn.model.review import ACTS
from forewarn.model.situation import CONFIDENCES, TRENDS
from forewarn.taxonomy.access import rights
from forewarn.testing import complete_alert
from forewarn.web.asked import rendered
from forewarn.web.languages import LANGUAGES, chosen, direction, translations
from forewarn.web.languages import strings as strings_of
from forewarn.web.said import said as told

WEB = Path(str(resources.files("forewarn.web")))
OTHERS = sorted(set(LANGUAGES) - {"en"})
TEMPLATES = sorted(WEB.glob("templates/**/*.html"))


def strings() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every string that templates and page modules mark for translation, with the file it is in."""
    keywords = {"_": None, "gettext": None, "marked": None, "ngettext": (1, 2)}
    kinds = (("templates/**/*.html", "jinja2.ext:babel_extract"), ("**/*.py", "python"))
    for pattern, method in kinds:
        for path in sorted(WEB.glob(pattern)):
            for _, message, _, _ in extract(method, io.BytesIO(path.read_bytes()), keywords):
                yield path.name, tuple(message[:2]) if isinstance(message, list | tuple) else message


@pytest.mark.parametrize("language", OTHERS)
def test_every_string_is_translated(language: str) -> None:
    """A string that templates mark and no catalogue holds would be shown in English."""
    catalogue = translations(language)
    missing = set()
    for file, said in strings():
        if isinstance(said, tuple):
            if catalogue.ngettext(*said, 2) == said[1]:
                missing.add((file, said[0]))
        elif not known(language, said):
            missing.add((file, said))
    assert not missing


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_outside_the_catalogues(path: Path) -> None:
    """What stands between tags, or in a label, goes through gettext; the name of the system and codes do not."""
    text = re.sub(r"{%-?\s*trans\b.*?{%-?\s*endtrans\b", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<code>[^<]*</code>", "", text, flags=re.DOTALL)
    labels = re.findall(r'\s(?:aria-label|placeholder|title|alt|data-l)="([^"]*)"', text)
    between = re.sub(r"<[^>]*>|&\w+;", " ", text)
    left = re.findall(r"[^\W\d_]{2,}", " ".join([between, *labels]))
    assert not set(left) - {"Forewarn", "doctype", "html"}, path.name


@pytest.mark.parametrize("language", OTHERS)
def test_coded_words_that_pages_show_are_translated(language: str) -> None:
    """Roles, classes, decisions and outcomes are read by everybody."""
    codes = [
        *rights().roles,
        *(one.value for one in Sensitivity),
        *DECISIONS,
        *OUTCOMES,
        *ACTS,
        *DONE,
        *TRENDS,
        *CONFIDENCES,
        *filter(None, GRADE_BASES),
        *QUARANTINE_KINDS,
        *SOURCE_OUTCOMES,
        *SOURCE_KINDS,
    ]
    codes += [word for kind in KINDS for word in (kind.name, *kind.verdicts) if not word.isdigit()]
    assert not [one for kind in KINDS for one in (kind.title, kind.asked) if not known(language, one)]
    assert not [one for one in codes if not known(language, one.replace("_", " "))]


@pytest.mark.parametrize("language", OTHERS)
def test_catalogues_are_well_formed(language: str) -> None:
    """Babel's own checks: placeholders are those of the English, plurals are as many as the language has."""
    for path in sorted((WEB / "locale" / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        for message in catalogue:
            assert not [str(error) for error in message.check(catalogue)], (path.name, message.id)


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_validator_says_of_a_field_of_an_alert_is_translated(language: str) -> None:
    """Its messages are not ours; a form shows them all the same."""
    adapter, kept = TypeAdapter(Alert), TypeAdapter(Alert).dump_python(complete_alert(), mode="json")
    heard = set()
    for field in kept:
        for wrong in (object(), "x", "2025-13-40", 0.5, [1], {"x": 1}):
            with suppress(ForewarnError):
                try:
                    adapter.validate_python(kept | {field: wrong})
                except ValidationError as error:
                    heard |= {one["msg"] for one in error.errors()}
    assert len(heard) > 8
    assert not [one for one in heard if told(language, one) == one]


def test_the_language_is_the_one_kept_then_the_one_asked_for_then_english() -> None:
    """What is no language of ours is passed over; hostile headers give English."""
    assert chosen("fr", "en") == "fr"
    assert chosen("", "de-DE, fr-CA;q=0.8, en;q=0.5") == "fr"
    assert chosen("xx", "tlh") == "en"
    assert chosen("../../etc", "," * 5_000 + "fr") == "en"
    assert chosen("", "fr-" + "x" * 10_000) in LANGUAGES


def test_pages_say_which_way_they_are_written() -> None:
    """So that a right-to-left language needs a catalogue and nothing else."""
    assert (direction("fr"), direction("ar")) == ("ltr", "rtl")
    page = rendered(None, "error.html", status=404, what="There is no such page", mend="", code="").body.decode()
    assert '<html lang="en" dir="ltr">' in page


def known(language: str, text: str) -> bool:
    """Whether a catalogue holds the string, also where its translation is the same word."""
    return text in strings_of(language)

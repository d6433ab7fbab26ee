"""Reading the lists that pages need before anybody asks for one: each is else read when first asked for.

Owns which lists these are, and a look at what pages look at, for which statements are compiled, the library of frames
begins and the database reads its own tables. Little of it grows with the store: the silences go once through the
reports, up to two tenths of a second at a million, and are kept until something more is collected.
"""

from __future__ import annotations

from contextlib import suppress

from forewarn.assess.linkage.rulebook import rulebook
from forewarn.assess.origins.names import citing_pattern
from forewarn.clock import day_from_text
from forewarn.collect import channels
from forewarn.learn import exercise_region
from forewarn.operations.brief import BriefWish, brief_bytes
from forewarn.operations.drafting_sides import silences
from forewarn.operations.measures import signs_of
from forewarn.operations.places import read_places
from forewarn.operations.workspace import Workspace
from forewarn.respond import read_templates
from forewarn.respond.measures import measure_library
from forewarn.store.forecasts import latest_forecast
from forewarn.taxonomy.access import rights
from forewarn.taxonomy.arrangements import arrangements
from forewarn.taxonomy.codes import code_lists, likelihood_bands, proof_standards
from forewarn.taxonomy.countries import countries
from forewarn.taxonomy.crimes import crimes
from forewarn.taxonomy.framework import risk_framework
from forewarn.taxonomy.lists import alert_schema, force_gate, glossary, measures
from forewarn.taxonomy.measured import measured_rules, windows
from forewarn.taxonomy.options import match_rules, notes_on_measures
from forewarn.taxonomy.protection import protection_themes
from forewarn.taxonomy.tracker import tracker_kinds

__all__ = ["look_beforehand", "read_beforehand"]

_LISTS = (
    channels, rights, arrangements, code_lists, likelihood_bands, proof_standards, countries, crimes, risk_framework,
    alert_schema, force_gate, glossary, measures, measured_rules, windows, match_rules, notes_on_measures,
    protection_themes, tracker_kinds, measure_library, rulebook, citing_pattern, read_places, read_templates,
)  # fmt: skip


def read_beforehand() -> None:
    """Read them. Raises :class:`ConfigurationError` where one is malformed, as its first reader would be told."""
    for one in _LISTS:
        one()


def look_beforehand(workspace: Workspace) -> None:
    """Look for what pages will look for: signs in a country of the exercise, silences, the brief of the latest alert.

    In the process that will answer, not before: the library of frames works in threads, which a copy of a process does
    not have, and silences are kept by each process. Nothing found is kept besides them, shown or logged.
    """
    for look in (_signs, _silences, _brief):
        with suppress(Exception):  # whoever asks for the page is told; a page that fails must not keep the door shut
            look(workspace)


def _signs(workspace: Workspace) -> None:
    signs_of(workspace, exercise_region().countries[0].code, workspace.today)


def _silences(workspace: Workspace) -> None:
    """Of the day on which briefs of areas stand."""
    with workspace.database.reading() as connection:
        _, run = latest_forecast(connection)
    silences(workspace, day_from_text(run.as_known_at))


def _brief(workspace: Workspace) -> None:
    brief_bytes(workspace, BriefWish("latest"))

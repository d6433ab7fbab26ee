"""The tour and the glossary: every step leads somewhere real, roles are respected, and every word has its French."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forewarn.operations.guiding import words_of_the_project
from forewarn.taxonomy.access import rights
from forewarn.web.languages import strings


@pytest.mark.parametrize("role", rights().roles)
def test_every_step_that_is_linked_can_be_opened(house: Any, role: str) -> None:
    """A step of a page that the roles do not show is told and not linked."""
    client = house.person(role)
    page = client.get("/tour").text
    tour = page.partition('<ol class="tour">')[2].partition("</ol>")[0]
    links = re.findall(r'<a href="([^"]+)"', tour)
    assert tour.count("<li>") == 12
    assert tour.count("Not shown to your roles.") == 12 - len(links)
    assert all(client.get(link.replace("&amp;", "&")).status_code == 200 for link in links), links
    assert 'href="/tour"' in client.get("/").text


def test_the_tour_says_whether_the_exercise_is_here(house: Any) -> None:
    """Its countries are; without them the page says how to make it."""
    client = house.person("reader")
    assert "This workspace holds the exercise" in client.get("/tour").text
    with house.workspace.database.writing() as connection:
        connection.exec_driver_sql("UPDATE incident_marks SET country='MMR'")
    page = client.get("/tour").text
    assert "This workspace holds the exercise" not in page
    assert "forewarn demo" in page


def test_the_glossary_has_every_word_in_every_language(house: Any) -> None:
    """Each word of the project with its one meaning; in French no word and no meaning is left in English."""
    page = house.person("monitor").get("/glossary").text
    words = words_of_the_project()
    assert all(f'<div id="{word.replace(" ", "-")}">' in page for word in words)
    held = strings("fr")
    assert not [text for pair in words.items() for text in pair if text not in held]

"""Names of origins in one spelling."""

from __future__ import annotations

import pytest

from forewarn.assess.origins.names import is_republisher, listed_origin, origin_name


@pytest.mark.parametrize(
    ("cited", "name"),
    [
        ("AFP", "AFP"),
        ("Agence France-Presse", "AFP"),
        ("AGENCE FRANCE PRESSE - English", "AFP"),
        ("The Associated Press", "AP"),
        ("A.P.", "AP"),
        ("Reuters News", "Reuters"),
        ("Xinhua News Agency", "Xinhua"),
        ("Amnesty International (All Africa)", "Amnesty International"),
        ("Apollo Daily", "Apollo Daily"),
        ("  The   Informer ", "The Informer"),
        ("ရခိုင်သတင်း", "ရခိုင်သတင်း"),
        ("", ""),
    ],
)
def test_spellings_of_one_origin_are_one_name(cited, name):
    """Listed names match whole or by their first words; others stay as they are."""
    assert origin_name(cited) == name


def test_a_republisher_is_known_as_one_and_an_agency_is_not():
    """BBC Monitoring passes on, the BBC reports."""
    assert is_republisher("BBC Monitoring Asia Pacific")
    assert not is_republisher("BBC News")


def test_only_listed_bodies_are_taken_out_of_a_text():
    """A person's name in a text is not made an origin."""
    assert listed_origin("the Associated Press, eight died") == "AP"
    assert listed_origin("l'AFP, huit morts") == "AFP"
    assert listed_origin("Aung Win, a farmer") == ""

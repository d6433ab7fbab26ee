"""Words an alert may not use, on a corpus of sentences that may and may not stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.model.alert import Alert, EvidenceLine, RightOfComment
from forewarn.warn.wording import (
    Finding,
    WordingRules,
    call_for_force,
    certainty,
    check_alert,
    check_text,
    likelihood_with_confidence,
    mixed_rows,
    person_name,
    precise_place,
    verdict,
)

REFUSED = {
    verdict: [
        "Genocide is taking place in the river districts.",
        "The army committed genocide.",
        "War crimes were committed by both sides.",
        "War crimes have been committed.",
        "The militia is guilty of ethnic cleansing.",
        "The commander was found guilty.",
        "These acts constitute crimes against humanity.",
        "The attack amounted to a war crime.",
        "This is not genocide.",
        "They carried out ethnic cleansing in March.",
        "Crimes against humanity occurred in Ombra.",
        "Units perpetrated mass atrocities.",
        "He may be guilty.",
        "The perpetrators of genocide remain in office.",
        "geno\u200bcide   is\u00a0under way",
        "L'armée a commis un génocide.",
        "Des crimes de guerre ont été commis.",
        "Ces actes constituent un crime contre l'humanité.",
        "Il est coupable.",
        "La milicia cometió crímenes de lesa humanidad.",
        "El genocidio está en marcha.",
        "Estos actos constituyen limpieza étnica.",
        "Fue declarado culpable.",
    ],
    certainty: ["Violence will certainly resume.", "A massacre is inevitable.", "There is no risk of attack."],
    likelihood_with_confidence: [
        "We judge with high confidence that attacks are likely.",
        "Attacks are very unlikely, and confidence is low.",
    ],
    person_name: [
        "Mr. Karim Osei saw it.",
        "Dr Anna Vell reported it.",
        "Colonel Idris led the unit.",
        "General Osei ordered it.",
        "Major Idris and Captain Vell were there.",
        "GENERAL OSEI gave the order.",
        "Senior General Min Brand chairs the council.",
        "Lieutenant-Colonel Idris Vell came.",
        "Commander-in-Chief Omar Brand met elders.",
        "Sheikh Omar preached calm.",
        "President Osei said so.",
        "The decree of President al-Bari stands.",
        "Secretary-General Anton Vell spoke.",
        "The Attorney General Osei charged them.",
        "Major General Osei's office denied it.",
        "The militia leader Joseph Vell fled.",
        "The general Khalid Omar spoke.",
        "Le général Osei a parlé.",
        "A woman named Sela Morrow fled.",
        "Tomas Brand, aged 34, was detained.",
        "Write to monitor.one@example.org for details.",
        "Call +44 20 7946 0958 for the witness.",
    ],
    precise_place: ["The clinic at 20.81234, 92.36512 was hit."],
    call_for_force: [
        "We recommend military intervention.",
        "The Council should use force.",
        "Neighbours must intervene militarily.",
        "Authorize air strikes on the depots.",
        "The report calls for a no-fly zone over the north.",
    ],
}
ALLOWED = {
    verdict: [
        "Acts that may amount to genocide were reported.",
        "The militia may engage in ethnic cleansing.",
        "Whether war crimes were committed is for a court.",
        "Reports allege that crimes could have been committed.",
        "The risk of genocide is assessed by people.",
        "Both sides committed to a ceasefire.",
        "The law on the prevention of genocide was adopted.",
        "Ces actes pourraient constituer un génocide.",
        "Le risque de génocide est évalué par des personnes.",
        "Estos actos podrían constituir crímenes de guerra.",
        "La milicia habría cometido crímenes de guerra, según una fuente.",
    ],
    certainty: ["There is almost no chance of calm observers.", "Violence may resume."],
    likelihood_with_confidence: [
        "Attacks are likely. Confidence is low.",
        "Confidence-building talks are likely to be held.",
    ],
    person_name: [
        "The General Assembly met.",
        "The General Staff and the General Intelligence Service answered.",
        "The Major General's office and the Attorney General were written to.",
        "The Secretary-General and the Director-General were told.",
        "A Major Incident was declared; the Major Crimes Unit came.",
        "The Prime Minister's Office and the President of the Republic decide.",
        "The Justice and Equality Movement and the Lord's Resistance Army withdrew.",
        "General Comment No. 36 and General Recommendation 19 apply.",
        "The Chief of Staff met the Force Commander. Soldiers left.",
        "Sheikh Maqsoud neighbourhood, General Santos City and King Faisal Hospital were hit.",
        "Inspector General of Police, Judge Advocate General and Minister of Defence.",
        "In general Muslims and Christians fled alike.",
        "The village called Inn Din was burned.",
        "Ministry of Defence statements were read.",
        "Children aged 5 were among them.",
        "The Head of the regional desk decides.",
        "Médecins Sans Frontières left the area.",
    ],
    precise_place: ["Between 12.5 and 14.5 per cent of households left.", "Cell 148000 has 3 incidents."],
    call_for_force: [
        "Air strikes killed 12 people in May.",
        "The desk does not recommend military intervention.",
        "Send a good-offices mission.",
        "The State should protect its populations.",
        "The parties must stop the bombing.",
    ],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in REFUSED.items() for text in texts])
def test_words_that_may_not_stand_are_found(rule: Callable[..., object], text: str) -> None:
    """Each refused sentence is found by the check as a whole, with the words, the reason and a mend."""
    found = check_text("field", text)
    assert found
    assert all(finding.words and finding.why and finding.mend and finding.where == "field" for finding in found)


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in ALLOWED.items() for text in texts])
def test_words_that_may_stand_are_left(rule: Callable[..., object], text: str) -> None:
    """Careful sentences pass every rule."""
    assert check_text("field", text) == ()


@pytest.mark.parametrize(("rule", "text"), [(r, t) for r, ts in REFUSED.items() for t in ts if "\u200b" not in t])
def test_each_rule_finds_its_own(rule: Callable[[str, str], object], text: str) -> None:
    """The rule named for a sentence is the one that finds it."""
    assert list(rule("field", text))  # type: ignore[call-overload]


def test_two_rows_in_one_alert_are_refused_wherever_they_stand(alert: Alert) -> None:
    """``unlikely`` in one field and ``probable`` in another are two rows."""
    mixed = replace(alert, harm_check="Reprisals are probable.")
    (found,) = check_alert(mixed)
    assert (found.where, found.words) == ("harm_check", "probable")
    assert check_alert(replace(alert, harm_check="A remote village is named.")) == ()
    assert check_alert(replace(alert, harm_check="There is a remote chance of reprisals.")) != ()
    assert list(mixed_rows([("a", "very likely"), ("b", "unlikely")])) == []


def test_the_states_own_comment_and_the_authors_are_left_as_they_are(alert: Alert) -> None:
    """Nobody edits what the State concerned said."""
    said = RightOfComment(True, comment="This is not genocide, says Mr Osei.")
    assert check_alert(replace(alert, right_of_comment=said, authors=("Dr Anna Vell",))) == ()


def test_every_text_field_is_read(alert: Alert) -> None:
    """A verdict is found in evidence, gaps, options and the decision asked, and named by its place."""
    bad = "Genocide is under way."
    for changes, where in (
        ({"evidence_against": (EvidenceLine(bad, basis="coverage"),)}, "evidence_against[1]"),
        ({"gaps_and_blind_spots": ("x", bad)}, "gaps_and_blind_spots[2]"),
        ({"options": (bad,)}, "options[1]"),
        ({"decision_asked": bad}, "decision_asked"),
        ({"dissent": bad}, "dissent"),
    ):
        assert [finding.where for finding in check_alert(replace(alert, **changes))] == [where]  # type: ignore[arg-type]


def test_an_organization_sets_its_own_titles_and_exceptions() -> None:
    """More titles are found; names that may stand are left."""
    rules = WordingRules(more_titles=("Elder",), allowed_names=("Don Bosco",))
    assert check_text("x", "Elder Mbeki spoke.") == ()
    assert check_text("x", "Elder Mbeki spoke.", rules) != ()
    assert check_text("x", "The Don Bosco school closed.", rules) == ()


def test_a_finding_says_everything_in_one_line() -> None:
    """Where, words, why, mend."""
    assert str(Finding("options[1]", "x", "is y", "do z")) == "options[1]: 'x' is y; do z"


@pytest.mark.parametrize(
    "unit", ["a" * 50, "Aa ", "genocide ", "recommend ", "may ", "1.", "+12 ", "not ", "Mr Aa ", "General "]
)
def test_a_long_text_of_one_piece_is_read_to_its_end(unit: str) -> None:
    """Whatever it is made of: a rule that went back over what it has read would not end within the suite's patience."""
    found = check_text("x", unit * (200_000 // len(unit)))
    assert all(finding.where == "x" for finding in found)


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    """No text breaks the check, and checking again says the same."""
    assert check_text("x", text) == check_text("x", text)

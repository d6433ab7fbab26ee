"""Recorded votes."""

from __future__ import annotations

import pytest

from forewarn.collect.documents.packs import PACKS
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.documents.verbatim import parse_record
from forewarn.collect.documents.votes import COUNT_MISMATCH, LISTED_TWICE, counts_in, vote_block
from forewarn.model.document import Span, Vote

HEAD = "       S/PV.9901                          12/20\n"
BLOCK = f"""In favour:
  Angola, Bolivia (Plurinational State of), Chile, China,
  Guinea-Bissau,

{HEAD}
  Peru, United Kingdom of Great Britain and Northern
  Ireland

Against:
  None

Abstaining:
  Bosnia and Herzegovina, Trinidad and Tobago

Draft resolution A/63/L.990/Rev.1 was adopted by 7 votes to none, with 2 abstentions (resolution 63/999).

[Subsequently, the delegation of Kenya informed the Secretariat that it had intended to vote in favour; the
delegations of Chad and Mali had intended to abstain.]
"""


def vote_in(text: str) -> Vote:
    at = text.find(HEAD)
    furniture = (Span(at, at + len(HEAD)),) if at >= 0 else ()
    found = vote_block(SourceText(text, furniture=furniture), Span(0, len(text)), PACKS["en"])
    assert found is not None
    return found


def test_case_31_lists_run_over_pages_and_later_corrections_stand_beside_them() -> None:
    """A list goes on behind a running head; "None" is nobody; who meant otherwise is kept beside the recorded vote."""
    vote = vote_in(BLOCK)
    assert vote.favour == ("Angola", "Bolivia", "Chile", "China", "Guinea-Bissau", "Peru", "United Kingdom")
    assert vote.against == ()
    assert vote.abstaining == ("Bosnia and Herzegovina", "Trinidad and Tobago")
    assert vote.corrections == (("Kenya", "favour"), ("Chad", "abstaining"), ("Mali", "abstaining"))
    assert "Kenya" not in vote.favour
    assert vote.item == "A/63/L.990/Rev.1"
    assert vote.flags == ()


def test_case_32_counts_that_disagree_with_the_list_are_both_kept_and_flagged() -> None:
    """The printed count stays as printed, the list as listed, and the vote says that they differ."""
    vote = vote_in(BLOCK.replace("by 7 votes", "by 8 votes"))
    assert dict(vote.printed_counts) == {"favour": 8, "against": 0, "abstaining": 2}
    assert len(vote.favour) == 7
    assert vote.flags == (COUNT_MISMATCH,)


def test_a_delegation_in_two_lists_is_flagged() -> None:
    """Nobody votes twice without the vote saying so."""
    assert LISTED_TWICE in vote_in(BLOCK.replace("None", "Chile")).flags


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        (
            "There were 14 votes in favour, none against and 1 abstention.",
            {"favour": 14, "against": 0, "abstaining": 1},
        ),
        (
            "The draft received 10 votes in favour, 2 against and 3 abstentions.",
            {"favour": 10, "against": 2, "abstaining": 3},
        ),
        ("was adopted by 112 votes to 17, with 6 abstentions", {"favour": 112, "against": 17, "abstaining": 6}),
        ("We voted in favour of peace.", {}),
    ],
)
def test_counts_are_read_from_words_and_figures(words: str, counts: dict[str, int]) -> None:
    """Number words and figures count alike; a sentence without counts gives none."""
    assert counts_in(words) == counts


def test_counts_told_by_the_presidency_join_the_vote_and_the_speeches_go_on() -> None:
    """In the Council the President tells the counts behind the lists; nobody's speech swallows the vote."""
    text = (
        "The President: I put to the vote the draft resolution contained in document S/2018/9904.\n\n"
        "A vote was taken by show of hands.\n\nIn favour:\nChina, France, "
        "Peru\n\nAgainst:\nNone\n\nAbstaining:\nKuwait\n\n"
        "The President: There were 3 votes in favour, none against and 1 abstention. The draft resolution has "
        "been adopted.\n"
    )
    document = parse_record(SourceText(text))
    (vote,) = document.votes
    assert (vote.favour, vote.abstaining, vote.item) == (("China", "France", "Peru"), ("Kuwait",), "S/2018/9904")
    assert (dict(vote.printed_counts)["favour"], vote.flags) == (3, ())
    assert len(document.speeches) == 2
    assert "France" not in " ".join(one.text for speech in document.speeches for one in speech.paragraphs)


def test_prose_that_begins_like_a_label_stays_prose() -> None:
    """A paragraph "Against: ..." without a list of States is part of the speech."""
    text = "Mr. Olsen (Norway): Two remarks.\n\nAgainst: the proposal lacks substance and nobody asked for it.\n"
    document = parse_record(SourceText(text))
    assert document.votes == ()
    assert len(document.speeches[0].paragraphs) == 2

"""The queue of review in the browser: answered, taken back, agreed by a second person, within what may be seen."""

from __future__ import annotations

import re
from typing import Any

from forewarn.assess.queue import KINDS
from forewarn.ids import content_id
from forewarn.operations import review
from forewarn.web.pages.review import keys_of


def item_of(house: Any, area: str, sensitivity: str, kind: str = "grade") -> str:
    """The item that asks something of the claim of an area and class."""
    return content_id("itm", kind, house.name_of("claim", area, sensitivity), "")


def test_an_answer_is_kept_under_the_name_that_signed_in_and_the_item_is_gone(house: Any) -> None:
    """A grade with its reason; without one nothing is kept; where to go back to leads nowhere else."""
    client, item = house.person("analyst", name="ana"), item_of(house, "XKA/North", "low")
    page = client.get("/review?kind=grade").text
    assert f"/review/{item}" in page
    assert house.send(client, f"/review/{item}/answer", page="/review", verdict="2", why=" ").status_code == 400
    answer = house.send(
        client, f"/review/{item}/answer", page="/review", verdict="2", why="two saw it", back="//evil.example"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert f"/review/{item}" not in client.get("/review?kind=grade").text
    with house.workspace.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT value, author, reason FROM grades").all()
    assert [tuple(one) for one in kept] == [("2", "ana", "two saw it")]


def test_a_decision_is_taken_back_on_the_page_that_shows_it(house: Any) -> None:
    """What held before holds again; the page of decisions says so, and shows no other than whose claims are seen."""
    north, south = (house.name_of("claim", f"XKA/{part}", "low") for part in ("North", "South"))
    made = review.decide(house.workspace, north, south, "different", by="ana", why="two days apart")
    client = house.person("analyst", name="ana")
    assert "two days apart" in client.get("/review").text
    undone = house.send(client, f"/review/undo/{made.decision}", page="/review/decided", why="a slip")
    assert undone.status_code == 303
    assert {one.decision: one.state for one in review.history(house.workspace)}[made.decision] == "undone"
    near = house.person("analyst", areas="XKA/North", name="near")
    assert made.decision not in near.get("/review/decided").text
    assert house.send(near, f"/review/undo/{made.decision}", page="/review", why="guessed").status_code == 404


def test_a_second_person_agrees_and_whoever_decided_cannot(house: Any) -> None:
    """On severe claims a decision waits; it is shown as waiting only to who gave a reason, and agreed by another."""
    pair = [house.name_of("claim", f"XKA/{part}", "severe") for part in ("North", "South")]
    made = review.decide(house.workspace, *pair, "different", by="ana", why="two places")
    item = content_id("itm", "confirmation", made.decision, "")
    ana, rev = house.person("analyst", name="ana"), house.person("reviewer", name="rev")
    assert rev.get(f"/review/{item}").status_code == 404
    for client in (ana, rev):
        house.send(client, "/reason", page="/", reason="to review the queue", back="/")
    assert "second person" in rev.get(f"/review/{item}").text
    sent = {"page": "/review", "verdict": "confirm", "why": "read both"}
    assert house.send(ana, f"/review/{item}/answer", **sent).status_code == 403
    assert house.send(rev, f"/review/{item}/answer", **sent).status_code == 303
    assert {one.decision: one.state for one in review.history(house.workspace)}[made.decision] == "holds"


def test_an_item_is_there_only_for_who_sees_every_claim_of_it(house: Any) -> None:
    """Guessed ids of other areas, and beginnings of ids, open nothing; what is shown of sensitive claims is kept."""
    near = house.person("analyst", areas="XKA/North")
    assert near.get(f"/review/{item_of(house, 'XKA/North', 'low')}").status_code == 200
    for name in (item_of(house, "XKB/North", "low"), item_of(house, "XKA/North", "high"), "itm_", "clm_", "inc_"):
        assert near.get(f"/review/{name}").status_code == 404
        sent = house.send(near, f"/review/{name}/answer", page="/review", verdict="1", why="guessed")
        assert sent.status_code == 404
    house.send(near, "/reason", page="/", reason="to grade what is severe", back="/")
    assert near.get(f"/review/{item_of(house, 'XKA/North', 'high')}").status_code == 200
    with house.workspace.database.reading() as connection:
        seen = connection.exec_driver_sql("SELECT subject FROM sights WHERE kind = 'claim'").scalars().all()
    assert seen == [house.name_of("claim", "XKA/North", "high")]


def test_who_told_a_claim_is_not_shown_while_it_is_graded(house: Any) -> None:
    """Credibility is entered blind of the source."""
    page = house.person("analyst").get(f"/review/{item_of(house, 'XKA/North', 'low')}").text
    assert "A source" not in page
    assert "the source is not shown" in page


def test_every_verdict_has_a_key_of_its_own() -> None:
    """Keys move, open and take back too: none of those gives a verdict, and no key gives two."""
    for kind in KINDS:
        keys = [key for key in keys_of(kind.verdicts).values() if key]
        assert len(set(keys)) == len(keys) == len(kind.verdicts)
        assert not set(keys) & set("jkuo?")


def test_the_page_needs_no_script_and_an_empty_queue_says_what_that_means(house: Any) -> None:
    """Answers are buttons of forms; Enter in the reason alone gives none; nothing waiting is no sign of safety."""
    client = house.person("analyst")
    page = client.get("/review?kind=grade").text
    for form in re.findall(r'<form class="answers".*?</form>', page, flags=re.DOTALL):
        assert re.search(r"<button[^>]*>", form)[0] == '<button type="submit" disabled hidden>'  # type: ignore[index]
    assert "says nothing about the field" in client.get("/review?kind=apart").text
    assert client.get("/review?unit=nowhere").status_code == 400

"""Two days of work in the browser: an analyst's, from a file to a closed alert, and a desk officer's on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

UNIT = "XKC/Bervoule"
WRITTEN = {
    "By whom, possibly": "Armed auxiliaries; who directs them, if anybody, is not known.",
    "To whom": "Residents of the shore villages.",
    "Other explanations": "A crime wave along the roads, not a campaign against residents.",
    "How sources are protected": "Monitors are named by network only.",
    "Whom this alert could harm": "Naming villages could draw reprisals; none is named.",
    "The decision asked": "whether to send a good-offices mission",
    "Asked of": "desk",
    "Who bears the primary duty to protect": "The authorities of the area",
}


def reason(page: Page) -> None:
    """Say why sensitive records are needed."""
    page.get_by_text("are not shown").click()
    page.get_by_label("Why do you need them?").fill("the day's work in this area")
    page.get_by_role("button", name="Show them").click()


def bring(page: Page, folder: Path) -> None:
    """Two new rows of the exercise's posts, through the form."""
    exercise = folder / "exercise"
    lines = (exercise / "posts.csv").read_text(encoding="utf-8").splitlines()
    new = [line.replace("UPFR-", "NEW-") for line in lines[-2:]]
    path = folder.parent / "new-posts.csv"
    path.write_text("\n".join([lines[0], *new]) + "\n", encoding="utf-8")
    page.get_by_role("link", name="Channels").click()
    page.get_by_label("Channel", exact=True).select_option("table")
    page.get_by_label("File, as received").set_input_files(path)
    page.get_by_label("Mapping").set_input_files(exercise / "mappings" / "reports.yml")
    page.get_by_label("It is a part of a data set").check()
    page.get_by_role("button", name="Collect").click()
    expect(page.locator("main")).to_contain_text("2 rows read")
    page.get_by_role("button", name="Assess").click()
    expect(page.locator("main")).to_contain_text("claims make")


def judge(page: Page) -> None:
    """One answer by keyboard alone, and taken back."""
    page.get_by_role("link", name="Review").click()
    page.wait_for_url("**/review")
    page.keyboard.press("j")
    expect(page.locator(".item").first).to_be_focused()
    page.keyboard.press(page.locator(".item [data-key]").first.get_attribute("data-key") or "")
    page.keyboard.type("told in the same words")
    page.keyboard.press("Enter")
    expect(page.locator("#latest")).to_contain_text("told in the same words")
    page.keyboard.press("u")
    page.keyboard.type("a slip of the key")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="What was decided").click()
    expect(page.locator("main")).to_contain_text("taken back")


def draft(page: Page) -> str:
    """A draft for an area, completed by a person, with a claim that speaks for it; its address."""
    page.get_by_role("link", name="Incidents", exact=True).click()
    page.get_by_label("Area").fill(UNIT)
    page.get_by_role("button", name="Show").click()
    page.locator("tbody a").first.click()
    claim = page.locator("[data-claim]").first.get_attribute("id") or ""
    page.get_by_role("link", name="Alerts").click()
    page.get_by_role("link", name="New draft").click()
    page.get_by_label("Area").fill(UNIT)
    page.get_by_role("button", name="Draft").click()
    for label, words in WRITTEN.items():
        page.locator(".writing").get_by_label(label).first.fill(words)
    page.locator("#for_text").fill("people left the area in fear")
    page.locator("#for_claims").fill(claim)
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("main")).not_to_contain_text("A person must still write")
    return page.url


def step(page: Page, kind: str, note: str = "", **choice: str) -> None:
    """Take a step on the alert that is open."""
    form = page.locator(f"form[action$='/{kind}']")
    if note:
        form.locator("textarea").fill(note)
    if "outcome" in choice:
        form.locator("select").select_option(choice["outcome"])
    form.locator(f"button[value={choice['decision']}]" if "decision" in choice else "button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(UNIT)


def update(writer: Page, second: Page, address: str) -> None:
    """A higher level written by one; the other sees what it changes, field by field, and agrees."""
    writer.goto(address)
    writer.get_by_role("link", name="Update").click()
    writer.get_by_label("Level").select_option("W3")
    writer.get_by_label("What changed since the last").fill("two more villages stand empty")
    writer.get_by_label("Why it was changed").fill("new reports")
    writer.get_by_role("button", name="Let it wait for a second person").click()
    expect(writer.locator("#waits ins").first).to_contain_text("W3")
    assert not writer.locator("form[action$='/agree']").count()
    second.goto(address)
    second.get_by_role("button", name="Agree").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("W3")
    expect(second.locator("#versions ins").first).to_contain_text("W3")


def test_the_analysts_day(served: Any) -> None:
    """Collect, assess, review, draft, review by a second person, issue, update, decide, close: all by pages alone."""
    analyst = served.person("analyst")
    reason(analyst)
    bring(analyst, served.folder)
    judge(analyst)
    served.picture(analyst, "day-1-review")
    address = draft(analyst)
    served.picture(analyst, "day-2-draft")
    assert not analyst.locator("form[action$='/review']").count()
    reviewer = served.person("reviewer")
    reviewer.goto(address)
    step(reviewer, "review", "both sides are there")
    step(reviewer, "issue")
    update(analyst, reviewer, address)
    officer = served.person("decision_maker")
    officer.goto(address)
    served.picture(officer, "day-3-asked")
    step(officer, "read")
    step(officer, "decide", "the reports are enough", decision="act")
    step(officer, "act", "a good-offices mission left")
    step(officer, "close", "the mission reports weekly")
    analyst.goto(address)
    step(analyst, "after_action", "nothing happened; why is not known", outcome="prevented_or_unknown")
    served.picture(analyst, "day-4-closed")
    expect(analyst.locator(".life li")).to_have_count(10)


def test_the_desk_officers_decision_on_a_phone(served: Any) -> None:
    """What is asked stands first; declining without a reason is refused in words, and with one it is kept."""
    analyst = served.person("analyst")
    address = draft(analyst)
    reviewer = served.person("reviewer")
    reviewer.goto(address)
    step(reviewer, "review", "both sides are there")
    step(reviewer, "issue")
    officer = served.person("decision_maker", phone=True, has_touch=True, is_mobile=True)
    served.picture(officer, "phone-1-today")
    officer.get_by_role("link", name=UNIT).first.tap()
    step(officer, "read")
    served.picture(officer, "phone-2-alert")
    officer.locator("button[value=decline_with_reason]").tap()
    expect(officer.get_by_role("alert")).to_be_visible()
    served.picture(officer, "phone-3-refused")
    assert "400" in served.wrong.pop()  # the browser notes a refusal on its console; it is the only thing it notes
    officer.go_back()
    step(officer, "decide", "no mandate in this area", decision="decline_with_reason")
    expect(officer.locator("aside.asked")).to_contain_text("decline with reason")
    assert officer.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")

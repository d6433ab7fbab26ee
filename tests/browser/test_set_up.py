"""The administrator's first hour, in the browser: the one-time link, the people, and what each of them then sees."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody


def join(page: Any, link: str, name: str) -> None:
    """Use a link and sign in with what was chosen."""
    page.goto(link)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def test_an_administrator_invites_and_reads_nothing(served: Any) -> None:
    """The link of the terminal makes the administrator; who is invited sees what the role shows, in French too."""
    keeper = served.context().new_page()
    join(keeper, served.first_link, "keeper")
    served.picture(keeper, "set-up-1-today")
    assert not keeper.get_by_role("link", name="Incidents").count()
    keeper.get_by_role("link", name="People").click()
    invitation = keeper.locator("form[action='/people/invite']")
    invitation.get_by_label("Role").select_option("reviewer")
    invitation.get_by_label("Areas").fill("*")
    invitation.get_by_label("Most sensitive").select_option("severe")
    invitation.get_by_role("button", name="Make a link").click()
    served.picture(keeper, "set-up-2-link")
    link = keeper.locator("main .strip code").inner_text()

    reviewer = served.context(locale="fr-FR").new_page()
    reviewer.goto(link)
    served.picture(reviewer, "set-up-3-join-in-french")
    assert reviewer.locator("html").get_attribute("lang") == "fr"
    reviewer.get_by_role("button", name="English").click()
    reviewer.goto(link)
    join(reviewer, link, "second-pair-of-eyes")
    expect(reviewer.get_by_role("link", name="Incidents", exact=True)).to_be_visible()
    assert not reviewer.get_by_role("link", name="People").count()

    keeper.goto("/people")
    keeper.get_by_role("button", name="Withdraw reviewer of second-pair-of-eyes").click()
    reviewer.goto("/")
    assert not reviewer.get_by_role("link", name="Incidents").count()
    keeper.get_by_role("button", name="Sign out").click()
    expect(keeper.get_by_role("heading", name="Sign in")).to_be_visible()

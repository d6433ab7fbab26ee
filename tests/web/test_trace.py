"""From any number on any page down to the row as received, in three clicks, or a declared reason why there is none.

The same walk is made in a language of its own, in which every string of the catalogues stands between marks: a word
outside of them that is no name, no code and not marked as another's words would be English to everybody.

The pages are those that somebody who sees everything reaches by links from the first page, over the exercise. Dates,
instants, ids, commands and names of columns are not figures; neither is what stands in a field of a form.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from forewarn.clock import utc_now
from forewarn.collect.channels import channels
from forewarn.config import load_settings
from forewarn.operations import accounts
from forewarn.operations.workspace import opened
from forewarn.store import Database, schema
from forewarn.web import asked, languages
from forewarn.web.app import make_app
from forewarn.web.languages import LANGUAGES, Catalogue, translations
from forewarn.web.numbers import REASONS

OF_A_KIND = 3
CLICKS = 3
ENTRIES = ("tr", "li", "article", "figure")
ASIDE = frozenset(
    {"thead", "code", "time", "option", "select", "input", "textarea", "button", "label", "script", "style", "title"}
)
DOCUMENTS = ("/briefs/view",)
"""Documents of their own, which carry their trace to the last page: ``tests/respond/brief`` holds them to it."""
DATES = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?:[ T]\d{2}:\d{2}(?::\d{2})?)?(?: UTC|Z)?")
PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody
MARKS = "ar"
"""The language of the walk: Babel knows it, no catalogue of ours has it, and it is written from right to left."""
LABELS = ("aria-label", "title", "placeholder", "alt", "data-l", "label")
NO_WORDS = ("script", "style", "code", "pre", "textarea", "kbd", "time")
HOLES = re.compile(r"(%\(\w+\)s|%%|\{\d\}|<[^>]+>|&\w+;)")
CODES = re.compile(
    r"(?<='⟧)[^⟦]+(?=⟦')|TLP:\w+(?:\+\w+)?|[a-z]{3}_[0-9a-f]{8,}|A/\w+/[\d/]+|\b[A-Z]{3}/[^·,;:⟦⟧]+|\b\w+:[\w.-]+"
    r"|\w+(?:_\w+)+|\b[A-Z]{3}\b|[\u0600-\u06ff]+"
)
"""Quoted words, marks of releasability, ids, symbols, areas as they are asked for, files and channels, rules, countries
and UTC, and the months as Babel has them."""
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")


@dataclass
class Site:
    """What was crawled: links, those inside pages, pages with rows as received, numbers, strange words."""

    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    inside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rows: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    traced: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unspoken: set[tuple[str, str]] = field(default_factory=set)
    names: tuple[str, ...] = ()
    reasons: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def site(exercise_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages of the exercise as somebody sees them who holds every role that reads."""
    folder = tmp_path_factory.mktemp("trace") / "workspace"
    shutil.copytree(exercise_folder, folder)
    with opened(load_settings({"workspace": folder}, environ={})) as workspace:
        at = utc_now()
        accounts.join(workspace, accounts.first_link(workspace, at=at), "keeper", PASSWORD, at=at)
        keeper = accounts.session_of(workspace, accounts.sign_in(workspace, "keeper", PASSWORD, at=at), at=at)
        assert keeper
        link = accounts.invite(workspace, keeper, "analyst", ["*"], "severe", at=at)
        user = accounts.join(workspace, link, "reads-all", PASSWORD, at=at)
        for role in ("decision_maker", "reviewer", "exchange_officer"):
            accounts.grant(workspace, keeper, user, role, ["*"], "severe", at=at)
        token = accounts.sign_in(workspace, "reads-all", PASSWORD, at=at)
        accounts.give_reason(workspace, token, "a walk through every page", at=at)
        client = TestClient(make_app(workspace), base_url="https://127.0.0.1:8400", follow_redirects=False)
        client.cookies.set("__Host-forewarn", token, domain="127.0.0.1", path="/")
        client.cookies.set("__Host-forewarn-language", MARKS, domain="127.0.0.1", path="/")
        with spoken():
            yield crawled(client, names_in(workspace.database))


@contextmanager
def spoken() -> Iterator[None]:
    """Let pages be asked for in the language in which every string stands between marks."""
    made, real = Catalogue(), translations("fr")
    made.plain = {one: between(one) for one in real.plain}
    made._many = {one: (between(one),) for one in real._many}
    made._plural = lambda _n: 0
    found = lambda language: made if language == MARKS else translations(language)  # noqa: E731
    with (
        patch.dict(LANGUAGES, {MARKS: "⟦⟧"}),
        patch.object(languages, "translations", found),
        patch.object(asked, "translations", found),
    ):
        yield


def between(text: str) -> str:
    """The text between marks, what goes into it outside of them."""
    parts = HOLES.split(text)
    return "".join(part if place % 2 or not part.strip() else f"⟦{part}⟧" for place, part in enumerate(parts))


def names_in(database: Database) -> tuple[str, ...]:
    """What places, sources, people, files, forms and models are called, the longest first."""
    columns = [schema.claims.c.place_name, schema.claims.c.admin1, schema.sources.c.name, schema.users.c.name]
    columns += [schema.snapshots.c.origin, schema.forecasts.c.model]
    with database.reading() as connection:
        found = {name for one in columns for name in connection.execute(select(one).distinct()).scalars() if name}
    found |= {"Forewarn", "English", "Français", *(one.name for one in channels())}
    return tuple(sorted(found, key=len, reverse=True))


def kind_of(path: str) -> str:
    """Pages that differ by an id, an area or what is asked for are of one kind."""
    parts = urlsplit(path)
    plain = re.sub(r"/[a-z]{3}_[0-9a-f]{12,}|/[A-Z]{3}(?:/[^/]+|%2F[^/]+)?(?=/|$)|/\d+", "/{}", parts.path)
    return plain + ("?" if parts.query else "")


def crawled(client: TestClient, names: tuple[str, ...]) -> Site:
    """Follow links from the first page, a few pages of every kind."""
    site, waiting, known, count = Site(names=names), deque(["/"]), {"/"}, defaultdict(int)
    while waiting:
        path = waiting.popleft()
        if count[kind_of(path)] >= OF_A_KIND:
            continue
        count[kind_of(path)] += 1
        if urlsplit(path).path in DOCUMENTS:
            continue
        answer = client.get(path)
        if answer.status_code == 303:
            site.links[path].add(answer.headers["location"].partition("#")[0])
            site.inside[path] |= site.links[path]
            waiting.extend(site.links[path] - known)
            continue
        assert answer.status_code == 200, (path, answer.status_code)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        read(site, path, answer.text)
        for link in sorted(site.links[path]):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return site


def read(site: Site, path: str, text: str) -> None:
    """Take in the links and the numbers of a page."""
    page = html.document_fromstring(text)
    site.unspoken |= {(kind_of(path), one) for one in unspoken(page, site.names)}
    main = page.get_element_by_id("main")
    for found, where in ((site.links, "//a/@href"), (site.inside, ".//a/@href")):
        found[path] |= {urljoin(path, one).partition("#")[0] for one in main.xpath(where) if "//" not in one}
    if main.xpath(".//*[@data-row]"):
        site.rows.add(path)
    for element in main.iter():
        if isinstance(element.tag, str):
            for part in (element.text, *(child.tail for child in element)):
                if part and re.search(r"\d", DATES.sub("", part)):
                    place(site, path, element, " ".join(part.split()))


def unspoken(page: html.HtmlElement, names: tuple[str, ...]) -> Iterator[str]:
    """What a page shows in words that are in no catalogue, are no code and no name, and not marked as another's.

    Another's words, and those of a list of doctrine, stand in an element with a ``lang`` of its own.
    """
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag == "meta":
            continue
        lineage = [element, *element.iterancestors()]
        if any(one.tag in NO_WORDS or (one.tag != "html" and one.get("lang") is not None) for one in lineage):
            continue
        for text in (element.text, *(child.tail for child in element), *(element.get(name) for name in LABELS)):
            left = MARKED.sub(" ", CODES.sub(" ", text or ""))
            for name in (one for one in names if one in left):
                left = left.replace(name, " ")
            if re.search(r"[^\W\d_]{2,}", left):
                yield f"<{element.tag}> {' '.join((text or '').split())[:120]}"


def place(site: Site, path: str, element: html.HtmlElement, said: str) -> None:
    """Say where a number leads, or that it is lost."""
    lineage = [element, *element.iterancestors()]
    if any(one.tag in ASIDE for one in lineage):
        return
    reasons = [one.get("data-number") for one in lineage if one.get("data-number")]
    if reasons:
        site.reasons.add(reasons[0])
        return
    if path in site.rows and any(one.get("data-claim") or one.get("data-row") is not None for one in lineage):
        return
    for one in lineage:
        if one.tag == "a" or one.tag in ENTRIES or one.get("data-traced") is not None:
            links = [one.get("href")] if one.tag == "a" else one.xpath(".//a/@href")
            inside = {urljoin(path, link) for link in links if link}
            if inside:
                site.traced[path] |= {link.partition("#")[0] for link in inside}
                return
    site.lost.append(f"{path}: {said[:90]!r} in <{element.tag}>")


def test_every_number_has_a_way_down_or_a_declared_reason(site: Site) -> None:
    """A figure that leads nowhere cannot be checked by who must answer for it."""
    assert len(site.links) > 8
    assert site.rows, "no page shows a row as received"
    assert not site.lost, "\n".join([f"{len(site.lost)} numbers", *site.lost[:60]])
    assert site.reasons <= set(REASONS)


def test_the_way_down_takes_at_most_three_clicks(site: Site) -> None:
    """Links in which figures stand lead to a claim with its row as received, or to a page of this system's own work."""
    steps = {kind_of(page): 0 for page in site.rows} | {"/claims/{}": 0} | {f"{one}?": 0 for one in DOCUMENTS}
    above: dict[str, set[str]] = defaultdict(set)
    for page, links in site.inside.items():
        for link in links:
            above[kind_of(link)].add(kind_of(page))
    waiting = deque(steps)
    while waiting:
        page = waiting.popleft()
        for one in above[page]:
            if one not in steps:
                steps[one] = steps[page] + 1
                waiting.append(one)
    far = sorted(
        f"{page} -> {link}"
        for page, links in site.traced.items()
        for link in links
        if steps.get(kind_of(link), 99) > CLICKS - 1
    )
    assert not far, "\n".join(far[:40])


def test_the_way_back_is_a_link(site: Site) -> None:
    """Every page with a row as received leads back to a list."""
    assert all(any(kind_of(link) != kind_of(page) for link in site.links[page]) for page in site.rows)


def test_every_word_is_in_a_catalogue_or_is_another_s(site: Site) -> None:
    """So that a language needs its catalogues and nothing else, inside pictures too."""
    assert not site.unspoken, "\n".join(f"{path}: {said}" for path, said in sorted(site.unspoken)[:60])

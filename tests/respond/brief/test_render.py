"""The pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from forewarn.model.alert import EvidenceLine
from forewarn.model.claim import CountRange
from forewarn.respond.brief import BriefData, BriefOption, Figure, Trace, render_html, render_markdown

Make = Callable[..., BriefData]

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1))",
    "{{ 7 * 7 }}{% raw %}",
    "a|b|c\n\n# Heading\n- item",
    "\u202egnp.exe",
    "</style><svg onload=alert(1)>",
    "=cmd|'/c calc'!A1",
)


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An opening tag."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given.get("href")))

    def handle_data(self, data: str) -> None:
        """Text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words, single-spaced."""
        return " ".join(" ".join(self.words).split())


def _poisoned(brief: Make, poison: str) -> BriefData:
    plain = brief()
    trace = plain.trace
    assert plain.alert is not None
    claims = tuple(replace(claim, said=poison) for claim in trace.claims)
    reports = tuple(
        replace(r, external_id=poison, source=poison, row_text=poison, url="javascript:alert(1)") for r in trace.reports
    )
    snapshots = tuple(replace(s, name=poison, publisher=poison, citation=poison) for s in trace.snapshots)
    alert = replace(
        plain.alert, to_whom=poison, addressee=poison, gaps_and_blind_spots=(poison,), dissent=poison,
        evidence_for=(EvidenceLine(poison, basis=f"forecast:{poison}"),), authors=(poison,),
    )  # fmt: skip
    assert plain.series is not None
    assert plain.area is not None
    assert plain.fan is not None
    return brief(
        title=poison, unit_words=poison, alert=alert, trace=Trace(claims, reports, snapshots), notes=(poison,),
        series=replace(plain.series, label=poison, coverage=poison), area=replace(plain.area, label=poison),
        fan=replace(plain.fan, model=poison, forecast_id=poison, skill=poison), changes=(poison,),
        options=(BriefOption(1, poison, poison, 0, poison, poison, poison, poison),),
        figures=(Figure("x", poison, CountRange(1), poison, poison, plain.figures[0].claim_ids),),
    )  # fmt: skip


@pytest.mark.parametrize("poison", HOSTILE)
def test_hostile_words_cannot_act_in_html(brief: Make, poison: str) -> None:
    """No script, handler, foreign element or address appears from any field, and overrides are visible."""
    page = render_html(_poisoned(brief, poison))
    seen = Reader(page)
    assert not {"script", "img", "iframe", "object", "link", "form"} & set(seen.tags)
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert all(link.startswith("#") for link in seen.links)
    assert "\u202e" not in page
    assert "49" not in seen.text.split()


@pytest.mark.parametrize("poison", HOSTILE)
def test_hostile_words_cannot_act_in_markdown(brief: Make, poison: str) -> None:
    """No tag but our own anchors, no link but inside the page, no broken table, no visible override."""
    page = render_markdown(_poisoned(brief, poison))
    assert set(re.findall(r"<[^>]*>", page)) == set(re.findall(r'<a id="[a-z0-9_-]+">|</a>', page))
    assert all(target.startswith("#") for target in re.findall(r"(?<!\\)\]\(([^)]*)\)", page))
    assert "\u202e" not in page
    assert "# Heading" not in re.sub(r"\\#", "", page)
    for table in re.findall(r"(?:^\|.*\n)+", page, flags=re.M):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_every_link_inside_the_page_arrives(later: BriefData) -> None:
    """Figures lead to claims, claims to reports, reports to snapshots; no id stands twice."""
    seen = Reader(render_html(later))
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))
    assert {"trace-recent", "trace-map", "trace-months", "trace-later-1", "claim-1", "trace-forecast"} <= set(seen.ids)
    page = render_markdown(later)
    anchors = set(re.findall(r'<a id="([^"]+)"', page))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors


def test_a_figure_can_be_walked_to_its_row(brief: Make) -> None:
    """Figure, claim, report, snapshot and row stand in one chain of links in the page."""
    page = render_html(brief())
    figure = re.search(r'<a href="#(trace-recent)">at least 36 reported</a>', page)
    assert figure
    line = re.search(r'<li id="trace-recent">.*?<a href="#(claim-1)">', page, flags=re.S)
    assert line
    claim = re.search(r'<tr id="claim-1">.*?<a href="#(rpt_[0-9a-f]+)">', page, flags=re.S)
    assert claim
    report = re.search(rf'<tr id="{claim[1]}">.*?<a href="#(snp_[0-9a-f]+)">.*?row 1<', page, flags=re.S)
    assert report
    assert f'<tr id="{report[1]}">' in page
    assert "NR-0000,2030-04-10,Ombra,killing,0,4" in page


def test_the_page_stands_alone(brief: Make) -> None:
    """Nothing is fetched: no address in any attribute but links, and the page's own policy forbids it."""
    page = render_html(brief())
    assert "default-src 'none'" in page
    assert not re.search(r"\b(?:src|srcset|poster|data|action)=", page)
    assert not re.search(r"url\((?!#)|@import|https?://", page)


def test_an_exercise_says_so_and_a_real_brief_does_not(brief: Make) -> None:
    """On the title, the first line, each printed page and the foot; and in Markdown."""
    page = render_html(brief())
    assert "<title>Fictional exercise: " in page
    assert "Fictional exercise. No place, person or happening in this brief is real." in page
    assert 'class="fiction-print"' in page
    assert "**Fictional exercise." in render_markdown(brief())
    plain = brief()
    assert plain.alert is not None
    real = brief(fictional=False, alert=replace(plain.alert, fictional=False))
    assert "ictional exercise" not in Reader(render_html(real)).text
    assert "ictional exercise" not in render_markdown(real)


def test_the_same_data_give_the_same_bytes_but_for_one_line(brief: Make) -> None:
    """Made a day later, only the line that says when differs."""
    first, second = brief(), brief(made_at=brief().made_at + timedelta(days=1))
    for render in (render_html, render_markdown):
        assert render(first) == render(first)
        pairs = zip(render(first).splitlines(), render(second).splitlines(), strict=True)
        differing = [(a, b) for a, b in pairs if a != b]
        assert len(differing) == 1
        assert "Made at" in differing[0][0]


def test_statuses_are_never_mixed_and_ranges_always_shown(brief: Make) -> None:
    """Reported and corroborated stand apart, each as "at least", with its range and coverage; unknown is unknown."""
    for text in (Reader(render_html(brief())).text, render_markdown(brief())):
        assert re.search(r"at least 36 reported", text)
        assert re.search(r"at least 12 corroborated", text)
        assert "best 45, up to 81 deaths" in text
        assert "Nobody was looking there." in text
        assert "unknown" in text


def test_what_people_have_not_written_is_shown(brief: Make) -> None:
    """An empty field asks for a person; nothing is passed over."""
    alert = brief().alert
    assert alert is not None
    draft = replace(alert, harm_check="", decision_asked="", alternatives_considered=(), addressee="")
    for page in (render_html(brief(alert=draft, clock=None)), render_markdown(brief(alert=draft, clock=None))):
        assert page.count("Not written yet: a person must say this.") == 4
        assert "Draft, not reviewed" in page


def test_the_first_part_answers_who_what_when_and_who_decides(brief: Make) -> None:
    """Before any number: what, to whom, where, by when, how likely, how sure, what is asked of whom by when."""
    text = Reader(render_html(brief())).text
    head = text[text.index("What could happen") : text.index("The numbers")]
    for said in (
        "at least 25 deaths in one-sided violence", "To whom", "Where and by when", "Unlikely (20% to below 45%)",
        "in the unit's own past it happened in 5%", "Confidence is moderate", "Head of the regional desk",
        "2030-07-15 08:00 UTC", "A decision is due in",
    ):  # fmt: skip
        assert said in head


def test_later_knowledge_is_shown_only_when_asked_for(brief: Make, later: BriefData) -> None:
    """The plain brief holds no word of it; the other marks it as not known then."""
    for render in (render_html, render_markdown):
        assert "killed in July" not in render(brief())
        assert "became known later" in render(later)
        assert "killed in July" in render(later)


def test_pillars_stand_side_by_side_least_coercive_first(brief: Make) -> None:
    """In each pillar the least coercive first; what software may not propose says so; nothing is recommended."""
    page = render_html(brief(options=tuple(reversed(brief().options))))
    assert re.findall(r"Pillar (\d)", page) == ["1", "2", "3"]
    assert page.index("Public statement") < page.index("Arms embargo")
    assert "Only on a person's selection" in page or "Only on a person&#39;s selection" in page
    assert "Nothing here is a recommendation" in page


def test_a_brief_on_a_unit_without_an_alert(brief: Make) -> None:
    """Without an alert nothing is asked, and the rest stands."""
    plain = brief()
    page = render_html(brief(alert=None, clock=None, evidence_for=plain.lines_for, gaps=("May was not observed.",)))
    assert "What is asked" not in page
    assert "May was not observed." in page
    assert "What is asked" not in render_markdown(brief(alert=None, clock=None))


def test_an_empty_brief_says_what_is_missing(brief: Make) -> None:
    """No figure, picture or claim: unknown, never calm."""
    nothing = {"series": None, "fan": None, "area": None, "reconstruction": None, "alert": None, "clock": None}
    for render in (render_html, render_markdown):
        page = render(brief(figures=(), trace=Trace(), options=(), **nothing))
        assert "No claim is cited" in page
        assert "a lack of reports is not a lack of violence" in page


def test_the_page_can_be_used_without_seeing_it(brief: Make) -> None:
    """One main heading, headings in order, captions on tables, a way past the head, a language, words for pictures."""
    page = render_html(brief())
    seen = Reader(page)
    levels = [int(tag[1]) for tag in seen.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert seen.tags.count("table") == seen.tags.count("caption") > 0
    assert 'href="#main"' in page
    assert '<html lang="en">' in page
    assert seen.tags.count("svg") == seen.tags.count("desc") == 4

"""Words an alert may not use: verdicts, mixed likelihood words, names of private persons, calls for force.

Owns one small function a rule, each returning findings that say where, which words, why and how to mend them;
any finding blocks review. It reads English, and verdicts in French and Spanish; all else in other languages passes
unread, so a person reads too. Every pattern runs in time linear in the text, on text folded to one spacing and one
form of each character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from forewarn.model.alert import Alert
from forewarn.taxonomy import likelihood_bands
from forewarn.warn.titles import FULL_NAME, NAME, titled_names

__all__ = [
    "DEFAULT_RULES",
    "Finding",
    "WordingRules",
    "alert_texts",
    "call_for_force",
    "certainty",
    "check_alert",
    "check_text",
    "likelihood_with_confidence",
    "mixed_rows",
    "person_name",
    "precise_place",
    "verdict",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that may not stand: the field, the words themselves, why, and the mend."""

    where: str
    words: str
    why: str
    mend: str

    def __str__(self) -> str:
        """``field: 'words' why; mend``."""
        return f"{self.where}: '{self.words}' {self.why}; {self.mend}"


@dataclass(frozen=True, slots=True)
class WordingRules:
    """What an organization may set: more titles that mark a person, and names that may stand (public bodies,
    places that look like a person's name)."""

    more_titles: tuple[str, ...] = ()
    allowed_names: tuple[str, ...] = ()


DEFAULT_RULES = WordingRules()
"""The built-in titles, and no exceptions."""

_CRIME = r"(?:acts of )?(?:a |the )?(?:genocide|war crimes?|crimes? against humanity|ethnic cleansing)"
_GRAVE = rf"(?:{_CRIME}|(?:mass )?atrocit(?:y|ies)|atrocity crimes?|mass murder)"
_DID = r"(?:committ?ed|commits|committing|perpetrat(?:ed|es|ing)|carr(?:ied|ies|ying) out|engaged in|engages in)"
_BE = r"(?:is|are|was|were|has been|have been|had been)"
_VERDICTS = (
    re.compile(rf"\b{_CRIME} {_BE}\b"),
    re.compile(rf"\b{_GRAVE} (?:{_BE} (?:being )?committed|(?:took|takes|has taken|have taken) place)\b"),
    re.compile(rf"\b{_CRIME} (?:occurred|occurs|happened|continues?)\b"),
    re.compile(rf"\b{_DID} {_GRAVE}\b"),
    re.compile(rf"\b(?:is|are|was|were|constitutes?d?|amounts? to|amounted to)(?: not| no)? {_GRAVE}\b"),
    re.compile(r"\b(?:is|are|was|were|found|held|be|being) (?:not )?(?:guilty|innocent)\b"),
    re.compile(r"\bguilty of\b|\b(?:genocidaires?|génocidaires?|war criminals?|perpetrators of genocide)\b"),
)
_CRIME_FR = (
    r"(?:un |le |du |des |les |de |d['’])?"
    r"(?:génocides?|crimes? de guerre|crimes? contre l['’]humanité|(?:nettoyage|épuration) ethnique)"
)
_CRIME_ES = (
    r"(?:un |el |los |la |una )?"
    r"(?:genocidios?|cr[ií]men(?:es)? (?:de guerra|de lesa humanidad|contra la humanidad)|limpieza étnica)"
)
_VERDICTS_ELSEWHERE = (
    re.compile(rf"\b{_CRIME_FR} (?:est|sont|a été|ont été|a eu lieu|ont eu lieu|se poursui(?:t|vent)|continuent?)\b"),
    re.compile(rf"\b(?:commis|commettent|commet|perpétré|perpétrés|perpètre|perpètrent) {_CRIME_FR}\b"),
    re.compile(rf"\b(?:est|sont|était|étaient|constituent?|constituaient)(?: pas)? {_CRIME_FR}\b"),
    re.compile(rf"\b{_CRIME_ES} (?:es|son|fue|fueron|está|están|ha sido|han sido|ocurrió|ocurrieron|continúan?)\b"),
    re.compile(rf"\b(?:cometió|cometieron|cometido|cometen?|perpetró|perpetraron|perpetrado) {_CRIME_ES}\b"),
    re.compile(rf"\b(?:es|son|fue|fueron|era|eran|constituyen?|constituyó) {_CRIME_ES}\b"),
    re.compile(r"\b(?:est|sont|était|étaient|jugés?|reconnus?) (?:non )?(?:coupables?|innocents?)\b"),
    re.compile(r"\b(?:es|son|fue|fueron|declarad[oa]s?) (?:culpables?|inocentes?)\b"),
    re.compile(r"\b(?:coupables? d[e'’]|culpables? de\b|criminels? de guerre|criminal(?:es)? de guerra|genocidas?\b)"),
)
_HEDGE_ELSEWHERE = re.compile(
    r"\b(?:peut|peuvent|pourrait|pourraient|si|allégué[es]*|présumé[es]*|risques?|prévenir|auraient|aurait"
    r"|puede|pueden|podría|podrían|presunt[oa]s?|presuntamente|supuest[oa]s?|riesgos?|prevenir|habrían?)\b"
)
_OUTRIGHT_ELSEWHERE = re.compile(r"coupable|culpable|innocent|inocente|criminels? de|criminal(?:es)? de|genocida")
_HEDGE = re.compile(
    r"\b(?:may|might|could|whether|if|alleged|allegedly|risks? of|prevent|preventing"
    r"|(?:prevention|punishment|crime|definition) of|allegations? of|possible"
    r"|would)(?: [\w'-]+){0,3} ?$"
)
_OUTRIGHT = re.compile(r"guilty|innocent|criminal|genocidaire|génocidaire|perpetrators")

_CERTAIN = re.compile(
    r"\b(?:(?:will|would) (?:certainly|definitely|undoubtedly|inevitably)|inevitabl[ey]|without (?:any )?doubt"
    r"|beyond doubt|100 ?(?:%|per cent|percent) (?:certain|sure)|zero (?:risk|chance)"
    r"|(?<!almost )no (?:risk|chance) (?:of|that)"
    r"|impossible that)\b"
)
_CONFIDENT = re.compile(r"\bconfiden(?:ce|t|tly)\b(?![ -]building)")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")

_PERSON = (
    r"(?:man|woman|boy|girl|child|person|teacher|farmer|villager|resident|leader|activist|journalist|monk|cleric|soldier"
    r"|officer|commander|suspect|witness|victim|survivor|student|trader|doctor|nurse|elder|worker|individual)"
)
_CALLED = re.compile(
    rf"\b{_PERSON},? (?:is |was )?(?:named|called|known as|alias|by the name of) ({NAME})"
    rf"|\b({FULL_NAME}),? (?:aged|age) \d{{1,3}}\b"
)
_CONTACT = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,60}|\+\d{1,3}[ -]?\(?\d{2,4}\)?[ -]?\d{3,4}[ -]?\d{2,6}")
_COORDINATES = re.compile(r"-?\b\d{1,3}\.\d{3,12} ?°? ?[NSEW]?[,;/ ] ?-?\d{1,3}\.\d{3,12}\b")

_FORCE = (
    r"(?:military (?:intervention|action|strikes?|force)|armed (?:intervention|force)|(?:the )?use of force"
    r"|air ?strikes?|bombing|bombardment|invasion|no-fly zones?|ground troops|combat troops|drone strikes?"
    r"|regime change|force of arms)"
)
_CALLS = re.compile(
    rf"\b(?:recommend|recommends|recommended|urge|urges|urged|propose|proposes|proposed|advise|advises|advised"
    rf"|calls? for|called for|calling for|request|requests|demand|demands|justif(?:y|ies|ied)|favou?rs?)\b"
    rf"[^.!?;]{{0,80}}\b{_FORCE}\b"
)
_SHOULD = re.compile(
    r"\b(?:should|must|needs? to|ought to|has to|have to)(?: [\w-]+){0,2} (?:use (?:armed |military )?force"
    r"|intervene militarily|invade|bomb|strike|attack|shell|send (?:combat |ground )?troops|deploy combat troops)\b"
)
_IMPERATIVE = re.compile(
    rf"(?:^|[.!?;] )(?:authori[sz]e|approve|order|launch|conduct|prepare|start) [^.!?;]{{0,60}}\b{_FORCE}\b"
)
_NEGATED = re.compile(r"\b(?:not|never|no(?!-fly)|nor|without|against|neither|cannot)\b")


def verdict(where: str, text: str) -> Iterator[Finding]:
    """A crime stated as fact, or guilt. ``may amount to genocide`` is allowed; ``genocide is`` never is."""
    lowered = text.lower()
    read = ((_VERDICTS, _HEDGE, _OUTRIGHT), (_VERDICTS_ELSEWHERE, _HEDGE_ELSEWHERE, _OUTRIGHT_ELSEWHERE))
    for patterns, hedge, outright in read:
        for match in (match for pattern in patterns for match in pattern.finditer(lowered)):
            is_hedged = hedge.search(lowered[max(0, match.start() - 60) : match.start()])
            if outright.search(match[0]) or not is_hedged:
                yield Finding(
                    where,
                    text[match.start() : match.end()],
                    "is a verdict",
                    "write what was reported, or 'may amount to'",
                )


def certainty(where: str, text: str) -> Iterator[Finding]:
    """A claim of certainty: no chance is 0 or 100 per cent."""
    for match in _CERTAIN.finditer(text.lower()):
        yield Finding(where, match[0], "claims certainty", "use a likelihood word of the first row")


def likelihood_with_confidence(where: str, text: str) -> Iterator[Finding]:
    """How likely and how sure, in one sentence."""
    for sentence in _SENTENCE.split(text):
        lowered = sentence.lower()
        sure, likely = _CONFIDENT.search(lowered), next(_likelihood_words(lowered), None)
        if sure and likely:
            words = f"{likely[0]} … {sure[0]}"
            yield Finding(where, words, "puts likelihood and confidence in one sentence", "make it two sentences")


def person_name(where: str, text: str, *, rules: WordingRules = DEFAULT_RULES) -> Iterator[Finding]:
    """A title, rank or role and a name, a person said to be called so, a name with an age, or a way to reach somebody.

    Who holds a public office is named by the office too; bodies and places that bear a title (General Assembly, Don
    Bosco school) are none: see ``warn.titles``.
    """
    allowed = {name.casefold() for name in rules.allowed_names}
    called = ((match[0], next(group for group in match.groups() if group)) for match in _CALLED.finditer(text))
    for words, name in (*titled_names(text, rules.more_titles), *called):
        if name.casefold() not in allowed and words.casefold() not in allowed:
            yield Finding(where, words, "names a person", "name the office, body or group instead")
    for match in _CONTACT.finditer(text):
        yield Finding(where, match[0], "leads to a person", "remove it")


def precise_place(where: str, text: str) -> Iterator[Finding]:
    """Coordinates finer than a map of areas needs: they lead to people, clinics and shelters."""
    for match in _COORDINATES.finditer(text):
        yield Finding(where, match[0], "is a precise place", "name the area instead")


def call_for_force(where: str, text: str) -> Iterator[Finding]:
    """A recommendation of force. Saying that force was used, or warning against it, is allowed."""
    lowered = text.lower()
    for pattern in (_CALLS, _SHOULD, _IMPERATIVE):
        for match in pattern.finditer(lowered):
            before = lowered[max(0, match.start() - 25) : match.start()].rpartition(".")[2]
            if not _NEGATED.search(before) and not _NEGATED.search(match[0]):
                yield Finding(
                    where, match[0].strip(" .;"), "calls for force", "remove it; only named bodies decide that"
                )


def mixed_rows(texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Words of both rows of likelihood terms in one alert: ``likely`` here and ``probable`` there."""
    first: tuple[int, str] | None = None
    for where, text in texts:
        for row, word in _rows_used(text.lower()):
            if first is None:
                first = (row, word)
            elif row != first[0]:
                why = f"mixes rows of likelihood words with '{first[1]}'"
                yield Finding(where, word, why, "use the words of one row only")


def check_text(where: str, text: str, rules: WordingRules = DEFAULT_RULES) -> tuple[Finding, ...]:
    """All findings in one text, in the order of the rules."""
    folded = _folded(text)
    simple: tuple[Callable[[str, str], Iterator[Finding]], ...] = (
        verdict,
        certainty,
        likelihood_with_confidence,
        precise_place,
        call_for_force,
    )
    found = [finding for rule in simple for finding in rule(where, folded)]
    return (*found, *person_name(where, folded, rules=rules), *mixed_rows([(where, folded)]))


def check_alert(alert: Alert, rules: WordingRules = DEFAULT_RULES) -> tuple[Finding, ...]:
    """All findings in the text fields of an alert. Authors and the State's own comment are left as they are."""
    texts = [(where, _folded(text)) for where, text in alert_texts(alert)]
    found = [finding for where, text in texts for finding in check_text(where, text, rules)]
    return tuple(dict.fromkeys((*found, *mixed_rows(texts))))


def alert_texts(alert: Alert) -> tuple[tuple[str, str], ...]:
    """The fields of an alert that are checked, each with its name and its text."""
    single = (
        "what_could_happen", "to_whom", "where_and_when", "by_whom_possibly", "confidence_because", "severity_range",
        "no_evidence_against_because", "what_changed_since_last", "trigger_to_upgrade", "trigger_to_downgrade",
        "primary_duty_holder", "addressee", "decision_asked", "releasability", "source_protection", "harm_check",
        "dissent",
    )  # fmt: skip
    texts = [("likelihood.term", alert.likelihood.term), ("likelihood.event", alert.likelihood.event)]
    texts += [(name, str(getattr(alert, name))) for name in single]
    for name in ("evidence_for", "evidence_against"):
        texts += [(f"{name}[{i}]", line.text) for i, line in enumerate(getattr(alert, name), start=1)]
    for name in ("gaps_and_blind_spots", "alternatives_considered", "options"):
        texts += [(f"{name}[{i}]", text) for i, text in enumerate(getattr(alert, name), start=1)]
    return tuple((name, text) for name, text in texts if text)


def _folded(text: str) -> str:
    """One form of each character, no invisible ones, single spaces; line breaks stay, as they end sentences."""
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return "\n".join(" ".join(line.split()) for line in visible.splitlines())


def _likelihood_words(lowered: str) -> Iterator[re.Match[str]]:
    return _TERMS.finditer(lowered)


def _rows_used(lowered: str) -> Iterator[tuple[int, str]]:
    for match in _likelihood_words(lowered):
        word = match[0]
        yield (1 if word in _SECOND_ROW or "remote" in word else 0), word


def _terms() -> tuple[re.Pattern[str], frozenset[str]]:
    """One pattern for the terms of both rows, longest first, and the words of the second row.

    ``remote`` alone is also said of places, so it counts only beside a word for chance.
    """
    second = {band.alternative for band in likelihood_bands()} - {"remote"} | {"probably"}
    words = sorted({band.term for band in likelihood_bands()} | second, key=lambda word: (-len(word), word))
    plain = "|".join(re.escape(word) for word in words)
    chance = r"(?:chance|possibility|likelihood|prospect|probability)"
    remote = rf"remote {chance}|{chance} (?:is|remains|seems) remote"
    return re.compile(rf"\b(?:{remote}|{plain})\b"), frozenset(second)


_TERMS, _SECOND_ROW = _terms()

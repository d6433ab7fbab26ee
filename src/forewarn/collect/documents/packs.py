"""Language packs: how records in English, French and Spanish mark speakers, languages and stage lines.

Owns the words a record uses for its own structure. A language without a pack is not read with another's: its text
stays unparsed and says so. Every pattern is bounded, so that a hostile line costs no more than its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from forewarn.taxonomy.delegations import delegation_list

__all__ = ["PACKS", "Pack", "guess_language", "pack_for", "spaced"]

_SAMPLE = 60_000
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Pack:
    """What a record in one language looks like.

    Attributes:
        language: BCP 47; ``spoken`` its English name.
        titles: before a name, the longest first.
        role: what stands in the place of a name; ``presiding`` the roles of whoever is in the chair.
        note: how a bracket that tells the language begins; OCR damage allowed for.
        provided: what tells in a bracket that the delegation supplied the printed text.
        stages: (kind, pattern) of the lines that tell what happened in the room, in order of trial.
    """

    language: str
    spoken: str
    titles: tuple[str, ...]
    role: re.Pattern[str]
    presiding: re.Pattern[str]
    note: re.Pattern[str]
    provided: re.Pattern[str]
    stages: tuple[tuple[str, re.Pattern[str]], ...]
    vote_labels: dict[str, re.Pattern[str]] = field(default_factory=dict)


def pack_for(language: str) -> Pack | None:
    """The pack of a language, English for a text that does not show its own; none when there is none."""
    return PACKS.get(language or "en")


def spaced(pattern: str) -> re.Pattern[str]:
    """A pattern whose blanks stand for any white space, as lines of a record break anywhere."""
    return re.compile(pattern.replace(" ?", r"\s{0,9}").replace(" ", r"\s{1,9}"))


def guess_language(text: str) -> str:
    """The BCP 47 language most of the small words belong to; empty when they do not decide.

    Only the first 60,000 characters are looked at. Scripts other than Latin are told by their letters.
    """
    sample = text[:_SAMPLE]
    script = _script_of(sample)
    if script:
        return script
    counts = dict.fromkeys(_SMALL_WORDS, 0)
    total = 0
    for word in _WORD.findall(sample.lower()):
        total += 1
        for language in _languages_by_word().get(word, ()):
            counts[language] += 1
    first, second = sorted(counts, key=lambda name: counts[name], reverse=True)[:2]
    if total < _FEWEST_WORDS or counts[first] < 0.12 * total or counts[first] < 1.15 * counts[second]:
        return ""
    return first


def _script_of(sample: str) -> str:
    letters = [char for char in sample[:4000] if char.isalpha()]
    if len(letters) < _FEWEST_WORDS:
        return ""
    for language, first, last in _SCRIPTS:
        if sum(first <= char <= last for char in letters) * 2 > len(letters):
            return language
    return ""


@cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, words in _SMALL_WORDS.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), language)
    return found


_SCRIPTS = (("ru", "\u0400", "\u04ff"), ("ar", "\u0600", "\u06ff"), ("zh", "\u4e00", "\u9fff"))
_SMALL_WORDS = {
    "en": "the of and to in that is we for on by with as are be this have has it which from our not at was were an i",
    "fr": "le la les de des du et à en que est nous pour par avec dans qui sur une un au aux ce cette pas sont il je",
    "es": "el la los las de del y a en que es para por con se un una su al como más no lo esta este nos son muy",
    "pt": "o a os as de do da dos das e em que é para por com se um uma no na não ao mais foi são nossa como",
    "it": "il la i gli le di del della e in che è per con un una si non al dei delle sono più nel questo come",
    "de": "der die das und in zu den von mit ist für auf wir des dem nicht ein eine sich im auch als werden",
    "nl": "de het een en van in is dat op te voor met zijn niet wij aan er ook als door om deze",
}

_TIME = r"(?:\d{1,2}(?:[.:]\d{2})? ?[ap]\.? ?m\.?|noon|midnight|\d{1,2}[.:]\d{2}(?: hours)?)"
_WHEN = rf"(?:at )?{_TIME}(?:,? on [^.\n]{{3,60}}?)?"

_ENGLISH_STAGES = (
    ("called_to_order", spaced(rf"The meeting (?:was )?(?:called to order|opened) {_WHEN}\.?")),
    ("suspended", spaced(rf"The meeting was suspended (?:on [^.\n]{{3,60}}? )?{_WHEN}\.?(?= and|\s|$)")),
    ("resumed", spaced(rf"(?:The meeting (?:was )?|and (?:was )?)resumed (?:on [^.\n]{{3,60}}? )?{_WHEN}\.?")),
    ("rose", spaced(rf"The meeting rose {_WHEN}\.?")),
    ("agenda_adopted", spaced(r"The (?:provisional )?agenda(?:, as [\w ]{2,40},)? was adopted\.")),
    (
        "vote_taken",
        spaced(
            r"A (?:recorded |roll-call |separate |separate recorded )?vote was (?:then )?taken[^.\n]{0,80}\."
            r"|A vote (?:was taken )?by show of hands(?: was taken)?[^.\n]{0,40}\.|A vote was taken by [^.\n]{3,60}\."
        ),
    ),
    (
        "took_chair",
        spaced(
            r"(?:(?:In the absence|At the invitation) of the [\w-]+, )?(?:The|Mr|Mrs|Ms|Miss|Sir|Dame|Dr|H\.E|Lord"
            r"|Baroness|Sheikh|Prince|Princess|Monsignor|Archbishop|Ambassador)\b"
            r"[^:;\n]{0,120}(?:\n[^:;\n]{0,120}){0,2}?"
            r"(?:took|resumed|returned to|assumed) the [Cc]hair\."
        ),
    ),
    (
        "escorted",
        spaced(
            r"(?:The|Mr|Mrs|Ms|Miss|Sir|Dame|Dr|H\.E|His|Her|Their|Lord|King|Queen|Prince|Princess|President|Sheikh)\b"
            r"[^:;\n]{0,140}(?:\n[^:;\n]{0,140}){0,3}?(?:was|were) escorted [^:;\n]{2,120}?(?:\n[^:;\n]{0,100})?\."
        ),
    ),
    (
        "silence",
        spaced(r"(?:The|Members|Representatives) [^:;\n]{0,120}(?:\n[^:;\n]{0,80})?observed [^:;.\n]{0,20}?"
               r"(?:minute|moment)s? of silen[^:;\n]{0,80}?\."),
    ),
    (
        "images",
        spaced(
            r"(?:An? )?(?:[Ii]mages?|[Vv]ideos?|[Ss]lides?|[Pp]hotographs?|[Ff]ilms?|[Aa]udio|[Rr]ecordings?|[Mm]aps?)"
            r"(?: [\w-]{1,20}){0,6} (?:was|were) (?:shown|played|displayed|projected|screened)[^:;\n]{0,100}?\."
        ),
    ),
    (
        "note",
        spaced(
            r"It was so decided\.|At the invitation of the [\w-]+, [^:;\n]{2,140}"
            r"(?:\n[^:;\n]{0,140}){0,3}?\.(?=\s|$)"
        ),
    ),
)  # fmt: skip

_FRENCH_STAGES = (
    ("called_to_order", spaced(r"La séance est (?:ouverte|reprise) à [^.\n]{2,30}\.")),
    ("agenda_adopted", spaced(r"L[’']ordre du jour(?:,? [\w ]{2,40},?)? est adopté\.")),
    ("suspended", spaced(r"La séance,? (?:est )?suspendue à [^.\n]{2,30}?(?:\.|(?=,? (?:et |est )?reprise))")),
    ("resumed", spaced(r",? ?(?:et |est )?reprise à [^.\n]{2,30}\.")),
    ("rose", spaced(r"La séance est levée à [^.\n]{2,30}\.")),
    ("vote_taken", spaced(r"Il est procédé au vote[^.\n]{0,60}\.")),
    ("note", spaced(r"Il en est ainsi décidé\.")),
)
_SPANISH_STAGES = (
    ("called_to_order", spaced(r"Se (?:abre|declara abierta) la sesión a las [^\n]{2,20}?horas\.")),
    ("agenda_adopted", spaced(r"Queda aprobado el orden del día\.")),
    ("suspended", spaced(r"Se suspende la sesión a las [^\n]{2,20}?horas(?:\.|(?= y))")),
    ("resumed", spaced(r"(?:y )?[Ss]e reanuda (?:la sesión )?a las [^\n]{2,20}?horas\.")),
    ("rose", spaced(r"Se levanta la sesión a las [^\n]{2,20}?horas\.")),
    ("vote_taken", spaced(r"Se procede a votación[^.\n]{0,60}\.")),
    ("note", spaced(r"Así queda acordado\.")),
)

_EN_ROLE = spaced(
    r"The (?:(?:Acting|Temporary|Interim|Deputy|Vice|Co)[ -])?(?:Vice-)?"
    r"(?:PRESIDENT|President|CHAIRMAN|CHAIRPERSON|CHAIR|Chair(?:man|person|woman)?|Co-Chair(?:s|person)?"
    r"|SECRETARY-GENERAL|Secretary-General|Secretary of the (?:Council|Committee|Assembly)|Moderator"
    r"|High Commissioner|Prosecutor|Rapporteur|Special Rapporteur|Executive Director|Director-General|Legal Counsel"
    r"|Under-Secretary-General"
    r"|Assistant Secretary-General|Special Representative|Presiding Officer|Registrar)"
    r"(?: of the [A-Z][\w-]{1,30}(?: [A-Z][\w-]{1,30}){0,3})?(?![\w-])"
)
_FR_ROLE = spaced(
    r"(?:L[ea]|LE|LA) (?:PRÉSIDENTE?|Présidente?|Président par intérim|Présidente par intérim"
    r"|Vice-Présidente?|Secrétaire générale?|SECRÉTAIRE GÉNÉRALE?|Procureure?|Haut-Commissaire)(?![\w-])"
)
_ES_ROLE = spaced(
    r"(?:El|La|EL|LA) (?:PRESIDENT[EA]|President[ea](?: Interin[oa])?|Vicepresident[ea]"
    r"|Secretari[oa] General|Fiscal|Alt[oa] Comisionad[oa])(?![\w-])"
)

_FRENCH_TITLES = ("M.", "MM.", "Mme", "Mmes", "Mlle", "Mgr", "Dr", "Sir", "Lord", "Dame", "Baronne", "Cheikh", "Prince",
                  "Princesse", "Juge", "Général", "S.E.", "Roi", "Reine")  # fmt: skip
_SPANISH_TITLES = ("Sr.", "Sra.", "Srta.", "Dr.", "Dra.", "Sir", "Lord", "Monseñor", "Arzobispo", "Jeque", "Príncipe",
                   "Princesa", "Magistrado", "Magistrada", "General", "Rey", "Reina", "Presidente",
                   "Presidenta")  # fmt: skip


def _longest_first(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(titles, key=len, reverse=True))


PACKS = {
    "en": Pack(
        "en", "English", _longest_first(delegation_list().titles), _EN_ROLE,
        re.compile(r"president|chair|moderator|presiding", re.IGNORECASE),
        re.compile(r"\s*(?:spoke|speaking|speaks|interpret|translat|inter-\s*pretation)", re.IGNORECASE),
        re.compile(r"(?:text|interpretation|translation)\s+(?:was\s+)?(?:provided|furnished|supplied)", re.IGNORECASE),
        _ENGLISH_STAGES,
        {
            "favour": spaced(r"In favou?r ?(?:\(\d{1,3}\))? ?:"),
            "against": spaced(r"Against ?(?:\(\d{1,3}\))? ?:"),
            "abstaining": spaced(r"Abst(?:aining|entions|ained) ?(?:\(\d{1,3}\))? ?:"),
            "absent": spaced(
                r"(?:Absent|Not participating|Not voting|Non-voting)(?: in the vot(?:e|ing))? ?(?:\(\d{1,3}\))? ?:"
            ),
        },
    ),
    "fr": Pack(
        "fr", "French", _longest_first(_FRENCH_TITLES), _FR_ROLE,
        re.compile(r"président", re.IGNORECASE),
        re.compile(r"\s*(?:parle|l[’'`]orat|interprét|traduct|s[’']exprim)", re.IGNORECASE),
        re.compile(r"(?:texte|interprétation|traduction)[^()]{0,40}\s(?:fournie?|assurée?)", re.IGNORECASE),
        _FRENCH_STAGES,
        {
            "favour": spaced(r"(?:Votent|Ont voté) pour ?:"),
            "against": spaced(r"(?:Votent|Ont voté) contre ?:"),
            "abstaining": spaced(r"(?:S[’']abstiennent|Se sont abstenus) ?:"),
        },
    ),
    "es": Pack(
        "es", "Spanish", _longest_first(_SPANISH_TITLES), _ES_ROLE,
        re.compile(r"president", re.IGNORECASE),
        re.compile(r"\s*(?:habl|interpret|traduc)", re.IGNORECASE),
        re.compile(r"(?:texto|interpretación|traducción)[^()]{0,40}\s(?:proporcionad|facilitad)", re.IGNORECASE),
        _SPANISH_STAGES,
        {
            "favour": spaced(r"Votos a favor ?:"),
            "against": spaced(r"Votos en contra ?:"),
            "abstaining": spaced(r"Abstenciones ?:"),
        },
    ),
}  # fmt: skip
"""The packs by language."""

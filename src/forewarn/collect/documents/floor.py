"""The floor of a meeting: who is in the chair, who was invited, and so who a speaker line means.

Owns the step from a speaker line to a speaker. It goes forward only: a briefer is known once the record has said who
they are, a President is the one in the chair at that point. What is not told stays empty and is flagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from forewarn.collect.documents.delegations import Party, party_named
from forewarn.collect.documents.invitations import Invited, affiliation_in, invited, invited_in
from forewarn.collect.documents.packs import Pack
from forewarn.collect.documents.roster import presidents_in
from forewarn.collect.documents.speakers import SpeakerLine
from forewarn.collect.documents.speaking_for import groups_in_capacity, groups_spoken_for, national_capacity
from forewarn.collect.documents.stages import chair_taken
from forewarn.model.document import Member, Speaker

__all__ = ["AMBIGUOUS_PERSON", "NATIONAL_CAPACITY", "PRESIDING", "Floor"]

AMBIGUOUS_PERSON = "ambiguous_person"
"""Two people with that surname were invited."""
PRESIDING = "presiding"
"""Spoken from the chair: the affiliation is that of the person, the words are not those of the State."""
NATIONAL_CAPACITY = "national_capacity"
"""Spoken from the chair, and said to be on behalf of the speaker's own State."""

_NOBODY = Member("", "", "")


@dataclass
class Floor:
    """What a meeting has said so far about who is who.

    Attributes:
        pack: the language of the record.
        presidents: as the front page lists them, the first presides until a stage line says otherwise.
        on: the day of the meeting.
    """

    pack: Pack
    presidents: Sequence[Member] = ()
    on: date | None = None
    _people: list[Invited] = field(default_factory=list)
    _chair: Member | None = None

    def stage(self, kind: str, words: str) -> None:
        """Take note of who took the Chair."""
        if kind != "took_chair":
            return
        found = presidents_in(chair_taken(words), self.pack, on=self.on)
        self._chair = found[0] if found else None

    def speaker(self, line: SpeakerLine, paragraphs: Sequence[str]) -> tuple[Speaker, tuple[str, ...]]:
        """The speaker of a line and the flags of the speech, whose paragraphs are given in reading form."""
        presiding = bool(line.role) and not line.label and self.pack.presiding.search(line.role) is not None
        if presiding:
            found, flags = self._from_chair(line, paragraphs)
            for words in paragraphs:
                self._people += invited_in(words, self.pack, on=self.on)
        elif line.label:
            found, flags = self._by_label(line)
        else:
            found, flags = self._by_invitation(line)
        groups = () if presiding and NATIONAL_CAPACITY not in flags else self._groups(found, paragraphs)
        return _with_groups(found, groups), tuple(sorted(flags))

    def _from_chair(self, line: SpeakerLine, paragraphs: Sequence[str]) -> tuple[Speaker, set[str]]:
        chair = self._chair or (self.presidents[0] if self.presidents else _NOBODY)
        state = national_capacity(paragraphs)
        if state is None:
            return _speaker(line, chair.affiliation, chair.iso3), {PRESIDING}
        party = self._longest_party(state) if state else Party(chair.affiliation, chair.iso3)
        capacity = f"representative of {party.name}" if party.name else ""
        return _speaker(line, party.name, party.iso3, capacity), {NATIONAL_CAPACITY}

    def _longest_party(self, words: str) -> Party:
        """The State at the beginning of the words, the longest spelling first."""
        tokens = words.split()[:12]
        tries = (
            party_named(" ".join(tokens[:cut]), on=self.on, language=self.pack.language)
            for cut in range(len(tokens), 0, -1)
        )
        return next((party for party in tries if party.is_known), Party(""))

    def _by_label(self, line: SpeakerLine) -> tuple[Speaker, set[str]]:
        party = party_named(line.label, on=self.on, language=self.pack.language)
        if not party.is_known:
            name, iso3 = affiliation_in(line.label, self.pack, on=self.on)
            if name:
                return _speaker(line, name, iso3, line.capacity or line.label), set()
        return _speaker(line, party.name, party.iso3), set(party.flags)

    def _by_invitation(self, line: SpeakerLine) -> tuple[Speaker, set[str]]:
        if line.role:
            office = line.role.removeprefix("The ").casefold()
            as_role = [one for one in self._people if one.capacity.casefold().startswith(office)]
            one, several = (as_role[0], False) if as_role else (None, False)
        else:
            one, several = invited(self._people, line.name)
        if one is None:
            return _speaker(line, "", ""), {AMBIGUOUS_PERSON} if several else set()
        return _speaker(line, one.affiliation, one.iso3, one.capacity), set()

    def _groups(self, found: Speaker, paragraphs: Sequence[str]) -> tuple[str, ...]:
        if self.pack.language != "en":
            return ()
        named = (*groups_in_capacity(found.capacity), *groups_spoken_for(paragraphs, found.affiliation))
        return tuple(dict.fromkeys(named))


def _speaker(line: SpeakerLine, affiliation: str, iso3: str, capacity: str = "") -> Speaker:
    return Speaker(
        as_printed=line.printed,
        title=line.title,
        name=line.name,
        role=line.role,
        affiliation=affiliation,
        iso3=iso3,
        capacity=line.capacity or capacity,
    )


def _with_groups(found: Speaker, groups: tuple[str, ...]) -> Speaker:
    return Speaker(
        found.as_printed, found.title, found.name, found.role, found.affiliation, found.iso3, found.capacity, groups
    )

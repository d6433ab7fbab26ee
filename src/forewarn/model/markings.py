"""How others write the Traffic Light: the marking objects of STIX 2.1 and the tags of MISP, read and written alike.

Owns the published identifiers and the choice among several marks: the narrowest holds. A mark that is not known says
nothing, so what bears only such keeps the highest sensitivity. Sources: OASIS, STIX 2.1, 7.2.1.4 (the TLP 1 objects)
and the TLP 2.0 extension definition of the STIX common objects (2022); the tlp and PAP taxonomies of MISP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import AUDIENCES, most_sensitive_for

__all__ = [
    "EXTENSION_ID",
    "NOT_RELEASED",
    "TLP_EXTENSION",
    "TLP_MARKINGS",
    "audience_of_marking",
    "audience_of_tag",
    "narrowest",
    "sensitivity_under",
]

NOT_RELEASED = "TLP:RED"
"""What a row bears that nobody has released to others: it is its owner's alone."""

EXTENSION_ID = "extension-definition--33afd1af-413c-5aee-ab9b-1c2bd0a55eda"
"""Under which an incident of STIX carries the fields of a claim."""

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

TLP_MARKINGS = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
"""The object of each audience, TLP 2.0."""

_TLP_1 = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
}
_BY_MARKING = {**{one: name for name, one in TLP_MARKINGS.items()}, **_TLP_1}
_TAG = re.compile(r"tlp:(clear|white|green|amber\+strict|amber|red)", re.IGNORECASE)


def audience_of_marking(marking_id: str) -> str:
    """The audience of a published marking object; empty for any other."""
    return _BY_MARKING.get(marking_id, "")


def audience_of_tag(tag: str) -> str:
    """The audience of ``tlp:green`` and its like, however cased; empty for any other tag."""
    found = _TAG.fullmatch(tag.strip())
    name = found[1].lower() if found else ""
    return "clear" if name == "white" else name


def narrowest(audiences: Iterable[str]) -> str:
    """The narrowest of these audiences; empty where there is none. Words that are none are passed over."""
    return max((one for one in audiences if one in AUDIENCES), key=AUDIENCES.index, default="")


def sensitivity_under(audience: str) -> Sensitivity:
    """The least sensitivity at which what bears the mark is shown to no wider audience than its own.

    So TLP:GREEN counts as ``moderate``: what counts as ``low`` may be shown to the world. Words that are no audience
    give ``severe``.
    """
    if audience not in AUDIENCES:
        return Sensitivity.SEVERE
    wider = AUDIENCES[: AUDIENCES.index(audience)]
    shown = {most_sensitive_for(one).rank for one in wider}
    return next(one for one in Sensitivity if one.rank > max(shown, default=-1))

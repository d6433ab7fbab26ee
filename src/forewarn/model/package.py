"""An exchange package: what one node lets another have, for a purpose, until a day.

The manifest binds purpose, expiry and releasability to the items; use outside them is refused by
:meth:`PackageManifest.permits` without asking anybody. Signing, encryption and transport are the exchange
room's; the noun only knows what was agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forewarn.errors import InputValueError
from forewarn.ids import content_id, is_id
from forewarn.model.releasability import TLP_LABELS
from forewarn.model.validation import require_choice, require_text

__all__ = ["PackageManifest"]


@dataclass(frozen=True, slots=True)
class PackageManifest:
    """What a package holds and on which terms.

    Attributes:
        sender, recipient: names of nodes.
        purpose: what it may be used for.
        expires_on: the last day of use.
        releasability: one of :data:`~forewarn.model.releasability.TLP_LABELS`.
        item_ids: full content ids, sorted, each once.
    """

    sender: str
    recipient: str
    purpose: str
    expires_on: date
    releasability: str
    item_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        for field in ("sender", "recipient", "purpose"):
            require_text(getattr(self, field), field, longest=300)
        require_choice(self.releasability, "releasability", TLP_LABELS)
        if not self.item_ids or list(self.item_ids) != sorted(set(self.item_ids)):
            raise InputValueError("must be sorted, each once, and not empty", where="item_ids", mend="sort them")
        for item in self.item_ids:
            if not is_id(item):
                raise InputValueError("holds something that is no id", where="item_ids", mend="give full ids")

    @property
    def package_id(self) -> str:
        """``pkg_`` and the SHA-256 over the terms and the items."""
        terms = (self.sender, self.recipient, self.purpose, self.expires_on.isoformat(), self.releasability)
        return content_id("pkg", *terms, list(self.item_ids))

    def permits(self, purpose: str, on: date) -> bool:
        """Whether the contents may be used for that purpose on that day."""
        return purpose == self.purpose and on <= self.expires_on

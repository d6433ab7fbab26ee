"""The exchange for a viewer: releases that wait for a second person, packages, answers, partners; approval and recall.

None of it lies in an area: only who sees everywhere is shown it. What a package holds is not shown here, only the terms
that stand on it. The second person is who is signed in, and never who proposed.
"""

from __future__ import annotations

from dataclasses import dataclass

from forewarn.errors import InputValueError, SeparationError, UnknownNameError
from forewarn.model.access import Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasing import ReleaseEntry
from forewarn.operations.packages import Listed, packages
from forewarn.operations.partners import Partner, partners
from forewarn.operations.recall import Answer, package_receipts, recall
from forewarn.operations.release import Approved, approve_release, releases
from forewarn.operations.workspace import Workspace

__all__ = ["APPROVE", "RECALL", "ExchangeShown", "ReleaseRow", "approved_for", "exchange_for", "recalled_for"]

APPROVE, RECALL = "release_approve", "package_recall"
"""The acts of approving what another proposed, and of taking a package back."""

_LEAST_WHY = 8


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A proposal with its approval, where it has one; whether this viewer may be its second person."""

    proposal: ReleaseEntry
    approval: ReleaseEntry | None
    may_approve: bool


@dataclass(frozen=True, slots=True)
class ExchangeShown:
    """What waits, what came and went, who has answered, and whom we know."""

    waiting: list[ReleaseRow]
    approved: list[ReleaseRow]
    received: list[Listed]
    sent: list[Listed]
    answers: list[Answer]
    partners: list[Partner]


def exchange_for(workspace: Workspace, viewer: Viewer) -> ExchangeShown:
    """All of it, the newest first. Raises :class:`UnknownNameError` where the viewer may not see it."""
    _require_seen(viewer)
    made = [
        ReleaseRow(one, done, APPROVE in viewer.acts and done is None and one.by != viewer.name)
        for one, done in reversed(releases(workspace))
    ]
    held = list(reversed(packages(workspace)))
    return ExchangeShown(
        waiting=[one for one in made if one.approval is None],
        approved=[one for one in made if one.approval is not None],
        received=[one for one in held if one.direction == "in"],
        sent=[one for one in held if one.direction == "out"],
        answers=package_receipts(workspace),
        partners=partners(workspace),
    )


def approved_for(workspace: Workspace, viewer: Viewer, release_id: str) -> Approved:
    """Approve, as the second person, what another proposed; its file is written to the outputs.

    Raises:
        SeparationError: the viewer's roles approve nothing, or they proposed it.
        LifecycleError: it has been approved already, has run out, or would not be what was previewed.
    """
    _require_seen(viewer)
    _require_act(viewer, APPROVE)
    return approve_release(workspace, release_id, None, by=viewer.name)


def recalled_for(workspace: Workspace, viewer: Viewer, package_id: str, reason: str) -> int:
    """Take a package back from all who got it; how many notices were made.

    Raises:
        InputValueError: no reason is given.
        SeparationError: the viewer's roles take nothing back.
        UnknownNameError: no such package was sent.
    """
    _require_seen(viewer)
    _require_act(viewer, RECALL)
    if len(reason.strip()) < _LEAST_WHY:
        raise InputValueError("is too short", where="reason", mend="say in a sentence why it is taken back")
    if not package_id.startswith("pkg_"):
        raise UnknownNameError("no such package", mend="see the list of packages")
    return len(recall(workspace, package_id, reason.strip(), None, by=viewer.name))


def _require_seen(viewer: Viewer) -> None:
    if not viewer.may_see("exchange", "", "", Sensitivity.MODERATE):
        raise UnknownNameError("There is no such page")


def _require_act(viewer: Viewer, act: str) -> None:
    if act not in viewer.acts:
        raise SeparationError("your roles do not allow this step", where=act, mend="ask who may")

"""The signed head of the custody chain: signed before a link is kept, confirmed once it is, compared with the chain.

Two files beside the vault: the head confirmed last, and, only while a link is being kept, the one signed for it. So a
stop at any instant leaves a chain that ends where one of the two says; a chain that ends elsewhere was cut or added to
by somebody without the key, and nothing is signed over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection

from forewarn.account import Fault, Head, WorkspaceKey, head_fault, read_head, write_head
from forewarn.errors import StoreError
from forewarn.operations.workspace import Workspace
from forewarn.store.database import ONCE_KEPT

__all__ = ["HEAD_FILE", "chain_end_fault", "refuse_foreign", "sign_anew", "sign_next", "signed_heads"]

HEAD_FILE = "custody.head"


def signed_heads(workspace: Workspace, key: WorkspaceKey) -> list[Head | Fault]:
    """The head confirmed last, and the one signed for a link on its way, where there is one."""
    confirmed, coming = _paths(workspace)
    found = [read_head(confirmed, key)]
    return [*found, read_head(coming, key)] if coming.exists() else found


def chain_end_fault(
    workspace: Workspace, key: WorkspaceKey, digests: Mapping[int, str], before: list[Head | Fault]
) -> Fault | None:
    """What is wrong with the end of a chain, read after the heads given: others may have added to it since."""
    heads = [*signed_heads(workspace, key), *before]
    faults = [one if isinstance(one, Fault) else head_fault(one, digests) for one in heads]
    return None if None in faults else faults[0]


def refuse_foreign(workspace: Workspace, key: WorkspaceKey, stored: Head) -> dict[str, str]:
    """Refuse to go on from a chain that does not end where it was signed; what the next link must tell of a lost head.

    Raises :class:`StoreError`: going on would sign what a stranger did.
    """
    heads = signed_heads(workspace, key)
    if stored in heads:
        return {}
    if isinstance(heads[0], Fault) and not stored.count:
        return {}
    if all(isinstance(one, Fault) for one in heads):
        return {"head": "was missing or altered"}
    raise StoreError(
        "the custody log does not end where it was signed",
        where=HEAD_FILE,
        mend="run 'forewarn evidence verify', and restore the database",
    )


def sign_next(workspace: Workspace, key: WorkspaceKey, head: Head, connection: Connection) -> None:
    """Sign the head of a link that is being kept; it is confirmed once the transaction is."""
    confirmed, coming = _paths(workspace)
    confirmed.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_head(coming, head, key)
    connection.info.setdefault(ONCE_KEPT, []).append(_confirming(coming, confirmed))


def sign_anew(workspace: Workspace, old: WorkspaceKey, new: WorkspaceKey) -> None:
    """Sign the head that holds with another key; one that does not hold stays as it is."""
    for head, path in zip(signed_heads(workspace, old), _paths(workspace), strict=False):
        if isinstance(head, Head):
            write_head(path, head, new)


def _confirming(coming: Path, confirmed: Path) -> Callable[[], None]:
    def confirm() -> None:
        if coming.exists():
            coming.replace(confirmed)

    return confirm


def _paths(workspace: Workspace) -> tuple[Path, Path]:
    confirmed = workspace.paths.evidence / HEAD_FILE
    return confirmed, confirmed.with_name(f"{HEAD_FILE}.next")

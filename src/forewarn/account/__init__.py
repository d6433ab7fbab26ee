"""Account: originals sealed bit for bit, the custody of each, and what can be proved of it elsewhere.

Owns the vault, the custody chain, timestamps of its head, packages for investigators, redacted derivatives. Refuses to
open an original for writing, to keep anything without its circumstances, and to say more than a proof proves. Who may
do what, and when, is settled in operations.
"""

from __future__ import annotations

from forewarn.account.custodians import CustodianKey, handed_over, joined, new_custodian, read_custodian, split
from forewarn.account.custody import Fault, Head, chain_faults, head_fault, next_entry, read_head, write_head
from forewarn.account.index import index_of, media_type
from forewarn.account.keyfile import WorkspaceKey, create_key, read_key, replace_key
from forewarn.account.sealing import Digests, TamperedError, digests
from forewarn.account.vault import Vault, opened_plain

__all__ = [
    "CustodianKey",
    "Digests",
    "Fault",
    "Head",
    "TamperedError",
    "Vault",
    "WorkspaceKey",
    "chain_faults",
    "create_key",
    "digests",
    "handed_over",
    "head_fault",
    "index_of",
    "joined",
    "media_type",
    "new_custodian",
    "next_entry",
    "opened_plain",
    "read_custodian",
    "read_head",
    "read_key",
    "replace_key",
    "split",
    "write_head",
]

"""Outbound: the only package that opens a connection outward.

Owns whom we may ask, and how long, how much and how often. A host is refused unless it is on the allow-list. Names
are resolved here and the connection goes to the very address that was checked, so no answer of a name server can
lead into the own network; redirects are followed by hand and checked like the first address. A credential goes to
its own host alone, over https, and stands in no address, error or header that is handed back.
"""

from __future__ import annotations

from forewarn.outbound.asking import Answer, Ask, Credential, Policy
from forewarn.outbound.client import Outbound
from forewarn.outbound.guard import is_public
from forewarn.outbound.places import public_address

__all__ = ["Answer", "Ask", "Credential", "Outbound", "Policy", "is_public", "public_address"]

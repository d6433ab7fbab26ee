"""The Common Alerting Protocol 1.2, in and out: checking anybody's, writing ours, chains, acknowledgements, feeds.

``check`` finds, ``compose`` and ``write`` make messages of released alerts, ``read`` takes from others what a chain
needs, ``chain`` says what holds. A message is never evidence, and nothing here sends anything anywhere.
"""

from __future__ import annotations

from forewarn.exchange.cap.areas import area_of
from forewarn.exchange.cap.chain import CapChain, chains_of
from forewarn.exchange.cap.check import check_message, check_together
from forewarn.exchange.cap.compose import CapTerms, acknowledgement, compose_message
from forewarn.exchange.cap.feeds import atom_feed, geojson_feed
from forewarn.exchange.cap.findings import CapFinding, fails
from forewarn.exchange.cap.read import CapSeen, read_message, seen_message
from forewarn.exchange.cap.write import write_message

__all__ = [
    "CapChain",
    "CapFinding",
    "CapSeen",
    "CapTerms",
    "acknowledgement",
    "area_of",
    "atom_feed",
    "chains_of",
    "check_message",
    "check_together",
    "compose_message",
    "fails",
    "geojson_feed",
    "read_message",
    "seen_message",
    "write_message",
]

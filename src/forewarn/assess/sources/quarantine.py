"""What is in quarantine: sources that deceive, claims shown to be made up, and what is under inquiry.

Owns the reading of what holds from all that was ever said. Nothing is deleted: a claim in quarantine stays where it
is, with the reason, and an incident says how many of its claims are. A release restores exactly what was.
"""

from __future__ import annotations

import polars as pl

__all__ = ["in_quarantine", "quarantined_claims"]


def in_quarantine(quarantines: pl.DataFrame) -> pl.DataFrame:
    """What is in quarantine: every row that nobody released, in the order said.

    Args:
        quarantines: every row: ``quarantine_id, subject, kind, author, decided_at, reason, releases``.
    """
    released = quarantines.filter(pl.col("releases") != "")["releases"].to_list()
    return quarantines.filter((pl.col("releases") == "") & ~pl.col("quarantine_id").is_in(released))


def quarantined_claims(claims: pl.DataFrame, quarantines: pl.DataFrame) -> pl.DataFrame:
    """``claim_id, kind, reason, author, of`` (source or claim) of each claim that is not counted, sorted.

    Args:
        claims: with ``claim_id``, and ``source_id`` for those that are kept out with their source.
        quarantines: every row ever said.
    """
    held = in_quarantine(quarantines).select("subject", "kind", "reason", "author")
    shape = ["claim_id", "kind", "reason", "author", "of"]
    own = claims.select("claim_id").join(held, left_on="claim_id", right_on="subject").with_columns(of=pl.lit("claim"))
    if "source_id" not in claims.columns:
        return own.select(shape).unique("claim_id", keep="first", maintain_order=True).sort("claim_id")
    whole = claims.select("claim_id", "source_id").join(held, left_on="source_id", right_on="subject")
    both = pl.concat([own.select(shape), whole.with_columns(of=pl.lit("source")).select(shape)])
    return both.unique("claim_id", keep="first", maintain_order=True).sort("claim_id")

"""The tables of the front door: who there is, what they were granted, who read what that is sensitive.

Users, grants and sights are only ever added to. What passes by nature, sessions, credentials and invitations, is
removed when it is over; of secrets the store holds only hashes.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = [
    "PASSING", "account_acts", "api_tokens", "credentials", "grants", "invitations", "second_factors", "sessions",
    "sights", "token_uses", "users",
]  # fmt: skip

users = Table(
    "users",
    metadata,
    sequence(),
    *(text(name) for name in ("user_id", "name", "by", "at")),
    UniqueConstraint("user_id", name="users_once"),
    UniqueConstraint("name", name="users_by_name"),
)

grants = Table(
    "grants",
    metadata,
    sequence(),
    *(text(name) for name in ("grant_id", "user_id", "role", "areas", "most", "by", "at", "withdraws")),
    UniqueConstraint("grant_id", name="grants_once"),
    Index("grants_by_user", "user_id"),
)
"""A role given, or with ``withdraws`` the taking back of one."""

sights = Table(
    "sights",
    metadata,
    sequence(),
    *(text(name) for name in ("user_name", "kind", "subject", "reason", "at")),
    Index("sights_by_subject", "subject"),
)
"""Who was shown which sensitive record, when, and the reason they gave."""

api_tokens = Table(
    "api_tokens",
    metadata,
    sequence(),
    *(text(name) for name in ("token_id", "token_hash", "user_id", "label", "scopes", "by", "at", "expires_at")),
    text("withdraws"),
    UniqueConstraint("token_id", name="api_tokens_once"),
    Index("api_tokens_by_hash", "token_hash"),
    Index("api_tokens_by_user", "user_id"),
)
"""A token for programs, of which only the hash is kept; or with ``withdraws`` the taking back of one."""

token_uses = Table("token_uses", metadata, text("token_id", primary_key=True), text("used_on"))
"""The last day on which a token opened anything; of no request more than that is kept."""

account_acts = Table("account_acts", metadata, sequence(), *(text(name) for name in ("act", "user_id", "by", "at")))
"""What was done to an account: a password changed, a second factor made or taken away, an account closed."""

second_factors = Table(
    "second_factors",
    metadata,
    text("user_id", primary_key=True),
    *(text(name) for name in ("secret", "confirmed_at")),
    whole("last_step"),
)
"""The secret of a person's second factor, in force once it is confirmed, and the last step of time it was used at."""

credentials = Table("credentials", metadata, text("user_id", primary_key=True), text("password_hash"), text("set_at"))

invitations = Table(
    "invitations",
    metadata,
    text("token_hash", primary_key=True),
    *(text(name) for name in ("role", "areas", "most", "by", "made_at", "expires_at")),
)

sessions = Table(
    "sessions",
    metadata,
    text("token_hash", primary_key=True),
    *(text(name) for name in ("user_id", "made_at", "expires_at", "reason", "reason_until")),
    Index("sessions_by_user", "user_id"),
)

PASSING = frozenset({"credentials", "invitations", "second_factors", "sessions", "token_uses"})
"""Tables whose rows are replaced or removed when their time is over."""

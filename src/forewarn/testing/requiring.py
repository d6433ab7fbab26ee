"""How every check here says what is wrong: by an ``AssertionError``, under ``python -O`` too."""

from __future__ import annotations


def require(holds: bool, message: str) -> None:
    """Raised by hand, so that the checks also hold under ``python -O``."""
    if not holds:
        raise AssertionError(message)

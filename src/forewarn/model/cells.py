"""Which cells a spreadsheet would run as a formula, and how ours are kept from it.

A cell that begins with one of certain characters gets an apostrophe in front, which spreadsheets hide and never
run; reading a file back takes one apostrophe off. The two patterns are all there is, so that every writer and
reader of tables agrees.
"""

from __future__ import annotations

__all__ = ["FORMULA", "NEUTRALIZED"]

FORMULA = r"^'*[=+\-@\t\r]"
"""A cell to put an apostrophe in front of: a formula start, behind any number of apostrophes."""

NEUTRALIZED = r"^'+[=+\-@\t\r]"
"""A cell to take one apostrophe off."""

"""Making words from anywhere harmless in a page: nothing a source wrote can act, hide or reorder what others read.

Owns the showing of invisible characters, the escaping of Markdown, and which addresses may be links. HTML is
escaped by the template engine; everything here runs on each value that a template prints.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

__all__ = ["harmless", "markdown", "web_address"]

_KEPT = "\u200c\u200d"  # joiners that Persian and the scripts of India and Myanmar need
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~#$!]")
_OPENING = re.compile(r"^([-+=:]|\d{1,9}[.)])")


def harmless(text: str) -> str:
    """The text with characters that steer or hide others (bidirectional overrides, controls) made visible."""
    if text.isprintable():  # as nearly all is
        return text
    return "".join(c if _is_plain(c) else f"[U+{ord(c):04X}]" for c in text)


def _is_plain(character: str) -> bool:
    if character in "\n\t" or character in _KEPT:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def markdown(value: object) -> str:
    """A value as one line of Markdown text in which nothing has a meaning: no HTML, link, table or list."""
    line = " ".join(harmless(str(value)).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _SPECIAL.sub(lambda match: f"\\{match[0]}", line)
    line = line.replace("://", "&#58;//").replace("@", "&#64;").replace("www.", "www&#46;")
    return _OPENING.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", line)


def web_address(address: str) -> str:
    """The address if it is a plain http or https one with a host and without credentials, else empty."""
    if not address.isprintable() or any(c.isspace() for c in address) or len(address) > 2_000:
        return ""
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return ""
    return address if is_web else ""

"""Words from anywhere, made harmless."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.respond.brief.escape import harmless, markdown, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("a\u2066b\u200f", "a[U+2066]b[U+200F]"),
        ("a\x00\x1b[31mb", "a[U+0000][U+001B][31mb"),
        ("ra\u200bpe", "ra[U+200B]pe"),
        ("မြန်မာ \u200dfa\u200cri", "မြန်မာ \u200dfa\u200cri"),
    ],
)
def test_characters_that_steer_others_are_shown(text: str, shown: str) -> None:
    """Overrides and controls are visible; letters and the joiners that scripts need stay."""
    assert shown == harmless(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("[a](javascript:x)", r"\[a\](javascript:x)"),
        ("a|b\n# c", r"a\|b \# c"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("see http://evil.example and www.evil.example", "see http&#58;//evil.example and www&#46;evil.example"),
        ("me@example.org", "me&#64;example.org"),
        ("`code` $x$ ![i](u)", r"\`code\` \$x\$ \!\[i\](u)"),
    ],
)
def test_markdown_has_no_meaning(text: str, shown: str) -> None:
    """HTML, links, tables, lists, code and autolinks come out as plain words on one line."""
    assert shown == markdown(text)


@given(st.text(max_size=200))
def test_any_text_becomes_one_line_without_markup(text: str) -> None:
    """No raw tag, unescaped pipe or bracket, control or line break is left, whatever comes in."""
    shown = markdown(text)
    assert not re.search(r"[<>\n\r\u202a-\u202e\u2066-\u2069]", shown)
    assert not re.search(r"(?<!\\)(?:\\\\)*[|\[\]`*_]", re.sub(r"\\[\\`*_\[\]|~#$!]", "", shown))


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://user:secret@example.org", False),
        ("https://", False),
        ("https://exa\u202emple.org", False),
        ("https://[::1", False),
        (" https://example.org", False),
    ],
)
def test_only_plain_web_addresses_are_links(address: str, is_link: bool) -> None:
    """Other schemes, credentials, invisible characters and broken addresses are not."""
    assert bool(web_address(address)) is is_link

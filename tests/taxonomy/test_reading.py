"""The YAML reader refuses what nobody means."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ConfigurationError
from forewarn.taxonomy.reading import DEEPEST, LARGEST_BYTES, Node, parse_yaml

REFUSED = {
    "a key twice": ("a: 1\na: 2\n", "line 2"),
    "a key twice, deeper": ("a:\n  - {b: 1, b: 2}\n", "stands twice"),
    "null as a key": ("? \n: 1\n", "null"),
    "a tilde as a key": ("~: 1\n", "null"),
    "Norway": ("NO: 1\n", "a boolean"),
    "on": ("x: {on: 1}\n", "a boolean"),
    "a number as a key": ("1.10: x\n", "a number"),
    "an alias": ("a: &x [1]\nb: *x\n", "anchors"),
    "an anchor": ("a: &x 1\n", "anchors"),
    "a merge": ("a: &x {b: 1}\nc: {<<: *x}\n", "anchors"),
    "a tag": ("a: !!python/object/apply:os.system [id]\n", "tag"),
    "a second document": ("a: 1\n---\nb: 2\n", "second document"),
    "too deep": ("a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "deep"),
    "very deep": ("[" * 200_000, "deep"),
    "cut off": ("a: [1, 2\n", "not valid YAML"),
    "a NUL": ("a: \x00\n", "not valid YAML"),
    "not UTF-8": (b"a: \xff\n", "not UTF-8"),
    "too large": ("a" * (LARGEST_BYTES + 1), "bytes"),
    "an impossible date": ("a: 2018-99-99\n", "not valid YAML"),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_nobody_means_is_refused_in_one_line(data: tuple[str | bytes, str]) -> None:
    """Every trick is refused with the file's name, the place, and no traceback of the parser."""
    with pytest.raises(ConfigurationError) as caught:
        parse_yaml(data[0], "trap.yaml")
    assert str(caught.value).startswith("trap.yaml")
    assert data[1] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_billion_laughs_is_refused_before_it_is_built() -> None:
    """Aliases of aliases cost nothing: the document is refused at its first anchor."""
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    with pytest.raises(ConfigurationError, match="anchors"):
        parse_yaml(f"l0: &l0 lol\n{levels}\n", "laughs.yaml")


@pytest.mark.parametrize(
    ("text", "ask", "path"),
    [
        ("a: {b: no}", lambda top: top.entries["a"].entries["b"].text(), "a.b"),
        ("a: [x, null]", lambda top: top.entries["a"].texts(), r"a\[2\]"),
        ("a: [x, x]", lambda top: top.entries["a"].texts(), "a: has an item twice"),
        ("a: true", lambda top: top.entries["a"].whole(0, 9), "a: is a boolean"),
        ("a: 10", lambda top: top.entries["a"].whole(0, 9), "outside 0 to 9"),
        ("a: 1", lambda top: top.entries["a"].truth(), "a: is a number"),
        ("a: 1", lambda top: top.fields("a", "b"), "lacks the key 'b'"),
        ("a: 1\nzz: 2", lambda top: top.fields("a"), "unknown key 'zz'"),
        ("a: x", lambda top: top.entries["a"].choice("y"), "'x' is none of y"),
        ("a: [1]", lambda top: top.entries["a"].entries, "a: is a list"),
        ('a: "1492-01-01"', lambda top: top.entries["a"].day(), "before 1800"),
    ],
)
def test_a_wrong_value_is_named_with_its_key_path(text: str, ask: Callable[[Node], object], path: str) -> None:
    """A typed reading that fails says file and key path."""
    with pytest.raises(ConfigurationError, match=path):
        ask(parse_yaml(text, "list.yaml"))


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_any_input_is_read_or_refused_but_never_crashes(data: str | bytes) -> None:
    """Whatever the bytes, the outcome is a node or a ConfigurationError."""
    try:
        outcome = parse_yaml(data, "any.yaml").where
    except ConfigurationError as error:
        outcome = str(error)
    assert outcome.startswith("any.yaml")

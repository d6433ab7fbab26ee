"""Which claims fall in which protection theme, by which rule, and because of which words.

Owns the matching of the rules of ``protection.yaml`` on claims. Every mark names its rule and what called for it; the
rules look at no party, so the same holds for every actor. A mark says that a claim tells of such a matter, and nothing
about whether it was so. Text is compared without case, accents and punctuation; no phrase reaches past a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl

from forewarn.taxonomy.protection import ProtectionRule, ProtectionTheme, Wanted
from forewarn.taxonomy.wording import GAP

__all__ = ["folded_text", "phrase_pattern", "theme_marks"]

_MARKS = dict.fromkeys(("claim_id", "source_kind", "theme", "code", "rule", "because"), pl.String)
_GAP_WORDS = "(?:[^ |]+ ){0,3}"


def theme_marks(claims: pl.DataFrame, themes: Iterable[ProtectionTheme]) -> pl.DataFrame:
    """The marks of claims: ``claim_id, source_kind, theme, code, rule, because``, sorted by claim, theme and rule.

    Args:
        claims: ``claim_id, act, violence, target, text`` and ``source_kind``; missing words count as none.
        themes: whose rules are to be tried.
    """
    frame = claims.select(
        "claim_id",
        "act",
        "violence",
        pl.col("source_kind").fill_null("unknown"),
        _target=folded_text(pl.col("target")),
        _said=folded_text(pl.concat_str(pl.col("target", "text").fill_null(""), separator=". ")),
    )
    found = [_marked(frame, theme.id, rule) for theme in themes for rule in theme.rules]
    return pl.concat([pl.DataFrame(schema=_MARKS), *found]).sort("claim_id", "theme", "rule")


def folded_text(text: pl.Expr) -> pl.Expr:
    """Words in lower case without accents, one space between them, ``|`` where a sentence ends, a space at each end."""
    plain = text.fill_null("").str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    cut = plain.str.replace_all(r"[.!?;:|]+(\s|$)", " | ").str.replace_all(r"[^\p{L}\p{N}|]+", " ")
    return pl.format(" {} ", cut.str.strip_chars(" "))


@cache
def phrase_pattern(wanted: Wanted) -> str:
    """The pattern that finds any of the phrases in folded text, as its first group."""
    alternatives = []
    for phrase in wanted.phrases:
        parts = [_GAP_WORDS if word == GAP else word.replace("*", "[^ |]*") + " " for word in phrase]
        alternatives.append("".join(parts).removesuffix(" "))
    longest_first = sorted(set(alternatives), key=lambda one: (-len(one), one))
    return rf" ({'|'.join(longest_first)}) "


def _marked(frame: pl.DataFrame, theme: str, rule: ProtectionRule) -> pl.DataFrame:
    kept = frame
    because: list[pl.Expr] = []
    for column, values in (("act", rule.acts), ("violence", rule.violence), ("source_kind", rule.sources)):
        if values:
            kept = kept.filter(pl.col(column).is_in(values))
            because.append(pl.format("{} {}", pl.lit(column.replace("_", " ")), column))
    for column, noun, wanted in (("_target", "target", rule.targets), ("_said", "words", rule.words)):
        if wanted.phrases:
            kept = kept.with_columns(pl.col(column).str.extract(phrase_pattern(wanted), 1).alias(noun))
            kept = kept.filter(pl.col(noun).is_not_null())
            because.append(pl.format("{} '{}'", pl.lit(noun), noun))
    return kept.select(
        "claim_id",
        "source_kind",
        theme=pl.lit(theme),
        code=pl.lit(rule.code),
        rule=pl.lit(rule.id),
        because=pl.concat_str(because, separator=", "),
    )

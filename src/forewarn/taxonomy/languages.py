"""The languages that a text itself can show: by its writing, or by small words frequent in it.

Owns the typed reading of ``languages.yaml``. It is a short list on purpose: what is not on it is not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import load_list

__all__ = ["LanguageSigns", "language_signs"]


@dataclass(frozen=True, slots=True)
class LanguageSigns:
    """What tells a language.

    Attributes:
        words: by language code, the small words that are frequent in it.
        scripts: by language code with words, the writing it is in, as Unicode names it.
        by_script: by writing that few languages use, the codes of those languages.
    """

    words: dict[str, frozenset[str]]
    scripts: dict[str, str]
    by_script: dict[str, tuple[str, ...]]


@cache
def language_signs() -> LanguageSigns:
    """All signs there are."""
    top = load_list("languages.yaml").fields("id", "version", "words", "by_script")
    fields = {code: node.fields("script", "words") for code, node in top["words"].entries.items()}
    return LanguageSigns(
        words={code: frozenset(one["words"].texts()) for code, one in fields.items()},
        scripts={code: one["script"].text() for code, one in fields.items()},
        by_script={script: node.texts() for script, node in top["by_script"].entries.items()},
    )

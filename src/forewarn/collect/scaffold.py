"""The beginning of a new channel: a YAML, a parser, a sample and a test that run as they are.

Owns the texts. What they hold is a small table that works; its author puts their own columns in its place, and the
conformance checks of ``forewarn.testing`` say what is still wrong.
"""

from __future__ import annotations

import re

from forewarn.errors import UsageError, shorten

__all__ = ["scaffold"]

_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")

_YAML = """\
name: {name}
title: What this data set is
publisher: Who publishes it
licence: Under which terms
cadence_days: 30
requires: [external_id, started_on, country]
row_is: report
sensitivity: severe
source: {{name: Who says it, kind: unknown}}
columns:
  required: [id, day, country]
  expected: [what, dead]
  identity: [reporter]
fill_rates: {{id: 1.0, day: 1.0}}
kept: id, day, country, what was done, deaths
not_kept: who reported
coverage: {{areas: where, periods: since when, languages: in which, blind_to: what it cannot see}}
"""

_PARSER = '''\
"""{name}: which column tells what."""

import polars as pl

from forewarn.testing import Telling

COLUMNS = {{"external_id": "id", "started_on": "day", "country": "country", "act": "what", "deaths_best": "dead"}}


def tell(frame: pl.DataFrame) -> Telling:
    """What the rows say; columns may be absent that are not required."""
    told = {{field: pl.col(name) for field, name in COLUMNS.items() if name in frame.columns}}
    return Telling(frame.select(**told), COLUMNS)
'''

_SAMPLE = """\
id,day,country,what,dead,reporter
a1,2024-01-05,MMR,killing,3,Planted Name
a2,2024-01-06,SDN,displacement,,Planted Name
"""

_TEST = '''\
"""The channel {name} keeps the promises of every channel."""

from pathlib import Path

from forewarn.testing import check_channel, load_parser

HERE = Path(__file__).parent


def test_the_channel_conforms() -> None:
    """Columns, ids, identity of reporters, rejects and hostile files are as they must be."""
    parser = load_parser(HERE / "{stem}.py")
    check_channel((HERE / "{stem}.yml").read_bytes(), parser.tell, parser.read, HERE / "{stem}_sample.csv")
'''


def scaffold(name: str) -> dict[str, str]:
    """The files of a new channel, by file name.

    Raises:
        UsageError: it cannot be the name of a channel.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{shorten(name)}' cannot name a channel", mend="2 to 40 small letters, digits and hyphens, a letter first"
        )
    stem = name.replace("-", "_")
    files = {f"{stem}.yml": _YAML, f"{stem}.py": _PARSER, f"test_{stem}.py": _TEST}
    made = {file: text.format(name=name, stem=stem) for file, text in files.items()}
    return made | {f"{stem}_sample.csv": _SAMPLE}

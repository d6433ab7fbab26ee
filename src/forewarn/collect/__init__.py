"""Collect: the outside world, as bytes kept first, becomes reports and claims.

Owns channels, snapshots and the reading of tables. Nothing here stores: batches are handed out for
``operations`` to put in the store. Nothing is guessed: a row that cannot be read as it stands is rejected whole,
with its number, the cell, the reason and the mend.
"""

from __future__ import annotations

from forewarn.collect.batch import Batch
from forewarn.collect.channels import ChannelDefinition, Mapping, channel, channels, load_mapping, recipe_of
from forewarn.collect.outside import add_channels_from, load_parser
from forewarn.collect.parsers import Parser, reads_by_name
from forewarn.collect.parsing import ParseRequest, index_rows, original_row, original_rows, parse
from forewarn.collect.rejects import RejectsFile, is_rejects_file, write_rejects
from forewarn.collect.scaffold import scaffold
from forewarn.collect.snapshot import Provenance, keep_snapshot, snapshot_path
from forewarn.collect.tabular.rowindex import INDEX_SUFFIX

__all__ = [
    "INDEX_SUFFIX",
    "Batch",
    "ChannelDefinition",
    "Mapping",
    "ParseRequest",
    "Parser",
    "Provenance",
    "RejectsFile",
    "add_channels_from",
    "channel",
    "channels",
    "index_rows",
    "is_rejects_file",
    "keep_snapshot",
    "load_mapping",
    "load_parser",
    "original_row",
    "original_rows",
    "parse",
    "reads_by_name",
    "recipe_of",
    "scaffold",
    "snapshot_path",
    "write_rejects",
]

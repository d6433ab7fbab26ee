"""Reading tables as people send them: CSV, XLSX, JSON Lines and parquet, as text, in chunks of bounded size.

Owns the step from bytes to cells. Every cell stays text as received (a missing one is null); nothing is guessed
but the format and the delimiter, and those can be declared. Refuses what is not UTF-8, is cut off, or unpacks to
far more than it is. Data rows are numbered from 1, hashtag rows (HXL) and blank lines not counted.
"""

from __future__ import annotations

from forewarn.collect.tabular.chunk import Chunk, TableOptions
from forewarn.collect.tabular.table import FORMATS, read_table

__all__ = ["FORMATS", "Chunk", "TableOptions", "read_table"]

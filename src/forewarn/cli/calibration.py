"""Calibration and skill as text: one line a group, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forewarn.cli.output import print_table, say

__all__ = ["tell_calibration"]

_COLUMNS = ("by", "group", "units", "pairs", "1 or more", "25 or more", "in 50 %", "in 90 %", "width of 90 %", "skill")


def tell_calibration(calibrations: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """A table a model, then the sentences on the whole and on each status; regions are in the table alone."""
    for model, groups in calibrations.items():
        print_table(f"Calibration of {model}", _COLUMNS, [_row(group) for group in groups])
        say(*(f"  {_name(group)}: {group['sentence']}" for group in groups if group["by"] != "region"))


def _row(group: Mapping[str, Any]) -> tuple[object, ...]:
    half, ninety = group["coverage"]
    return (
        group["by"], group["group"], group["units"], group["unit_periods"], group["happened"]["1"],
        group["happened"]["25"], f"{half['share']:.0%}", f"{ninety['share']:.0%}", f"{ninety['mean_width']:.1f}",
        group["verdict"],
    )  # fmt: skip


def _name(group: Mapping[str, Any]) -> str:
    return "all" if group["by"] == "all" else f"{group['by']} {group['group']}"

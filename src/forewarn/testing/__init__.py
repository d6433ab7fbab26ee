"""Conformance checks that authors of channels and of forecasters run on their own, with any test runner or none.

Each check is a plain function that raises ``AssertionError`` with what is wrong, where and why it matters. Channels
are read as ``forewarn collect`` would, and then with files made to harm; forecasters are given small histories with
gaps, silence and units that come and go. What passes here is treated like any other channel or forecaster.
"""

from __future__ import annotations

from forewarn.collect import load_parser
from forewarn.collect.telling import Telling
from forewarn.testing.alerts import complete_alert
from forewarn.testing.channels import (
    check_channel,
    check_columns,
    check_hostile_files,
    check_idempotent,
    check_no_identity,
    check_rejects,
    hostile_files,
    reading,
)
from forewarn.testing.forecasters import check_forecaster, check_onset_forecaster

__all__ = [
    "Telling",
    "check_channel",
    "check_columns",
    "check_forecaster",
    "check_hostile_files",
    "check_idempotent",
    "check_no_identity",
    "check_onset_forecaster",
    "check_rejects",
    "complete_alert",
    "hostile_files",
    "load_parser",
    "reading",
]

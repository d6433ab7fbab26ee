"""The exchange room: what leaves, and in which form. Nothing leaves except as a :class:`Release`.

``disclosure`` withholds by sensitivity for the owner, and makes places and numbers coarse for others; ``files`` writes
in every format for rows, and takes nothing but what disclosure released. Forecasts hold no report and leave in VIEWS'
columns (``forecast_files``) or hubverse's (``hubverse``). Alerts leave as far as ``alert_release`` lets them, in CAP.
"""

from forewarn.exchange.alert_release import ReleasedAlert, release_alert
from forewarn.exchange.disclosure import Release, hand_back, release, release_to
from forewarn.exchange.files import FORMATS, format_of, require_form, write_release, write_releases
from forewarn.exchange.forecast_files import DrawBlock, Provenance, provenance_of, write_draws, write_forecast
from forewarn.exchange.hubverse import read_model_output, read_target_data, write_hubverse
from forewarn.exchange.prov import LINEAGE_FIELDS

__all__ = [
    "FORMATS",
    "LINEAGE_FIELDS",
    "DrawBlock",
    "Provenance",
    "Release",
    "ReleasedAlert",
    "format_of",
    "hand_back",
    "provenance_of",
    "read_model_output",
    "read_target_data",
    "release",
    "release_alert",
    "release_to",
    "require_form",
    "write_draws",
    "write_forecast",
    "write_hubverse",
    "write_release",
    "write_releases",
]

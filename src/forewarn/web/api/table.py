"""The table of resources: what there is to ask for, who for, by which filters, and the form of every answer.

Everything else follows from it: the addresses, the checks of what is asked, the OpenAPI document, ``api.md``. A field
that is not here is not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from forewarn.model.access import Viewer
from forewarn.model.alert import Alert
from forewarn.model.tables import CLAIM_COLUMNS, INCIDENT_COLUMNS, REPORT_COLUMNS, Column
from forewarn.operations import listing, listing_more
from forewarn.operations.listing import Listed, Wanted, only_one
from forewarn.operations.workspace import Workspace
from forewarn.web.api.shapes import ID, Field, Parameter, Schema, array, columns, obj, parameters, text

__all__ = ["CONTENT", "RESOURCES", "Resource"]

CONTENT: Schema = TypeAdapter(Alert).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
"""The form of an alert's content; its ``$defs`` stand among the components of the OpenAPI document."""

_More = Callable[..., Listed]
_One = Callable[[Workspace, Viewer, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of record.

    Attributes:
        path: its name in the address, the plural.
        kind: the kind in the table of rights.
        noun: one of them.
        meaning: what a list of it is, in a sentence.
        fields: of a record; those that are ``alone`` only where one is asked for.
        filters: what a list may be asked by.
        page: gives a page.
        one: gives one record.
        key: the pattern of an id.
        parent: the path of the resource whose record this is a part of, or empty.
    """

    path: str
    kind: str
    noun: str
    meaning: str
    fields: tuple[Field, ...]
    filters: tuple[Parameter, ...]
    page: _More
    one: _One | None
    key: str = ""
    parent: str = ""

    def fields_of(self, *, alone: bool) -> tuple[Field, ...]:
        """The fields of a record in a list, or of one asked for alone."""
        return tuple(field for field in self.fields if alone or not field.alone)


def _claim(workspace: Workspace, viewer: Viewer, name: str) -> dict[str, Any]:
    return only_one(listing.claims_page(workspace, viewer, Wanted(only=name, limit=1)), "claim")


def _report(workspace: Workspace, viewer: Viewer, name: str) -> dict[str, Any]:
    return only_one(listing.reports_page(workspace, viewer, Wanted(only=name, limit=1)), "report")


def _decision(workspace: Workspace, viewer: Viewer, name: str) -> dict[str, Any]:
    return only_one(listing.decisions_page(workspace, viewer, Wanted(only=name, limit=1)), "decision")


def _known(listed: tuple[Column, ...]) -> tuple[Field, ...]:
    """The columns, with ``origins`` as objects."""
    origins = Field("origins", array(obj(name="text", on="day")), "who the report says it comes from, and when")
    return tuple(origins if field.name == "origins" else field for field in columns(listed))


_CURRENT = text("current", "whether no later version of its report replaces it, and it was not withdrawn", "flag")
_RANGES = {
    "mean": "of the draws",
    **{f"q{share}": f"the {share} % quantile of the draws" for share in ("05", "25", "50", "75", "95")},
    **{f"p{count}": f"the chance of {count} or more" for count in (1, 25, 100, 1000)},
}
_READING = obj(assessment_id="text", indicator="text", state="text", trend="text", confidence="text", basis="text",
               author="text", assessed_at="text", claim_ids="list")  # fmt: skip
_LIFE = obj(kind="text", by="text", at="text", version="whole", note="text", decision="text", outcome="text")
_SKILL = obj(kind="text", name="text", units="whole", unit_periods="whole", verdict="text", sentence="text")

RESOURCES: tuple[Resource, ...] = (
    Resource(
        "reports", "report", "report", "Reports that hold claims, the latest known first.",
        (*columns(REPORT_COLUMNS), text("source_name", "who says it, by name"),
         text("source_kind", "what sort of body says it"), text("origin", "where its bytes came from"),
         text("publisher", "who published them"), text("licence", "under which licence"),
         text("size_bytes", "how many bytes", "whole"), _CURRENT),
        parameters("area since until act"), listing.reports_page, _report, f"rpt_{ID}",
    ),
    Resource(
        "claims", "claim", "claim", "Claims, the latest known first, as corrected.", (*_known(CLAIM_COLUMNS), _CURRENT),
        parameters("area since until act"), listing.claims_page, _claim, f"clm_{ID}",
    ),
    Resource(
        "incidents", "incident", "incident", "Incidents, the latest first; days are of the first day of an incident.",
        (*columns(INCIDENT_COLUMNS), text("fictional", "whether it is an exercise's", "flag"),
         text("generalized", "whether the place is told as area and the middle of a half-degree cell", "flag"),
         text("claim_ids", "its claims that you may see", "list", alone=True),
         text("claims_unseen", "how many more it has", "whole", alone=True)),
        parameters("area since until act status"), listing.incidents_page, listing.incident_row, f"inc_{ID}",
    ),
    Resource(
        "situations", "situation", "situation", "Areas assessed against the risk factors, by name.",
        (text("unit", "the area"), text("assessed_at", "the latest reading told"),
         Field("readings", array(_READING), "the reading of each indicator that holds"),
         text("readings_unseen", "how many more hold that you may not see", "whole")),
        parameters("area since until"), listing_more.situations_page, listing_more.situation_row,
        "[A-Z]{3}(/[^/]{1,200})?",
    ),
    Resource(
        "forecasts", "forecast", "forecast", "Forecasts, the latest made first; days are of what was known.",
        (text("forecast_id", "its id"), text("target", "what is forecast"), text("level", "country, admin1 or cell"),
         text("model", "by which model"), text("as_known_at", "as known on that day"),
         text("data_through", "the last month it saw"), text("horizon", "months ahead", "whole"),
         text("draws", "draws", "whole"), text("seed", "of the draws", "whole"),
         text("code_version", "of this software"), text("input_sha256", "SHA-256 of its input"),
         text("made_at", "when it was made"),
         Field("skill", array(_SKILL), "what a look back said of the model, over all and by status", alone=True)),
        parameters("since until"), listing_more.forecasts_page, listing_more.forecast_row, f"fct_{ID}",
    ),
    Resource(
        "units", "forecast", "unit", "What a forecast says of its units, by unit and month.",
        (text("forecast_id", "the forecast"), text("unit", "the country, area or cell"),
         Field("month", {"type": ["string", "null"]}, "the month; null for the sum over the horizon"),
         *(text(name, meaning, "real") for name, meaning in _RANGES.items())),
        parameters("area month"), listing_more.forecast_units_page, None, parent="forecasts",
    ),
    Resource(
        "alerts", "alert", "alert", "Alerts, the soonest deadline first; days are of the deadline.",
        (text("alert_id", "its id"), text("unit", "the area"), text("level", "how far things have come"),
         text("version", "of its text", "whole"), text("status", "where it stands in its life"),
         text("what_could_happen", "in a sentence"), text("addressee", "who is asked"),
         text("decision", "what was decided, or empty"), text("overdue", "whether its deadline has passed", "flag"),
         text("fictional", "whether it is an exercise's", "flag"),
         text("decision_needed_by", "the deadline, UTC"),
         Field("content", {"$ref": "#/components/schemas/AlertContent"}, "all of its text", alone=True),
         Field("life", array(_LIFE), "its steps, in order", alone=True)),
        parameters("area since until status"), listing.alerts_page, listing.alert_row, f"alr_{ID}",
    ),
    Resource(
        "decisions", "alert", "decision", "Decisions on alerts, the latest first; silence past a deadline is one.",
        (text("decision_id", "its id"), text("alert_id", "the alert"), text("version", "of its text", "whole"),
         text("decision", "what was decided"), text("by", "by whom; clock where nobody answered"),
         text("at", "when, UTC"), text("note", "with which words"), text("unit", "the area of the alert")),
        parameters("area since until status"), listing.decisions_page, _decision, f"evt_{ID}",
    ),
    Resource(
        "documents", "document", "document", "Documents, the latest dated first.",
        (text("document_id", "its id"), text("symbol", "the symbol it is filed under, or empty"),
         text("cls", "what sort of document"), text("title", "its title"), text("dated_on", "its day, or empty"),
         text("language", "BCP 47 code"), text("reissue", "whether a reissue is what counts", "flag"),
         text("text", "all its text", alone=True),
         Field("speeches", array(obj(as_printed="text", start="whole", end="whole")),
               "who speaks, as printed, from which character to which", alone=True)),
        parameters("since until"), listing_more.documents_page, listing_more.document_row, f"doc_{ID}",
    ),
    Resource(
        "channels", "channel", "channel", "What was collected through each channel, and what is late, by name.",
        (text("channel", "its name"), text("files", "files read", "whole"), text("accepted", "reports kept", "whole"),
         text("rejected", "rows refused", "whole"), text("last_collected_at", "when last"),
         text("cadence_days", "days between two deliveries, where known", "count"),
         text("due_on", "by when something new was or is due", "day"), text("late_days", "days since, or 0", "whole")),
        (), listing_more.channels_page, listing_more.channel_row, "[a-z0-9][a-z0-9:._-]{0,100}",
    ),
)  # fmt: skip
"""All of them, in the order of the work."""

"""The coded lists of response, alert and do-no-harm, and the words of the project.

Owns the typed reading of ``responses.yaml``, ``force_gate.yaml``, ``alert.yaml``, ``harm_controls.yaml`` and
``glossary.yaml``. These are entries as written; what may be done with a measure or a condition is settled by
the respond room, and the gate's states and fields are only named here, never given a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = [
    "AlertSchema",
    "ConditionEntry",
    "ForceGate",
    "HarmControl",
    "HarmControls",
    "MeasureEntry",
    "ProfileEntry",
    "alert_fields",
    "alert_schema",
    "force_gate",
    "glossary",
    "harm_controls",
    "measure_notes",
    "measures",
]


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """A measure as the library lists it.

    Attributes:
        id: ``M101`` to ``M390``; the first digit is the pillar.
        pillar: 1 the State, 2 assistance with consent, 3 timely and decisive response.
        family: kind of measure, such as ``diplomatic``.
        name: what is done.
        coercion: 0 none, 1 pressure, 2 non-military coercion, 3 armed presence with consent, 4 force without.
        basis: who or what must authorize it.
        horizon: months before an effect can be expected, as written: ``0-3``, ``12+``, ``n/a``.
        harm: what to check first; empty where the library notes nothing.
        wps: note on women, peace and security; empty where the library notes nothing.
        proposed_by_tool: ``by_rule``, or ``never``.
    """

    id: str
    pillar: int
    family: str
    name: str
    coercion: int
    basis: str
    horizon: str
    harm: str = ""
    wps: str = ""
    proposed_by_tool: str = "by_rule"


@dataclass(frozen=True, slots=True)
class ConditionEntry:
    """One condition of a gate profile, as its authors put it (paraphrased)."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """One attributed set of conditions on the use of force, and whether anyone agreed to it."""

    id: str
    status: str
    conditions: tuple[ConditionEntry, ...]
    operational: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForceGate:
    """The whole gate file: profiles, possible states, the fields of the exhaustion ledger, the output rule."""

    principle: str
    state_values: tuple[str, ...]
    profiles: tuple[ProfileEntry, ...]
    exhaustion_ledger_fields: tuple[str, ...]
    output_rule: str


@dataclass(frozen=True, slots=True)
class AlertSchema:
    """What an alert must contain and the words of its life; ``levels`` describe, and map to no measure."""

    required: tuple[str, ...]
    lifecycle: tuple[str, ...]
    decision_values: tuple[str, ...]
    levels: dict[str, str]
    scoring_after: tuple[str, ...]
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HarmControl:
    """A way the system could hurt people, and what is built against it."""

    id: str
    risk: str
    control: str


@dataclass(frozen=True, slots=True)
class HarmControls:
    """The controls, what the project refuses to build, and the principles cited."""

    controls: tuple[HarmControl, ...]
    refuse: tuple[str, ...]
    principles_cited: tuple[str, ...]


@cache
def measures() -> tuple[MeasureEntry, ...]:
    """All measures, in the order of the file."""
    node = _responses()["measures"]
    found = tuple(_measure(item) for item in node.items())
    _refuse_twice([measure.id for measure in found], node)
    return found


def measure_notes() -> tuple[str, ...]:
    """The sentences that bind every use of the library, the note on evidence last."""
    fields = _responses()
    return (*fields["notes"].texts(), fields["evidence_note"].text())


@cache
def force_gate() -> ForceGate:
    """The gate: five attributed profiles. It records; it neither recommends nor authorizes."""
    top = load_list("force_gate.yaml").fields(
        "id", "version", "principle", "state_values", "profiles", "exhaustion_ledger_fields", "output_rule"
    )
    profiles = tuple(_profile(name, node) for name, node in top["profiles"].entries.items())
    _refuse_twice([one.id for profile in profiles for one in profile.conditions], top["profiles"])
    return ForceGate(
        principle=top["principle"].text(),
        state_values=top["state_values"].texts(),
        profiles=profiles,
        exhaustion_ledger_fields=top["exhaustion_ledger_fields"].texts(),
        output_rule=top["output_rule"].text(),
    )


@cache
def alert_schema() -> AlertSchema:
    """The required fields, the lifecycle, the decision values and the levels of an alert."""
    top = load_list("alert.yaml").fields(
        "id", "version", "required", "lifecycle", "decision_values", "levels", "scoring_after", "metrics"
    )
    return AlertSchema(
        required=top["required"].texts(),
        lifecycle=top["lifecycle"].texts(),
        decision_values=top["decision_values"].texts(),
        levels=top["levels"].labels(),
        scoring_after=top["scoring_after"].texts(),
        metrics=top["metrics"].texts(),
    )


def alert_fields() -> tuple[str, ...]:
    """The 23 fields an actionable alert must have."""
    return alert_schema().required


@cache
def harm_controls() -> HarmControls:
    """The do-no-harm controls and the list of what is refused."""
    top = load_list("harm_controls.yaml").fields("id", "version", "controls", "refuse", "principles_cited")
    controls = []
    for item in top["controls"].items():
        fields = item.fields("id", "risk", "control")
        controls.append(HarmControl(fields["id"].text(), fields["risk"].text(), fields["control"].text()))
    _refuse_twice([control.id for control in controls], top["controls"])
    return HarmControls(tuple(controls), top["refuse"].texts(), top["principles_cited"].texts())


@cache
def glossary() -> dict[str, str]:
    """The project's words and what each means here, in alphabetical order."""
    top = load_list("glossary.yaml").fields("id", "version", "terms")
    return dict(sorted(top["terms"].labels().items()))


@cache
def _responses() -> dict[str, Node]:
    return load_list("responses.yaml").fields("id", "version", "notes", "measures", "evidence_note")


def _measure(node: Node) -> MeasureEntry:
    fields = node.fields(
        "id", "pillar", "family", "name", "coercion", "basis", "horizon",
        optional=("harm", "wps", "proposed_by_tool"),
    )  # fmt: skip
    extra = {key: fields[key].text() for key in ("harm", "wps", "proposed_by_tool") if key in fields}
    if "proposed_by_tool" in fields:
        fields["proposed_by_tool"].choice("by_rule", "never")
    return MeasureEntry(
        id=fields["id"].text(),
        pillar=fields["pillar"].whole(1, 3),
        family=fields["family"].text(),
        name=fields["name"].text(),
        coercion=fields["coercion"].whole(0, 4),
        basis=fields["basis"].text(),
        horizon=fields["horizon"].text(),
        **extra,
    )


def _profile(name: str, node: Node) -> ProfileEntry:
    fields = node.fields("status", "conditions", optional=("operational",))
    conditions = []
    for item in fields["conditions"].items():
        entry = item.fields("id", "text")
        conditions.append(ConditionEntry(entry["id"].text(), entry["text"].text()))
    operational = fields["operational"].texts() if "operational" in fields else ()
    return ProfileEntry(name, fields["status"].text(), tuple(conditions), operational)


def _refuse_twice(names: list[str], node: Node) -> None:
    for name in names:
        if names.count(name) > 1:
            node.refuse(f"'{name}' stands twice")

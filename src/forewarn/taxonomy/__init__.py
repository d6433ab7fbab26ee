"""The coded lists: crimes, risk framework, codes, measures, gate, alert, do-no-harm, countries.

Owns the lists as YAML files and their reading into frozen nouns. Each list is read once, when first asked
for, and refused whole if any part is malformed. The lists are facts and paraphrases with their check marks;
nothing here assesses, scores or recommends.
"""

from __future__ import annotations

from forewarn.taxonomy.codes import (
    Code,
    CodeList,
    LikelihoodBand,
    ProofStandard,
    code_lists,
    codes,
    likelihood_band,
    likelihood_bands,
    likelihood_term,
    notes,
    proof_standards,
)
from forewarn.taxonomy.countries import (
    Country,
    DatedCode,
    DatedText,
    countries,
    country,
    country_by_gw,
    country_by_m49,
    country_by_views,
    is_fictional,
)
from forewarn.taxonomy.crimes import Act, Crime, Element, act, crime, crime_rules, crimes
from forewarn.taxonomy.crosswalk import CodesOn, codes_on, country_on, crosswalk
from forewarn.taxonomy.framework import Indicator, RiskFactor, indicator, risk_factor, risk_framework
from forewarn.taxonomy.lists import (
    AlertSchema,
    ConditionEntry,
    ForceGate,
    HarmControl,
    HarmControls,
    MeasureEntry,
    ProfileEntry,
    alert_fields,
    alert_schema,
    force_gate,
    glossary,
    harm_controls,
    measure_notes,
    measures,
)
from forewarn.taxonomy.naming import folded, nearest, suggestion
from forewarn.taxonomy.options import MatchRule, MeasureNote, match_rules, notes_on_measures
from forewarn.taxonomy.reading import Node, parse_yaml
from forewarn.taxonomy.regions import Region, region, regions, regions_of

__all__ = [
    "Act",
    "AlertSchema",
    "Code",
    "CodeList",
    "CodesOn",
    "ConditionEntry",
    "Country",
    "Crime",
    "DatedCode",
    "DatedText",
    "Element",
    "ForceGate",
    "HarmControl",
    "HarmControls",
    "Indicator",
    "LikelihoodBand",
    "MatchRule",
    "MeasureEntry",
    "MeasureNote",
    "Node",
    "ProfileEntry",
    "ProofStandard",
    "Region",
    "RiskFactor",
    "act",
    "alert_fields",
    "alert_schema",
    "code_lists",
    "codes",
    "codes_on",
    "countries",
    "country",
    "country_by_gw",
    "country_by_m49",
    "country_by_views",
    "country_on",
    "crime",
    "crime_rules",
    "crimes",
    "crosswalk",
    "folded",
    "force_gate",
    "glossary",
    "harm_controls",
    "indicator",
    "is_fictional",
    "likelihood_band",
    "likelihood_bands",
    "likelihood_term",
    "match_rules",
    "measure_notes",
    "measures",
    "nearest",
    "notes",
    "notes_on_measures",
    "parse_yaml",
    "proof_standards",
    "region",
    "regions",
    "regions_of",
    "risk_factor",
    "risk_framework",
    "suggestion",
]

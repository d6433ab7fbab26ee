"""A CAP message without fault, to be spoilt by the tests, and an alert of ours that may leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from forewarn.collect.xml import read_xml
from forewarn.exchange.cap import CapFinding, check_message
from forewarn.model.alert import Alert, Likelihood, RightOfComment
from forewarn.testing import complete_alert

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>urn:oid:2.49.0.1.999.1</identifier><sender>desk@example.org</sender><sent>2030-01-02T03:04:05-00:00</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><language>en</language><category>Security</category><event>Attacks</event><urgency>Expected</urgency>
<severity>Severe</severity><certainty>Likely</certainty><expires>2030-01-05T00:00:00-00:00</expires>
<headline>Attacks are expected in the north</headline>
<description>People in the north of the district should not use the roads to the market, and should stay.</description>
<area><areaDesc>Ash district</areaDesc><polygon>10,20 10,21 11,21 10,20</polygon><circle>10.5,20.5 12.5</circle>
<geocode><valueName>ISO3166-1</valueName><value>XAA</value></geocode></area></info></alert>"""

NOW = datetime(2030, 7, 1, 9, tzinfo=UTC)

Find = Callable[..., tuple[CapFinding, ...]]


@pytest.fixture
def find() -> Find:
    """Findings on the good message with some words replaced."""

    def made(*changes: tuple[str, str]) -> tuple[CapFinding, ...]:
        text = GOOD
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return check_message(read_xml(text.encode(), "given"))

    return made


@pytest.fixture
def ours() -> Callable[..., Alert]:
    """A complete alert of the exercise, with changes."""

    def made(**changes: Any) -> Alert:
        told = {
            "by_whom_possibly": "Armed bodies of both sides operate there.",
            "likelihood": Likelihood("unlikely", 0.2, 0.45, "at least 25 deaths", "Ombra", 6, 0.005),
            "confidence_because": "Confidence is moderate.",
            "alternatives_considered": ("Criminal violence.",),
            "releasability": "TLP:CLEAR for the training only",
            "source_protection": "Sealed words of protection.",
            "harm_check": "Sealed words of harm.",
            "right_of_comment": RightOfComment(True, comment="The Government holds the reports to be wrong."),
        }
        return complete_alert(**(told | changes))

    return made

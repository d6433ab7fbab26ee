"""Who reported is never kept but in the bytes as received: not in the store, the rejects, the exports, nor the logs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forewarn.__main__ import main
from forewarn.collect import ChannelDefinition, channel, channels

CANARIES = {
    "name": "Zerubbabel Quixano",
    "phone": "+959977123461",
    "device": "ee.forewarn.example:dEvIcE5f1d7c",
    "mail": "zq-canary@example.org",
    "place": "12.345678",
}
"""What tells who reported; the place is where the form was opened, not where it happened."""

FORM = {
    "_id": 7,
    "_uuid": "3b1f5a3e-0000-4000-8000-000000000001",
    "__id": "uuid:3b1f5a3e-0000-4000-8000-000000000001",
    "_submission_time": "2024-03-02T10:00:00",
    "__system": {
        "submissionDate": "2024-03-02T10:00:00Z",
        "submitterName": CANARIES["name"],
        "deviceId": CANARIES["device"],
    },
    "meta/instanceID": "uuid:3b1f5a3e-0000-4000-8000-000000000001",
    "meta/instanceName": CANARIES["name"],
    "username": CANARIES["name"],
    "_submitted_by": CANARIES["name"],
    "deviceid": CANARIES["device"],
    "phonenumber": CANARIES["phone"],
    "subscriberid": CANARIES["device"],
    "simserial": CANARIES["device"],
    "email": CANARIES["mail"],
    "start-geopoint": f"{CANARIES['place']} 98.765432 0 0",
    "_geolocation": [float(CANARIES["place"]), 98.765432],
    "group/what": "Houses were burnt",
    "group/username": CANARIES["name"],
    "group/deviceid": CANARIES["device"],
    "group/phonenumber": CANARIES["phone"],
}
FORM_XML = (
    '<data id="form" instanceID="uuid:1" submissionDate="2024-03-02T10:00:00Z"><group><what>Houses were burnt</what>'
    f"<phonenumber>{CANARIES['phone']}</phonenumber></group><deviceid>{CANARIES['device']}</deviceid>"
    f"<username>{CANARIES['name']}</username><email>{CANARIES['mail']}</email>"
    f"<start-geopoint>{CANARIES['place']} 98.765432 0 0</start-geopoint>"
    f"<meta><instanceID>uuid:1</instanceID><instanceName>{CANARIES['name']}</instanceName></meta></data>"
)
MAIL = (
    f"Return-Path: <{CANARIES['mail']}>\nReceived: from [{CANARIES['phone']}]\n"
    f"From: {CANARIES['name']} <{CANARIES['mail']}>\n"
    f"Sender: {CANARIES['mail']}\nReply-To: {CANARIES['mail']}\nTo: {CANARIES['name']} <{CANARIES['mail']}>\n"
    f"Cc: {CANARIES['mail']}\nMessage-ID: <{CANARIES['device']}@example.org>\nX-Originating-IP: [{CANARIES['phone']}]\n"
    "Date: Sat, 02 Mar 2024 10:00:00 +0000\nSubject: Report\n\nHouses were burnt.\n"
)
CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier>'
    f"<sender>{CANARIES['mail']}</sender><sent>2024-03-02T10:00:00+00:00</sent><status>Actual</status>"
    f"<msgType>Alert</msgType><source>{CANARIES['name']}</source><scope>Private</scope>"
    f"<addresses>{CANARIES['mail']}</addresses><note>{CANARIES['phone']}</note><info><category>Safety</category>"
    "<event>Violence</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>"
    f"<contact>{CANARIES['phone']}</contact><area><areaDesc>North</areaDesc></area></info></alert>"
)
WEBHOOK = {"schema": "forewarn.report/1", "id": "1", "title": "Report", "country": "MMR", "started_on": "2024-03-01"}
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id><title>Report</title>'
    f"<author><name>{CANARIES['name']}</name><email>{CANARIES['mail']}</email></author>"
    "<updated>2024-03-02T10:00:00Z</updated><content>Houses were burnt.</content></entry></feed>"
)
MAPPING = """\
name: monitors
title: Monitors
publisher: Nobody
licence: CC0-1.0
identity: [reporter, phone, device]
fields: {external_id: id, started_on: day, country: country, text: words}
"""
TABLE = (
    "id,day,country,words,reporter,phone,device\n"
    f"1,2024-03-01,MMR,burnt,{CANARIES['name']},{CANARIES['phone']},{CANARIES['device']}\n"
    f"2,2024-13-01,Atlantis,burnt,{CANARIES['name']},{CANARIES['phone']},{CANARIES['device']}\n"
)


def zipped(name: str, text: str) -> bytes:
    """A zip with one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(name, text)
    return made.getvalue()


def form_csv() -> bytes:
    """The form as an export: a good row and one whose days cannot be."""
    names = [name for name in FORM if not isinstance(FORM[name], dict)]
    cells = ['"' + str(FORM[name]).replace('"', '""') + '"' for name in names]
    return (",".join(names) + "\n" + ",".join(cells) + "\n").encode()


def table_with_identity(definition: ChannelDefinition) -> bytes:
    """The columns a channel must and may have, filled with nothing wanted, and every column it drops, with canaries."""
    columns = definition.columns
    good = dict.fromkeys((*columns.required, *columns.expected), "1")
    dropped = dict.fromkeys((*columns.identity, *columns.ignore), ";".join(CANARIES.values()))
    row = {**good, **dropped}
    return (",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n").encode()


SAMPLES: list[tuple[str, str, bytes]] = [
    ("table", "table.csv", TABLE.encode()),
    ("email", "letter.eml", MAIL.encode()),
    ("email", "letters.mbox", f"From {CANARIES['mail']} Sat Mar  2 10:00:00 2024\n{MAIL}".encode()),
    ("cap", "alert.xml", CAP.encode()),
    ("feed", "feed.xml", ATOM.encode()),
    (
        "webhook",
        "posted.jsonl",
        (json.dumps(WEBHOOK) + "\n" + json.dumps({**WEBHOOK, "reporter": CANARIES["name"]})).encode(),
    ),
    ("kobo", "page.json", json.dumps({"count": 1, "results": [FORM]}).encode()),
    ("odk", "page.json", json.dumps({"value": [FORM]}).encode()),
    *((name, "export.csv", form_csv()) for name in ("kobo", "odk")),
    *((name, "submission.xml", FORM_XML.encode()) for name in ("kobo", "odk")),
    ("odk", "submission.zip", zipped("submission.xml", FORM_XML)),
    ("note", "note.txt", b"A note\n\nHouses were burnt.\n"),
]
TELLING = {name for name, _, _ in SAMPLES}


@pytest.fixture
def collected(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Collect, assess, show and export in a fresh workspace with every log line; all that was said and kept."""
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(tmp_path / "work"))
    monkeypatch.setenv("FOREWARN_LOG_LEVEL", "debug")

    def collect(name: str, file: str, data: bytes) -> tuple[bytes, dict[str, Any]]:
        (tmp_path / file).write_bytes(data)
        (tmp_path / "mapping.yml").write_text(MAPPING)
        with_mapping = ["--mapping", str(tmp_path / "mapping.yml")] if channel(name).needs_mapping else []
        assert main(["init"]) == 0
        capfd.readouterr()
        code = main(["collect", name, str(tmp_path / file), *with_mapping, "--json"])
        said = capfd.readouterr()
        made = json.loads(said.out)[0] if code == 0 else {}
        everything = [said.out.encode(), said.err.encode()]
        if made:
            main(["assess"])
            for what in ("reports", "claims"):
                main(["export", what, "--out", str(tmp_path / "work" / "outputs" / f"{what}.csv")])
            for report in _reports(tmp_path / "work" / "outputs" / "reports.csv"):
                main(["show", report])
            said = capfd.readouterr()
            everything += [said.out.encode(), said.err.encode()]
        for path in (tmp_path / "work").rglob("*"):
            if path.is_file() and "snapshots" not in path.parts:
                everything.append(path.read_bytes())
        return b"\n".join(everything), made

    return collect


def _reports(path: Path) -> list[str]:
    return [line.partition(",")[0].strip('"') for line in path.read_text().splitlines()[1:]] if path.exists() else []


@pytest.mark.parametrize(("name", "file", "data"), SAMPLES, ids=lambda one: one if isinstance(one, str) else "")
def test_what_tells_who_reported_is_nowhere(collected: Any, name: str, file: str, data: bytes) -> None:
    """A report was made of the rest, and no name, telephone, device, address or place of the reporter is kept."""
    kept, made = collected(name, file, data)
    assert made.get("accepted"), "the sample was not taken, so it proves nothing"
    for what, canary in CANARIES.items():
        assert canary.encode() not in kept, what


@pytest.mark.parametrize("name", [one.name for one in channels() if one.columns.identity or one.columns.ignore])
def test_columns_a_channel_drops_are_nowhere(collected: Any, name: str) -> None:
    """Whatever a channel lists as identity or as not to be read, its cells are not kept, in rejected rows neither."""
    kept, _ = collected(name, "given.csv", table_with_identity(channel(name)))
    for what, canary in CANARIES.items():
        assert canary.encode() not in kept, what


def test_forms_and_letters_are_all_tried() -> None:
    """Every channel through which people send something themselves has a sample above."""
    people = {
        one.name
        for one in channels()
        if one.kind in ("form", "note") or one.source.kind in ("field_monitor", "community")
    }
    assert people <= TELLING

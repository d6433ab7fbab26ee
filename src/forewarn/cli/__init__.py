"""The command line: parse, call one operation, print, exit with the error's code.

This module holds the one seam where imports are put off: :data:`COMMANDS` names each command's module and its
summary, and the module is imported only when the command runs. ``forewarn --help`` thus reads no numerical
library. A test holds the summaries to the commands' own help.
"""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer
import typer.core

import forewarn

__all__ = ["COMMANDS", "application"]

COMMANDS = {
    "demo": "Run the whole loop on the fictional exercise: reports in, a decided alert and a brief out.",
    "init": "Make a folder a workspace, or bring one up to date.",
    "channels": "What can be collected, from where, under which licence.",
    "collect": "Read files through a channel: keep the bytes, then the reports and claims in them.",
    "watch": "Do what is due, now and on schedule: collect what has arrived, assess what is new.",
    "document": "Take UN documents apart; search them; follow a State's positions and undertakings.",
    "extract": "Read narratives of incidents into claims, one row each, with the rule and words behind every value.",
    "boundaries": "Add official boundaries and P-codes; match the names that claims use.",
    "assess": "Link claims into incidents, and say what needs review.",
    "review": "Judge what the rule was unsure of; take a judgement back; grade sources and claims.",
    "sources": "Who tells, how they have fared, their grades; quarantine; whether two claims share an origin.",
    "undercount": "Estimate how many cases no list holds, from how lists overlap; or refuse, and say why.",
    "casualties": "Who was harmed, as ranges by status with their coverage; record, overrule, undo.",
    "coverage": "Who could have seen what, where and when; whom the reports speak of.",
    "crimes": "Code observable elements; cite what bodies found; count indicators, conclude nothing.",
    "themes": "Protection themes: what falls in one, by which rule, and its trend with bands where nobody could see.",
    "situation": "Assess an area against the risk factors; what changed; what the data propose.",
    "elicit": "Ask experts: independent estimates first, then discussion, then a second round.",
    "show": "A report, claim or incident, down to the original row.",
    "export": "Write claims, incidents, reports or lineage: CSV, parquet, GeoJSON, STIX, FollowTheMoney, MISP, PROV.",
    "release": "Release to others: preview what would leave and why the rest stays; a second person approves.",
    "partners": "With whom packages are exchanged: own card, theirs, and whom we trust.",
    "package": "Signed and sealed packages by file or sync: create, open, use; recall, correct, and who has answered.",
    "forecast": "Forecast a target per unit and month, as known at a date.",
    "explain": "What moved a forecast, what it resembles, and what would change it; in words and as a picture.",
    "delay": "How much of a month's final count is known some months on, with intervals.",
    "backtest": "Evaluate models on any panel file, by rolling origins, against baselines.",
    "score": "Score anybody's forecast file against what happened.",
    "alert": "Draft, review, issue, read, decide, act on, update and close alerts.",
    "notify": "Tell addressees what alerts ask of them; keep receipts. Sends only when run.",
    "cap": "Common Alerting Protocol 1.2: check, export, import, acknowledge, chains, feeds.",
    "brief": "Write a brief for an alert or an area, every figure traceable.",
    "measures": "The options of response by pillar, least coercive first.",
    "actions": "Who does what where: record actions; see overlaps, gaps, and what was tried.",
    "tracker": "What was undertaken, asked, mandated, agreed: owner, due date, evidence, state; case status; truces.",
    "toolkit": "A State's self-assessment as a guided checklist, with a gap report.",
    "gate": "The conditions said to govern the use of force: who proposed them, and that none is established here.",
    "evidence": "Keep originals sealed, with the custody of each; check them, anchor the record, change keys.",
    "sealed": "Identities of reporters, witnesses, victims: sealed, opened by two, withdrawn; receipt codes.",
    "breach": "When something went wrong with data: notify, classify, treat, close, learn.",
    "arrangements": "Regional arrangements: members on a day, instrument, and who watches for early warning.",
    "serve": "Pages for the browser on 127.0.0.1, behind a sign-in, until stopped with Ctrl-C.",
    "move": "Copy the store to another database, SQLite to PostgreSQL or back, and check every table.",
    "tokens": "Tokens with which programs ask the API for what their owner may see.",
    "doctor": "What is installed, reachable, stale or broken.",
}
"""Every command and its one-line summary, in the order of the work. The module is ``forewarn.cli.NAME``."""


class _LazyGroup(typer.core.TyperGroup):
    """A group whose commands are imported when they are run, and only named when help is shown."""

    _helping = False

    def list_commands(self, _context: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: Any, name: str) -> Any:
        if name not in COMMANDS:
            return None
        if self._helping:
            return typer.core.TyperCommand(name, help=COMMANDS[name])
        module = importlib.import_module(f"forewarn.cli.{name}")
        command = typer.main.get_command(module.app)
        command.name = name
        return command

    def format_help(self, context: Any, formatter: Any) -> None:
        self._helping = True
        try:
            super().format_help(context, formatter)
        finally:
            self._helping = False


_app = typer.Typer(
    cls=_LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"forewarn {forewarn.__version__}")
        raise typer.Exit


@_app.callback()
def _forewarn(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Early warning for mass atrocities: from what was reported to what was decided about it.

    Every figure can be followed down to the report it came from. The software never decides: it orders what is
    known, says what is not, and records who decided what.
    """


application = typer.main.get_command(_app)

"""How the commands say what became of something a person entered: kept, confirmed, or waiting for a second person."""

from __future__ import annotations

from forewarn.cli.output import print_json, say
from forewarn.ids import short
from forewarn.operations.review_keep import Entered

__all__ = ["say_pending", "tell_entered"]


def tell_entered(made: Entered, as_json: bool) -> None:
    """The id with how to undo it, or whom it waits for."""
    if as_json:
        print_json(made)
    elif made.state == "pending":
        say_pending(made.decision)
    elif made.decision:
        name = short(made.decision)
        say(f"Confirmed {name}: it holds. Undo with: forewarn review undo {name} --why '...'")
    else:
        say(f"Kept as {short(made.id)}. Undo with: forewarn casualties undo {short(made.id)} --why '...'")


def say_pending(decision: str) -> None:
    """That it changes nothing yet, and what another person has to run."""
    say(
        f"Kept as {short(decision)}. The claims are sensitive: it waits for a second person, and changes",
        "nothing until then. That person runs:",
        f"  forewarn review confirm {short(decision)} --by SOMEBODY-ELSE --why '...'",
    )

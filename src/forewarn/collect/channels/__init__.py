"""The channels: one YAML and one small parser each.

Owns the list of channels and the finding of one by its name. A definition is read when first asked for and
refused whole if anything in it is not understood. To add a channel, put its YAML and its parser here, and a line in
``collect.parsers``.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from forewarn.collect.channels.declared import declared
from forewarn.collect.channels.definition import ChannelDefinition, recipe_of
from forewarn.collect.channels.mapping import Mapping, load_mapping
from forewarn.collect.offers import offer
from forewarn.errors import UnknownNameError, shorten

__all__ = ["ChannelDefinition", "Mapping", "channel", "channels", "load_mapping", "recipe_of"]


@cache
def channels() -> tuple[ChannelDefinition, ...]:
    """All channels, by name."""
    folder = resources.files("forewarn.collect.channels")
    files = [file for file in folder.iterdir() if file.name.endswith(".yml")]
    found = [declared(ChannelDefinition, file.read_bytes(), file.name) for file in files]
    return tuple(sorted(found, key=lambda one: one.name))


def channel(name: str) -> ChannelDefinition:
    """The channel of that name; with a mapping's name behind a colon, such as ``table:events``, the channel itself.

    Raises:
        UnknownNameError: there is none; the message offers the nearest.
    """
    known = {one.name: one for one in channels()}
    bare, _, mapping = name.partition(":")
    found = known.get(bare)
    if found is None or (mapping and not (found.needs_mapping or found.takes_mapping)):
        raise UnknownNameError(
            f"no channel is called '{shorten(name)}'",
            where="channel",
            mend=f"{offer(name, list(known))}; 'forewarn channels' lists all",
        )
    return found

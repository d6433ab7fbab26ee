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
from forewarn.errors import ConfigurationError, UnknownNameError, shorten

__all__ = ["ChannelDefinition", "Mapping", "add_channel", "channel", "channels", "load_mapping", "recipe_of"]

_added: dict[str, ChannelDefinition] = {}


def channels() -> tuple[ChannelDefinition, ...]:
    """All channels, by name: those of the package, and those added in this process."""
    return tuple(sorted((*_shipped(), *_added.values()), key=lambda one: one.name))


def add_channel(definition: ChannelDefinition) -> None:
    """Add a channel from outside the package, for the life of this process; again, it takes the earlier one's place.

    Raises:
        ConfigurationError: a channel of the package has that name.
    """
    if any(one.name == definition.name for one in _shipped()):
        raise ConfigurationError(
            "is the name of a channel of the package", where=f"channel {definition.name}", mend="choose another name"
        )
    _added[definition.name] = definition


@cache
def _shipped() -> tuple[ChannelDefinition, ...]:
    folder = resources.files("forewarn.collect.channels")
    files = [file for file in folder.iterdir() if file.name.endswith(".yml")]
    found = [declared(ChannelDefinition, file.read_bytes(), file.name) for file in files]
    return tuple(found)


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
            mend=f"{offer(name.casefold(), list(known), 60)}; 'forewarn channels' lists all",
        )
    return found

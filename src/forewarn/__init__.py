"""Forewarn: early warning for mass atrocities and the protection of civilians.

The package carries information from what was reported to what was decided about it. Its eight rooms are
the eight verbs of the work, in the order data flows: collect, assess, forecast, warn, respond, account,
exchange, learn. ``operations`` is the only place where rooms meet; ``cli`` is the front door.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"

"""What the system can be asked to do: one module per thing, and the only place where two rooms meet.

Reading these modules in the order of the work is reading the system: ``init``, ``fetch``, ``collect``, ``watch``,
``assess``, ``review``, ``export``, ``forecast``, ``backtest``, ``score``, ``drafting``, ``alert``, ``brief``,
``show``, ``demo``, ``doctor``. Each opens what it needs, calls the rooms, and keeps the result in one transaction.
"""

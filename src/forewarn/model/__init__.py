"""The nouns of Forewarn: frozen, validated once when they are made, without I/O. Read this folder first.

``provenance`` (snapshots, locators, sensitivity), ``report``, ``claim``, ``place``, ``incident`` (judgements,
grades, incidents), ``coverage``, ``situation``, ``panel``, ``forecast``, ``alert`` (its content),
``alert_life`` (its events and the state they lead to), ``response``, ``evidence``, ``package``, ``document`` (texts
with structure laid over them); ``tables`` is the flat form of reports and claims. Import a noun from the
module that owns it.
"""

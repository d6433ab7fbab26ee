"""Origins: who said it first, and which tellings hang together.

``names`` brings cited names to one spelling, ``cited`` reads who each claim goes back to, ``script`` and ``wording``
compare two texts, ``dependence`` makes groups of tellings that are not independent, ``trace`` counts what is left.
Import from :mod:`forewarn.assess`.
"""

"""Linkage: which claims speak of one happening, and which go back to one origin.

``prepare`` puts claims into the form in which they are compared, ``pairs`` finds the pairs worth comparing,
``compare`` judges each by the rules of ``rulebook``, ``resolve`` makes clusters of judgements, ``origins``
counts who said it independently. Import from :mod:`forewarn.assess`.
"""

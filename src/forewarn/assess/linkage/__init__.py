"""Linkage: which claims speak of one happening.

``prepare`` puts claims into the form in which they are compared, ``pairs`` finds the pairs worth comparing,
``compare`` judges each by the rules of ``rulebook``, ``resolve`` makes clusters of judgements. Import from
:mod:`forewarn.assess`.
"""

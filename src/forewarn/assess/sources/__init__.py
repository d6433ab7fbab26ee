"""Sources: how those who tell have fared so far, and who is kept out of the counts.

``record`` counts what became of a source's claims and proposes a grade from it, ``quarantine`` reads what is not to be
counted. Neither sets a grade. Import from :mod:`forewarn.assess`.
"""

"""Incidents: what is held to have happened, how surely, and what could have been seen.

``assemble`` derives incidents from clusters of claims, ``grade`` reads the two grading axes, ``coverage``
says where silence means nothing. Import from :mod:`forewarn.assess`.
"""

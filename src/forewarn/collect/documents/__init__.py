"""Texts of the United Nations and others, from bytes to structure.

Owns reading (bytes to text), symbols and references, records, undertakings and themes. Refuses to guess: what is not
certain is refused with a reason, flagged, or left empty. Every span points into the verbatim text as it was read.
"""

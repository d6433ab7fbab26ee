"""Prose into claims: numbers, victims, weapons, alleged perpetrators, dates, places and acts of one incident.

Rules first; where a small trained model decides, it says so. Every value names its rule and the words it rests on;
what the text does not say stays unknown. No person's name is kept.
"""

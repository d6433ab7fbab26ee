"""Respond: alerts become options, decisions and briefs.

Owns what can be done, what a named body has said about the use of force, and the pages a decision is taken
from. Pillars stand side by side, least coercive first; nothing here decides, adds up or recommends.
"""

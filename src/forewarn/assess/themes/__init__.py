"""Protection themes: which claims fall in one, by which rule, and how it goes over time where somebody could see."""

from __future__ import annotations

from forewarn.assess.themes.marks import theme_marks
from forewarn.assess.themes.trend import Band, Fallen, OfStatus, ThemeMonth, ThemeTrend, require_shown_at, theme_trend

__all__ = ["Band", "Fallen", "OfStatus", "ThemeMonth", "ThemeTrend", "require_shown_at", "theme_marks", "theme_trend"]

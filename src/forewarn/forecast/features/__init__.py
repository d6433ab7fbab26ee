"""What a series looked like from each of its months: the declared features that models learn from.

Every feature says what it reads and how far back; none reads a later month, and none knows which unit it is.
"""

from forewarn.forecast.features.past import PAST, Feature, FeatureCube, past_features, year_before

__all__ = ["PAST", "Feature", "FeatureCube", "past_features", "year_before"]

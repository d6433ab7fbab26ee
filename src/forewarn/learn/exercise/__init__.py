"""The fictional exercise: a region, ten years of its course, and the reports its sources sent.

Made from a seed alone, for the demonstration, for training and for tests. Everything shown of it carries
:data:`EXERCISE_NOTICE`. What truly happened (:func:`truth`, :func:`provenance`, the script's ``after``) is kept
apart from the files: a player sees only what was reported.
"""

from __future__ import annotations

from forewarn.learn.exercise.dice import DEFAULT_SEED
from forewarn.learn.exercise.files import ExerciseFile, ExerciseFiles, exercise_bytes, write_exercise
from forewarn.learn.exercise.notice import EXERCISE_NOTICE
from forewarn.learn.exercise.region import Area, FictionalCountry, PopulatedPlace, Region, exercise_region
from forewarn.learn.exercise.script import ExerciseScene, ExerciseScript, MonthAfter, exercise_scene, exercise_script
from forewarn.learn.exercise.truth import provenance, truth

__all__ = [
    "DEFAULT_SEED",
    "EXERCISE_NOTICE",
    "Area",
    "ExerciseFile",
    "ExerciseFiles",
    "ExerciseScene",
    "ExerciseScript",
    "FictionalCountry",
    "MonthAfter",
    "PopulatedPlace",
    "Region",
    "exercise_bytes",
    "exercise_region",
    "exercise_scene",
    "exercise_script",
    "provenance",
    "truth",
    "write_exercise",
]

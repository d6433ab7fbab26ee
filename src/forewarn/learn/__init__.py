"""Learn: the fictional exercise, and what comes after a case.

Owns what is needed to practise and to look back. It refuses to touch real cases: the exercise is invented
throughout and marked so. Nothing here reads the wall clock or another room.
"""

from __future__ import annotations

from forewarn.learn.exercise import (
    DEFAULT_SEED,
    EXERCISE_NOTICE,
    Area,
    ExerciseFile,
    ExerciseFiles,
    ExerciseScene,
    ExerciseScript,
    FictionalCountry,
    MonthAfter,
    PopulatedPlace,
    Region,
    exercise_bytes,
    exercise_region,
    exercise_scene,
    exercise_script,
    provenance,
    truth,
    write_exercise,
)

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

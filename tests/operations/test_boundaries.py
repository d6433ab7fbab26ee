"""Added boundaries at work: outlines of a brief, and the area a grid cell lies in."""

from __future__ import annotations

from datetime import date

import polars as pl
import shapely

from forewarn.assess import assemble, coverage
from forewarn.collect.batch import CLAIM_SCHEMA
from forewarn.collect.places import Area, Atlas
from forewarn.model.coverage import CoverageStatement
from forewarn.model.grid import cell_at
from forewarn.operations.knowledge import Knowledge, areas_of_cells
from forewarn.operations.places import outlines_in

DAY = date(2020, 6, 30)
IN_GAO, IN_KIDAL, IN_MALI, ELSEWHERE = (
    str(cell_at(*point)) for point in ((17.0, 0.1), (17.0, 4.1), (12.1, 0.1), (50.1, 50.1))
)


def _area(name: str, box: tuple[float, float, float, float], level: str = "admin1") -> Area:
    unit = "MLI" if level == "country" else f"MLI/{name}"
    return Area(unit, "MLI", name, level, shapely.box(*box))


ATLAS = Atlas(
    (
        _area("Gao", (-2, 15, 2, 20)),
        _area("Kidal", (2, 15, 6, 20)),
        _area("Mali", (-12, 10, 6, 25), "country"),
    )
)


def _known(*statements: CoverageStatement) -> Knowledge:
    claims = pl.DataFrame(schema={**CLAIM_SCHEMA, "source_name": pl.String, "row_is": pl.String})
    empty = assemble(claims, pl.DataFrame(schema={"claim_id": pl.String, "root": pl.String}), as_known_at=DAY)
    return Knowledge(DAY, claims, empty, statements, ATLAS)


def _statement(admin1: str = "", kind: str = "observed") -> CoverageStatement:
    return CoverageStatement("monitors", "MLI", 480, 486, "a team is there", kind=kind, admin1=admin1)


def test_a_cell_goes_by_the_name_that_statements_use():
    """Its area in the boundaries is Gao; whoever watches calls it Région de Gao; beyond the areas the country holds."""
    found = areas_of_cells(_known(_statement("Région de Gao")), [IN_GAO, IN_KIDAL, IN_MALI, ELSEWHERE])
    assert found == {IN_GAO: "MLI/Région de Gao", IN_KIDAL: "MLI/Kidal", IN_MALI: "MLI"}


def test_coverage_by_area_holds_for_its_cells():
    """A cell in a watched area is observed; beside it, and outside all areas, nobody knows."""
    known = _known(_statement("Région de Gao"), _statement("Kidal", kind="no_access"))
    cells = [IN_GAO, IN_KIDAL, IN_MALI, ELSEWHERE]
    covered = coverage(known.statements, cells, [484], areas=areas_of_cells(known, cells))
    assert dict(covered.select("unit", "state").iter_rows()) == {
        IN_GAO: "observed",
        IN_KIDAL: "not_observed",
        IN_MALI: "unknown",
        ELSEWHERE: "unknown",
    }


def test_a_brief_is_outlined_by_added_boundaries():
    """First-level areas where there are any, the one the brief's name means marked; without boundaries none."""
    window = (16.0, -1.0, 17.0, 1.0)
    drawn = outlines_in(window, "MLI", focus="MLI/Gao Region", atlas=ATLAS)
    assert [(one.name, one.is_focus) for one in drawn] == [("Gao", True)]
    assert all(len(ring) >= 4 for one in drawn for ring in one.rings)
    assert outlines_in(window, "MLI", focus="MLI/Gao") == ()
    assert outlines_in(window, "NER", focus="NER/Tillaberi", atlas=ATLAS) == ()
    country_alone = Atlas(ATLAS.areas[2:])
    assert [one.is_focus for one in outlines_in(window, "MLI", focus="MLI", atlas=country_alone)] == [True]

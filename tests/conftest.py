"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("needs the real data folder ../shared/data, which is not on this machine")
    return folder


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The folder of reference texts beside the checkout; the test is skipped where it is absent."""
    folder = SHARED / "reference"
    if not folder.is_dir():
        pytest.skip("needs the reference folder ../shared/reference, which is not on this machine")
    return folder

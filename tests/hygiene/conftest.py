"""What the tests of the project's own shape share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def sample(root: Path) -> dict[str, str]:
    """The path of each sample model, by the number of its folder."""
    models = sorted((root / "samples").glob("*/model.tflite"))
    return {path.parent.name[:2]: str(path) for path in models}


@pytest.fixture(scope="session")
def bare_environment() -> dict[str, str]:
    """The variables of this process without any that change Python, git, colour or tflint."""
    prefixes = ("PYTHON", "GIT_", "TFLINT_", "PRE_COMMIT", "PYTEST_")
    dropped = {"FORCE_COLOR", "VIRTUAL_ENV"}
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(prefixes) and name not in dropped
    }

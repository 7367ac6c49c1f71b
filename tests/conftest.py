"""What every test may ask for."""

from __future__ import annotations

import pathlib

import pytest

ROOT = pathlib.Path(__file__).parent.parent
#: Real models with recorded answers of real runtimes; beside the checkout in CI, not part of it.
SHARED = ROOT.parent / "shared" / "models"


@pytest.fixture(scope="session")
def shared_models() -> pathlib.Path:
    """The folder of shared models, or a skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared models beside the checkout (../shared/models)")
    return SHARED

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from processing_scripts.prepare import main as prepare
from tests.support.jobs import prepare_arguments, write_csv


@pytest.fixture(scope="module", autouse=True)
def compiled_for_this_machine_alone() -> Iterator[None]:
    """Compiling for a second processor takes as long as the rest of a small training, and has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training_scripts.compiling.SERVED", ())
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of Prepare on a binary problem of 400 rows."""
    root = tmp_path_factory.mktemp("prepared")
    random = np.random.default_rng(9)
    features = random.normal(size=(400, 4)).round(4)
    labels = np.where(features[:, 0] * features[:, 1] + 0.3 * random.normal(size=400) > 0, "yes", "no")
    rows = [[*row, label] for row, label in zip(features.tolist(), labels, strict=True)]
    write_csv(root / "in" / "data.csv", ["a", "b", "c", "d", "y"], rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SM_OUTPUT_DIR", str(root / "output"))
        prepare(prepare_arguments(root / "in", root / "out", "y", "auc"))
    return root / "out"

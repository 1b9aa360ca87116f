from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.neo import binary, export
from tests.inference.neo.models import Trained, rows, train

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-neo" / "bin" / "python"
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "tests" / "support" / "xgboost_1_3")}
"""What programs of that Python need."""


@dataclass(frozen=True)
class Exported:
    """A model before and after its export: files, and what both versions of XGBoost predict."""

    json: Path
    file: bytes
    again: bytes
    before: NDArray[np.float32]
    after: NDArray[np.float32]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Trained]:
    folder = tmp_path_factory.mktemp("models")
    matrix = rows()
    np.save(folder / "rows.npy", matrix)
    return train(folder, matrix)


@pytest.fixture(scope="session")
def exported(trained: Mapping[str, Trained]) -> Mapping[str, Exported]:
    """Every model, exported and given to a real XGBoost 1.3.3."""
    files = {name: each.json.with_suffix(".model") for name, each in trained.items()}
    for name, file in files.items():
        file.write_bytes(binary.write(export.from_json(trained[name].json.read_text(encoding="utf-8"))))
    folder = next(iter(files.values())).parent
    program = Path(__file__).with_name("by_xgboost_1_3.py")
    command = [PYTHON, program, folder / "rows.npy", *files.values()]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {
        name: Exported(
            json=trained[name].json,
            file=file.read_bytes(),
            again=Path(f"{file}.again").read_bytes(),
            before=trained[name].predicted,
            after=np.load(f"{file}.npy"),
        )
        for name, file in files.items()
    }

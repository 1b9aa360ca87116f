"""LightGBM's trees as a model to compile, held to what LightGBM itself answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler import source
from inference.compiler.adversarial import adversarial_rows
from inference.compiler.errors import CompileError
from inference.compiler.layout import lay_out
from local.compilation import lightgbm_text

_SEED = 7


class LightGBMTrees:
    """The trees of a LightGBM text model."""

    spare_ulps = 0

    def __init__(self, path: Path) -> None:
        self.path = path
        self.forest = lightgbm_text.read(path)
        self.width = self.forest.width
        self.outputs = self.forest.outputs
        self.emulated_rows = max(256, min(4000, 2_000_000 // len(self.forest.trees)))

    def facts(self) -> Mapping[str, Any]:
        """The objective and how many trees there are."""
        forest = self.forest
        return {
            "kind": "trees",
            "library_of_model": "LightGBM",
            "objective": forest.objective,
            "link": forest.link.value,
            "margins": list(forest.margins),
            "trees": len(forest.trees),
            "best_iteration": None,
        }

    def program(self) -> str:
        """The tables and their walk."""
        return source.program(self.forest, lay_out(self.forest))

    def hard_rows(self) -> NDArray[np.float32]:
        """Rows around every threshold, and some of them once more with numbers around what LightGBM takes for zero."""
        rows = adversarial_rows(self.forest)
        random = np.random.default_rng(_SEED)
        again = rows[: len(rows) // 2 + 1].copy()
        zero = lightgbm_text.ZERO
        near = [size for side in (0.0, np.inf) for size in (zero, np.nextafter(zero, np.float32(side)))]
        chosen = random.random(again.shape) < 1 / 4
        again[chosen] = random.choice(np.array([*near, *(-size for size in near)], np.float32), int(chosen.sum()))
        return np.concatenate([rows, again])

    def own_scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """What LightGBM answers in 64 bits, on one thread, rounded to 32."""
        booster_of, failure = _lightgbm()
        try:
            booster = booster_of(model_file=self.path)
            found = booster.predict(np.ascontiguousarray(rows), num_threads=1)
        except failure as error:
            raise CompileError(f"LightGBM does not read {self.path.name}: {error}.") from error
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(found, dtype=np.float32)


def _lightgbm() -> tuple[Any, type[Exception]]:
    try:
        import lightgbm  # noqa: PLC0415 - slow to import, and macOS needs OpenMP for it
        from lightgbm.basic import LightGBMError  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise CompileError(
            f"LightGBM cannot be loaded ({error}), and a compiled model is held to its answers. Install it with "
            "`pip install lightgbm`, on macOS `brew install libomp` as well."
        ) from error
    return lightgbm.Booster, LightGBMError

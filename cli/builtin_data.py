"""The bundled data sets as CSV, made from scikit-learn's copies when they are needed."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

DIABETES_COLUMNS = (
    "age",
    "sex",
    "body_mass_index",
    "blood_pressure",
    "total_cholesterol",
    "ldl",
    "hdl",
    "cholesterol_hdl_ratio",
    "log_triglycerides",
    "glucose",
)
DIGIT_COLUMNS = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))


def materialise(name: str) -> bytes:
    """Return a bundled data set as CSV, the same bytes every time.

    Args:
        name: `breast_cancer` (target `diagnosis`: malignant or benign), `diabetes` (target `progression`) or `digits`
            (target `digit`).

    Raises:
        KeyError: There is no such data set.
    """
    columns, rows = _MAKERS[name]()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def content_key(name: str) -> str:
    """Return what names the bytes of a data set without making them: this module and scikit-learn's version."""
    made_from = f"{name}\n{_scikit_learn()}\n{Path(__file__).read_text(encoding='utf-8')}"
    return hashlib.sha256(made_from.encode()).hexdigest()[:32]


def _scikit_learn() -> str:
    """Return the name of the folder that records scikit-learn's version: importlib.metadata takes 30 ms to read it."""
    spec = importlib.util.find_spec("sklearn")
    packages = Path(spec.origin).parents[1] if spec is not None and spec.origin else Path()
    return ",".join(sorted(path.name for path in packages.glob("scikit_learn-*.dist-info")))


Table = tuple[Sequence[str], Iterable[Sequence[str]]]


def _breast_cancer() -> Table:
    from sklearn.datasets import load_breast_cancer  # noqa: PLC0415 - slow to import

    loaded = load_breast_cancer()
    labels = [str(loaded.target_names[index]) for index in loaded.target]
    columns = [str(name).replace(" ", "_") for name in loaded.feature_names]
    return [*columns, "diagnosis"], _rows(loaded.data, labels)


def _diabetes() -> Table:
    from sklearn.datasets import load_diabetes  # noqa: PLC0415 - slow to import

    loaded = load_diabetes(scaled=False)
    return [*DIABETES_COLUMNS, "progression"], _rows(loaded.data, [_number(value) for value in loaded.target])


def _digits() -> Table:
    from sklearn.datasets import load_digits  # noqa: PLC0415 - slow to import

    loaded = load_digits()
    return [*DIGIT_COLUMNS, "digit"], _rows(loaded.data, [str(int(value)) for value in loaded.target])


def _rows(values: Any, labels: Sequence[str]) -> Iterable[Sequence[str]]:
    return ([*map(_number, row), label] for row, label in zip(values.tolist(), labels, strict=True))


def _number(value: float) -> str:
    """Return the shortest text that reads back as the same number, whole numbers without a fraction."""
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


_MAKERS = {"breast_cancer": _breast_cancer, "diabetes": _diabetes, "digits": _digits}

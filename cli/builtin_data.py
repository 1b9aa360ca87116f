"""The bundled data sets as CSV, made from scikit-learn's copies when they are needed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import importlib.util
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

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
_TUMOUR_FORMS = ("mean_{}", "{}_error", "worst_{}")
_TUMOUR_MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
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
    package = _package()
    packages = package.parent if package is not None else Path()
    return ",".join(sorted(path.name for path in packages.glob("scikit_learn-*.dist-info")))


def _package() -> Path | None:
    spec = importlib.util.find_spec("sklearn")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


Table = tuple[Sequence[str], Iterable[Sequence[str]]]


def _breast_cancer() -> Table:
    (_, _, *classes), *rows = _file("breast_cancer.csv", ",")
    columns = [form.format(measure) for form in _TUMOUR_FORMS for measure in _TUMOUR_MEASURES]
    return [*columns, "diagnosis"], _rows(rows, [classes[int(row.pop())] for row in rows])


def _diabetes() -> Table:
    labels = [_number(value) for (value,) in _file("diabetes_target.csv.gz")]
    return [*DIABETES_COLUMNS, "progression"], _rows(_file("diabetes_data_raw.csv.gz"), labels)


def _digits() -> Table:
    rows = _file("digits.csv.gz", ",")
    return [*DIGIT_COLUMNS, "digit"], _rows(rows, [_number(row.pop()) for row in rows])


def _file(name: str, separator: str | None = None) -> list[list[str]]:
    """Return the cells of one of scikit-learn's files. Importing its loaders would take longer than a whole command."""
    package = _package()
    if package is None:
        message = "scikit-learn, which brings the bundled data, is not installed"
        raise ModuleNotFoundError(message, name="sklearn")
    content = (package / "datasets" / "data" / name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
    return [line.split(separator) for line in text.splitlines()]


def _rows(values: Sequence[Sequence[str]], labels: Sequence[str]) -> Iterable[Sequence[str]]:
    return ([*map(_number, row), label] for row, label in zip(values, labels, strict=True))


def _number(value: str) -> str:
    """Return the shortest text that reads back as the same number, whole numbers without a fraction."""
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


_MAKERS = {"breast_cancer": _breast_cancer, "diabetes": _diabetes, "digits": _digits}

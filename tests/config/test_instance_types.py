"""Holds the table of instance types against botocore; ``python tests/config/test_instance_types.py`` writes it anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from botocore.loaders import Loader

from config import instance_types

TABLE = Path(__file__).parents[2] / "config" / "instance_types_table.py"
SHAPES = {
    "PROCESSING": "ProcessingInstanceType",
    "TRAINING": "TrainingInstanceType",
    "HOSTING": "ProductionVariantInstanceType",
    "TRANSFORM": "TransformInstanceType",
    "NOTEBOOK": "InstanceType",
}
HEADER = '''"""Sizes of every instance type by family, as AWS's service model lists them. Generated: do not edit."""

'''


def expected() -> str:
    """Return the module for the installed botocore."""
    shapes = Loader().load_service_model("sagemaker", "service-2")["shapes"]
    return HEADER + "\n".join(_table(use, shapes[shape]["enum"]) for use, shape in SHAPES.items())


def _table(use: str, types: Iterable[str]) -> str:
    families: dict[str, list[str]] = {}
    for each in types:
        _, family, size = each.split(".")
        families.setdefault(family, []).append(size)
    rows = [f'    "{family}": "{" ".join(sizes)}",\n' for family, sizes in sorted(families.items())]
    return f"{use}: dict[str, str] = {{\n{''.join(rows)}}}\n"


def test_the_table_is_that_of_the_service_model() -> None:
    assert TABLE.read_text(encoding="utf-8") == expected()


def test_every_use_has_the_common_types() -> None:
    for types in (
        instance_types.PROCESSING,
        instance_types.TRAINING,
        instance_types.HOSTING,
        instance_types.TRANSFORM,
    ):
        assert {"ml.m5.large", "ml.m5.xlarge", "ml.c5.2xlarge"} <= types


@pytest.mark.parametrize(
    ("instance_type", "local"),
    [
        ("ml.m5.xlarge", False),
        ("ml.m5d.xlarge", True),
        ("ml.m6gd.large", True),
        ("ml.g4dn.xlarge", True),
        ("ml.g5.xlarge", True),
        ("ml.c5n.xlarge", False),
        ("ml.p3.2xlarge", False),
        ("ml.p3dn.24xlarge", True),
        ("ml.t3.medium", False),
    ],
)
def test_local_storage_is_told_by_name(instance_type: str, local: bool) -> None:
    assert instance_types.has_local_storage(instance_type) is local


def test_a_type_without_local_storage_is_proposed() -> None:
    assert instance_types.without_local_storage("ml.m5d.xlarge") == "ml.m5.xlarge"


if __name__ == "__main__":
    TABLE.write_text(expected(), encoding="utf-8")

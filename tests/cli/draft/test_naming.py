from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.draft import problem_name
from config.fields import NAME


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("adult.csv", "adult"),
        ("My Data (final).csv.gz", "my_data_final"),
        ("2024-sales.parquet", "table_2024_sales"),
        ("folder/", "folder"),
        ("output.manifest", "output"),
        ("v1.2.csv", "v1_2"),
        ("日本.csv", "table"),
        ("x" * 60 + ".csv", "x" * 40),
        ("customer-churn.jsonl", "customer_churn"),
    ],
)
def test_a_name_is_made_of_the_datas(data: str, name: str) -> None:
    assert problem_name(Path(data)) == name
    assert re.match(NAME, name)

"""Container paths become the job's folders, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.jobs.rewriting import RewritingSandbox


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("/opt/ml/model", "/job/ml/model"),
        ("/opt/ml", "/job/ml"),
        ("--out=/opt/ml/output/data", "--out=/job/ml/output/data"),
        ('"/opt/ml/input/data/code/x.gz"', '"/job/ml/input/data/code/x.gz"'),
        ("/opt/ml/a:/opt/ml/b", "/job/ml/a:/job/ml/b"),
        ("file:///opt/ml/model", "file:///job/ml/model"),
        ("/opt/mlflow", "/opt/mlflow"),
        ("/opt/ml-2/x", "/opt/ml-2/x"),
        ("/data/opt/ml/x", "/data/opt/ml/x"),
        ("s3://bucket/key", "s3://bucket/key"),
    ],
)
def test_translate(text: str, seen: str) -> None:
    assert RewritingSandbox().translate(text, {"/opt/ml": Path("/job/ml")}) == seen


def test_a_folder_with_odd_characters_is_written_as_it_is() -> None:
    assert RewritingSandbox().translate("/opt/ml/x", {"/opt/ml": Path(r"/a\1 b/ml")}) == r"/a\1 b/ml/x"

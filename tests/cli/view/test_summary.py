"""The table at the end of a run."""

from __future__ import annotations

from typing import Any

from cli.view.summary import metric_lines, summary_lines

RECORD: dict[str, Any] = {
    "steps": [
        {"name": "Prepare", "type": "Processing", "status": "Succeeded", "seconds": 1.14, "cache": {"result": "miss"}},
        {"name": "Fail", "type": "Fail", "status": "NotExecuted", "seconds": None, "cache": None, "reason": "no need"},
    ],
}


def test_columns_are_aligned_and_a_step_that_did_not_run_says_why() -> None:
    assert summary_lines(RECORD) == [
        "   Step     Type        Status     Time   Cache",
        "✓  Prepare  Processing  succeeded  1.1 s  miss",
        "–  Fail     Fail        not run                  no need",
    ]


def test_metrics_are_in_the_order_of_their_names() -> None:
    assert metric_lines({"recall": 0.5, "auc": 0.99537}) == ["Metrics: auc 0.9954, recall 0.5"]

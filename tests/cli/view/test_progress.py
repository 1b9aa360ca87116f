"""Progress where the output is not a terminal: one line for each change."""

from __future__ import annotations

import io
from typing import Any

from cli.view.progress import PlainProgress


def step(name: str, status: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "status": status, "type": "Processing", "cache": None, "reason": None, **more}


def test_a_step_that_says_how_far_it_is_has_a_line_each_time() -> None:
    out = io.StringIO()
    with PlainProgress(out) as progress:
        for reason in ("1 of 6 trainings", "1 of 6 trainings", "2 of 6 trainings, best auc 0.9"):
            progress.show({"steps": [step("Tune", "Executing", reason=reason)]})
        progress.show({"steps": [step("Tune", "Succeeded", seconds=2, reason="6 of 6 trainings, best auc 0.9")]})
    assert out.getvalue().splitlines() == [
        "Tune: executing: 1 of 6 trainings",
        "Tune: executing: 2 of 6 trainings, best auc 0.9",
        "Tune: succeeded in 2.0 s",
    ]


def test_a_line_for_each_change_and_none_for_the_same() -> None:
    out = io.StringIO()
    with PlainProgress(out) as progress:
        progress.show({"steps": [step("Prepare", "Waiting"), step("Train", "Waiting")]})
        progress.show({"steps": [step("Prepare", "Executing"), step("Train", "Waiting")]})
        progress.show({"steps": [step("Prepare", "Executing"), step("Train", "Waiting")]})
        hit = {"result": "hit", "source": "arn", "reason": "same"}
        progress.show(
            {
                "steps": [
                    step("Prepare", "Succeeded", seconds=0.02, cache=hit),
                    step("Train", "Failed", seconds=61, reason="out of memory"),
                ]
            }
        )
    assert out.getvalue().splitlines() == [
        "Prepare: executing",
        "Prepare: succeeded in 0.0 s (from the cache)",
        "Train: failed in 1 min 01 s: out of memory",
    ]

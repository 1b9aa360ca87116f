"""Progress where the output is not a terminal: one line for each change."""

from __future__ import annotations

import io
from typing import Any

from cli.view.progress import PlainProgress


def step(name: str, status: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "status": status, "type": "Processing", "cache": None, "reason": None, **more}


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

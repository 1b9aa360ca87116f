"""What can be switched on besides what the bundled environment has."""

from __future__ import annotations

from typing import Any

from pipeline.names import pipeline_name
from tests.support.stacks import COMPILED

#: Another environment, which models come from, and the account of one that they go to.
LAB, SHOP = "444455556666", "777788889999"
BUNDLED = ("breast_cancer", "diabetes", "digits")
DRIFT = f"drift-{pipeline_name('breast_cancer')}"

#: What starts pipelines by itself, and who is told of failures.
STARTED: dict[str, Any] = {
    "pipelines": {
        "schedules": {"diabetes": "rate(7 days)"},
        "on_new_data": ["digits"],
        "emails": ["team@example.com"],
        "log_days": 30,
    }
}

#: All of them at once.
OPTIONS: dict[str, Any] = {
    **STARTED,
    "problems": [*BUNDLED, str(COMPILED)],
    "workbench": {"notebooks": {"alice": None, "fraud-team": {"instance_type": "ml.m5.xlarge", "volume_gib": 50}}},
    "monitoring": {"drift": {"breast_cancer": {"retrain": True}}, "emails": ["team@example.com"]},
    "promotion": {"to": [SHOP], "source": {"environment": "lab", "account": LAB}},
}

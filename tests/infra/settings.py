"""Settings of environments that have more in them than the bundled ones."""

from __future__ import annotations

from typing import Any

from tests.support.serving import ALL_KINDS
from tests.support.stacks import AUTOMATIC, COMPILED

#: What the bundled environments leave out, for the rules that would find something wrong with it.
EVERYTHING: dict[str, Any] = {
    "name": "everything",
    "problems": ["breast_cancer", "diabetes", "digits", str(AUTOMATIC), str(COMPILED)],
    "account": "444455556666",
    "data.catalog": True,
    "pipelines.schedules": {"diabetes": "rate(7 days)"},
    "pipelines.on_new_data": ["digits"],
    "pipelines.emails": ["team@example.com"],
    "serving": {
        "breast_cancer": {"capture_percent": 10, "variants": {"First": {}, "Second": {}}, "notebooks": True},
        "digits": {"asynchronous": {}, "callers": ["web-shop"]},
    },
    "promotion": {"to": ["777788889999"], "source": {"environment": "lab", "account": "222233334444"}},
    "monitoring.emails": ["team@example.com"],
    "monitoring.endpoints.idle_hours": 6,
    "monitoring.job_log_groups": ["ProcessingJobs", "TrainingJobs", "TransformJobs", "NotebookInstances"],
    "monitoring.drift": {"breast_cancer": {"retrain": True}},
    "monitoring.budget": {"monthly_usd": 100, "emails": ["team@example.com"], "scope": "environment"},
    "delivery": {
        "github": {"repository": "team/models"},
        "codepipeline": {
            "connection_arn": "arn:aws:codeconnections:eu-central-1:444455556666:connection/"
            "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
            "repository": "team/models",
        },
    },
}

CODECOMMIT = {"url": "https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/models"}
#: A workbench with everything in it.
FULL: dict[str, Any] = {
    "workbench.notebooks": {"alice": {}, "fraud-team": {"instance_type": "ml.m5.xlarge", "volume_gib": 200, "zone": 2}},
    "workbench.repository": CODECOMMIT,
    "workbench.studio": {"users": ["alice", "bob"]},
    "network.services": ["sagemaker.api", "sagemaker.runtime", "sqs", "sts", "logs", "git-codecommit"],
}
WORKBENCH = {**FULL, "name": "workbench"}
#: Endpoints of every kind.
KINDS = {"serving": ALL_KINDS, "name": "kinds"}

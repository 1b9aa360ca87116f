from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.stacks import AUTOMATIC, COMPILED, Template, changed

#: What the bundled environments leave out, for the rules that would find something wrong with it.
OPTIONS = {
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


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of the bundled environments and of one with every option, held against the compliance packs."""
    from infra.application import build, environments, new_app, synthesise  # noqa: PLC0415 - starts Node

    folder = tmp_path_factory.mktemp("cdk.out")
    app = new_app(outdir=str(folder))
    build(app, [*environments(["dev"]), changed(OPTIONS)])
    synthesise(app, checks=True)
    return folder


@pytest.fixture(scope="session")
def templates(assembly: Path) -> dict[str, Template]:
    """Every template, by its file's name."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in assembly.rglob("*.template.json")}


@pytest.fixture(scope="session")
def findings(assembly: Path) -> list[dict[str, Any]]:
    """The compliance packs' reports."""
    report: list[dict[str, Any]] = json.loads((assembly / "validation-report.json").read_text("utf-8"))["pluginReports"]
    return report

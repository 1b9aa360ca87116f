from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.stacks import Template


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of every bundled environment, held against the compliance packs."""
    from infra.application import build, environments, new_app, synthesise  # noqa: PLC0415 - starts Node

    folder = tmp_path_factory.mktemp("cdk.out")
    app = new_app(outdir=str(folder))
    build(app, environments(["dev"]))
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

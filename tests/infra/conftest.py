"""One synth for all that look at whole environments: the bundled ones, and some whose settings have more in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config import load_problem
from tests.infra.settings import EVERYTHING, KINDS, WORKBENCH
from tests.support.serving import ALL_KINDS
from tests.support.stacks import Template, changed


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assembly, held against the compliance packs.

    In it are the bundled environments and one with every option; of two more, a workbench with everything in it and
    endpoints of every kind, with the stacks that these need.
    """
    from infra.application import build, environments, new_app, synthesise  # noqa: PLC0415 - starts Node
    from infra.platform import Platform  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("cdk.out")
    app = new_app(outdir=str(folder))
    build(app, [*environments(["dev"]), changed(EVERYTHING)])
    problem = load_problem("breast_cancer")
    assert Platform(app, changed(WORKBENCH), [problem]).workbench.stack_name == "sageline-workbench-workbench"
    kinds = [problem.model_copy(update={"name": name}) for name in ALL_KINDS]
    assert list(Platform(app, changed(KINDS), kinds).serving) == list(ALL_KINDS)
    synthesise(app, checks=True)
    return folder


@pytest.fixture(scope="session")
def templates(assembly: Path) -> dict[str, Template]:
    """Every template, by its file's name."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in assembly.rglob("*.template.json")}

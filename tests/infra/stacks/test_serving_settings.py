from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from config import load_problem
from tests.support.serving import SCALING
from tests.support.stacks import changed

REFERENCE = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text("utf-8")
BASE: dict[str, Any] = {
    "variants": {"AllTraffic": {"instances": 2, "scaling": SCALING | {"min_instances": 2}}},
    "shadow": {},
    "update": {"traffic": "canary"},
}
SERVERLESS_BASE: dict[str, Any] = {"serverless": {"memory_mb": 2048}, "vpc": False, "network_isolation": False}
ASYNCHRONOUS_BASE: dict[str, Any] = {"asynchronous": {"concurrency": 1}}
CHANGES: list[tuple[dict[str, Any], str, Any]] = [
    (BASE, "variants.AllTraffic.instance_type", "ml.c5.large"),
    (BASE, "variants.AllTraffic.instances", 3),
    (BASE, "variants.AllTraffic.weight", 2),
    (BASE, "variants.AllTraffic.scaling.min_instances", 1),
    (BASE, "variants.AllTraffic.scaling.max_instances", 9),
    (BASE, "variants.AllTraffic.scaling.requests_per_instance", 9),
    (BASE, "variants.AllTraffic.scaling.scale_in", False),
    (BASE, "variants.AllTraffic.scaling.scale_in_seconds", 9),
    (BASE, "variants.AllTraffic.scaling.scale_out_seconds", 9),
    (BASE, "variants.AllTraffic.scaling.paused", True),
    (BASE, "variants.AllTraffic.scaling.schedules", {"day": {"at": "rate(1 day)", "min_instances": 1}}),
    (BASE, "shadow.instance_type", "ml.c5.large"),
    (BASE, "shadow.instances", 2),
    (BASE, "shadow.percent", 9),
    (SERVERLESS_BASE, "serverless.memory_mb", 4096),
    (SERVERLESS_BASE, "serverless.max_concurrency", 9),
    (SERVERLESS_BASE, "serverless.provisioned_concurrency", 1),
    (ASYNCHRONOUS_BASE, "asynchronous.concurrency", 9),
    (ASYNCHRONOUS_BASE, "asynchronous.notifications", False),
    (BASE, "capture_percent", 9),
    (BASE, "vpc", False),
    (BASE, "network_isolation", False),
    (BASE, "keep_weights", True),
    (BASE, "update.traffic", "linear"),
    (BASE, "update.step_percent", 20),
    (BASE, "update.wait_seconds", 9),
    (BASE, "update.keep_old_seconds", 9),
    (BASE, "update.guarded", False),
    (BASE, "alarms.errors_percent", 9),
    (BASE, "alarms.latency_ms", 9),
    (BASE, "alarms.refusals_percent", 9),
    (BASE, "alarms.minutes", 9),
    (BASE, "log_days", 9),
]


def synthesised(folders: pytest.TempPathFactory, served: dict[str, Any]) -> dict[str, str]:
    """Return the templates of several problems that differ in how they are served, from one synth."""
    from infra.application import new_app  # noqa: PLC0415 - starts Node
    from infra.platform import Platform  # noqa: PLC0415

    app = new_app(outdir=str(folders.mktemp("cdk.out")))
    problem = load_problem("breast_cancer")
    platform = Platform(
        app, changed({"serving": served}), [problem.model_copy(update={"name": name}) for name in served]
    )
    stacks = platform.serving
    folder = Path(app.synth().directory, f"assembly-{platform.node.id}")
    return {name: (folder / stack.template_file).read_text("utf-8") for name, stack in stacks.items()}


def with_change(base: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(json.dumps(base))
    *parents, name = path.split(".")
    place = settings
    for parent in parents:
        place = place.setdefault(parent, {})
    place[name] = value
    return settings


@pytest.fixture(scope="module")
def with_changes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The templates of the settings above as they are and with each change, as text, by the name of their problem."""
    bases = {"base-0": BASE, "base-1": SERVERLESS_BASE, "base-2": ASYNCHRONOUS_BASE}
    served = bases | {f"change-{number}": with_change(*change) for number, change in enumerate(CHANGES)}
    return {name: text.replace(name, "NAME") for name, text in synthesised(tmp_path_factory, served).items()}


@pytest.mark.parametrize(("number", "change"), list(enumerate(CHANGES)), ids=[path for _, path, _ in CHANGES])
def test_every_setting_changes_the_template(
    number: int, change: tuple[dict[str, Any], str, Any], with_changes: dict[str, str]
) -> None:
    base = [BASE, SERVERLESS_BASE, ASYNCHRONOUS_BASE].index(change[0])
    assert with_changes[f"change-{number}"] != with_changes[f"base-{base}"]


def test_the_same_settings_give_the_same_template(tmp_path_factory: pytest.TempPathFactory) -> None:
    one, other = synthesised(tmp_path_factory, {"one": BASE, "other": BASE}).items()
    assert one[1].replace("one", "NAME") == other[1].replace("other", "NAME")


def test_every_setting_is_among_the_changes() -> None:
    described = {
        path.removeprefix("serving.NAME.") for path in re.findall(r"(?m)^\| `(serving\.NAME\.\S+)`", REFERENCE)
    }
    changed_here = {re.sub(r"AllTraffic", "NAME", path) for _, path, _ in CHANGES}
    schedules = {path for path in described if ".schedules." in path}
    assert len(schedules) == 4
    # Which instances a number was measured on is compared, and makes nothing; who may ask, is in the identity stack.
    elsewhere = {"variants.NAME.scaling.measured_on", "callers", "notebooks"}
    assert described - schedules - elsewhere == changed_here - {"variants.NAME.scaling.schedules"}

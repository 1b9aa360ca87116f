"""The head of a report: what ran, how it ended, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.report import values
from cli.report.markup import Content, Html, tag
from cli.report.material import Material
from cli.report.sections.parts import callout, cell, command, job_name
from cli.report.states import badge, state
from cli.report.wording import clip, duration, moment, plural

_PREFIX = "sageline-"
_OVER = frozenset({"Failed", "Stopped", "CompletedWithFailures"})


def name(execution: Mapping[str, Any]) -> str:
    """Return the problem's name as the pipeline's name has it."""
    return clip(values.text(execution.get("pipeline")).removeprefix(_PREFIX), 120) or "Execution"


def headline(material: Material) -> Html:
    """Draw title, state, facts, and the next thing to do."""
    execution = material.execution
    status = values.text(execution.get("status"))
    return tag(
        "header",
        tag("p", "Sageline execution report", class_="kicker"),
        tag("h1", tag("span", name(execution)), badge(status)),
        _facts(execution),
        _next(execution, status),
    )


def _facts(execution: Mapping[str, Any]) -> Html:
    seconds = values.number(execution.get("seconds"))
    started = values.text(execution.get("started"))
    facts = [
        ("Execution", clip(values.text(execution.get("execution_id")), 80)),
        ("Started", moment(started) if started else ""),
        ("Took", "" if seconds is None else duration(seconds)),
        ("Steps", _steps(execution)),
        ("Model package", _version(values.text(execution.get("model_package")))),
        ("Endpoint", clip(values.text(execution.get("endpoint")), 120)),
    ]
    return tag("dl", [tag("div", tag("dt", term), tag("dd", fact)) for term, fact in facts if fact], class_="facts")


def _steps(execution: Mapping[str, Any]) -> str:
    steps = values.mappings(execution.get("steps"))
    done = [step for step in steps if step.get("status") == "Succeeded"]
    cached = sum(values.mapping(step.get("cache")).get("result") == "hit" for step in done)
    if not steps:
        return ""
    return f"{len(done)} of {len(steps)} succeeded" + (f", {cached} from the cache" if cached else "")


def _version(arn: str) -> str:
    """Return group and version of a model package's ARN."""
    return clip(arn.partition(":model-package/")[2] or arn, 120)


def _next(execution: Mapping[str, Any], status: str) -> Content:
    if status in _OVER:
        return _after_failure(execution, status)
    if state(status).tone == "busy" or status == "Stopping":
        return callout(
            "busy",
            tag("p", "The execution was not over when this report was made. See how it stands now:"),
            command(f"sageline show {_id(execution)}"),
        )
    package = values.text(execution.get("model_package"))
    if status != "Succeeded" or not package:
        return None
    approval = values.text(values.mapping(execution.get("parameters")).get("ModelApprovalStatus"))
    if approval in ("Approved", "Rejected"):
        return callout("good", tag("p", f"The model is registered as {_version(package)} and is {approval.lower()}."))
    return callout(
        "good",
        tag("p", f"The model is registered as {_version(package)} and waits for approval. Once you agree with it:"),
        command(f"sageline approve {_version(package)}"),
    )


def _after_failure(execution: Mapping[str, Any], status: str) -> Html:
    failed = [step for step in values.mappings(execution.get("steps")) if step.get("status") == "Failed"]
    reasons = [_reason(step) for step in failed[:5]]
    if len(failed) > 5:
        reasons.append(tag("p", f"and {plural(len(failed) - 5, 'more step', 'more steps')}, in the table of steps."))
    overall = values.text(execution.get("failure_reason"))
    if overall and not any(step.get("reason") for step in failed):
        reasons = [tag("p", cell(overall))]
    if any(step.get("type") == "Fail" for step in failed):
        return callout(
            "bad",
            reasons,
            tag(
                "p",
                "The pipeline itself worked, and nothing was registered. Change the data, the features or the "
                "training, or the threshold or the tolerance if they ask too much, and run the problem again.",
            ),
        )
    ran = next((step for step in failed if job_name(step)), None)
    return callout(
        "bad" if status == "Failed" else "warn",
        reasons or tag("p", "The execution was stopped before it was complete."),
        tag("p", "Once the cause is mended, carry on from the last finished step:" if failed else "Carry on:"),
        command(f"sageline resume {_id(execution)}"),
        None
        if ran is None
        else [
            tag("p", "The log of the step that failed:"),
            command(f"sageline logs {_id(execution)} {clip(values.text(ran.get('name')), 100)}"),
        ],
    )


def _reason(step: Mapping[str, Any]) -> Html:
    name, reason = clip(values.text(step.get("name")), 100), values.text(step.get("reason"))
    said = reason.removeprefix(f"{name}: ") or "no reason was given."
    return tag("p", tag("strong", name), ": ", cell(said))


def _id(execution: Mapping[str, Any]) -> str:
    return clip(values.text(execution.get("execution_id")) or values.text(execution.get("execution")), 300)

"""What a command that followed an execution says at its end: to a person, or to a machine as one JSON object."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cli.executions import ExecutionName
from cli.follow import Followed
from cli.session import Session
from cli.view.summary import print_summary

_COMPILED = "ModelArtifacts"
_ENDINGS = {"Stopped": "was stopped", "CompletedWithFailures": "completed with failures"}


def report_path(session: Session, name: ExecutionName) -> Path:
    """Return where the report of an execution is written."""
    return session.home.root / "reports" / f"{name.pipeline}-{name.id}.html"


def write_report(session: Session, name: ExecutionName, record: dict[str, Any], path: Path | None = None) -> Path:
    """Write the execution's report as one HTML file and return its path."""
    from cli.report import write  # noqa: PLC0415 - only what ends in a report pays for it

    return write(session.s3, record, path or report_path(session, name), session.sagemaker)


def test_metrics(session: Session, record: dict[str, Any]) -> dict[str, float]:
    """Return the candidate's metrics on the test rows, or what the jobs of another pipeline reported."""
    from cli.report import collect  # noqa: PLC0415

    models = collect(session.s3, record).details.get("models") or {}
    measured = models.get("candidate") or record.get("metrics") or {}
    return {name: value for name, value in measured.items() if isinstance(value, int | float)}


def compiled_models(record: dict[str, Any]) -> dict[str, str]:
    """Return the addresses of compiled models, by the names of the steps that had them made."""
    answered = {step["name"]: step.get("outputs") or {} for step in record["steps"] if step["type"] == "Callback"}
    return {name: outputs[_COMPILED] for name, outputs in answered.items() if _COMPILED in outputs}


def as_object(
    record: dict[str, Any], metrics: dict[str, float], name: ExecutionName, status: str, report: Path
) -> dict[str, Any]:
    """Return the object that `--json` prints; its members are part of the command line's contract."""
    return {
        "execution": name.arn,
        "status": status,
        "steps": [
            {
                "name": step["name"],
                "type": step["type"],
                "status": step["status"],
                "seconds": step.get("seconds"),
                "cache": (step.get("cache") or {}).get("result"),
                "reason": step.get("reason"),
            }
            for step in record["steps"]
        ],
        "metrics": metrics,
        "model_package": record.get("model_package"),
        "endpoint": record.get("endpoint"),
        "compiled": compiled_models(record),
        "report": str(report),
    }


def finish(session: Session, name: ExecutionName, followed: Followed, *, as_json: bool) -> int:
    """Write the report, say how it ended and what to do next, and return the exit code."""
    record = followed.record
    report = write_report(session, name, record)
    out = sys.stderr if as_json else sys.stdout
    metrics = test_metrics(session, record)
    print_summary(record, metrics, out)
    for line in _closing_lines(record, name, followed, report, session.words):
        print(line, file=out)
    if as_json:
        print(json.dumps(as_object(record, metrics, name, followed.status, report)))
    return followed.exit_code


def _closing_lines(
    record: dict[str, Any], name: ExecutionName, followed: Followed, report: Path, words: str
) -> list[str]:
    from cli.report.writing import card_path  # noqa: PLC0415

    lines = [f"Report:  {_short(report)}"]
    if card_path(report).is_file():
        lines.append(f"Card:    {_short(card_path(report))}")
    package = record.get("model_package")
    if followed.status == "Succeeded":
        if package:
            short = package.split("model-package/")[-1]
            lines += [f"Model:   {short}", f"Next:    sageline approve {short}{words}"]
        lines += [f"Neo:     {uri}" for uri in compiled_models(record).values()]
        if record.get("endpoint"):
            endpoint = record["endpoint"].rpartition("/")[2]
            lines += [f"Serves:  {endpoint}", f"         sageline invoke {endpoint} FILE{words}"]
        return [f"Execution {name.id} succeeded.", *lines]
    how = _ENDINGS.get(followed.status, "failed")
    reason = f": {followed.reason}" if followed.reason else ""
    ending = [f"Execution {name.id} {how}{reason}", *_log_lines(record, name, words), *lines]
    if any(step["type"] == "Fail" and step["status"] == "Failed" for step in record["steps"]):
        # The pipeline itself decided: the same execution would decide the same again.
        return ending
    return [*ending, f"Next:    sageline resume {name.id}{words}"]


def _log_lines(record: dict[str, Any], name: ExecutionName, words: str) -> list[str]:
    failed = [step["name"] for step in record["steps"] if step["status"] == "Failed" and step.get("job")]
    return [f"Log:     sageline logs {name.id} {step}{words}" for step in failed]


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)

"""Runs the processing jobs of check steps: a program of ours stands for the monitoring image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from local.jobs.container import INSIDE, Command, Job
from local.jobs.interface import Request
from local.jobs.processing import ProcessingRunner

_PROJECT = Path(__file__).resolve().parents[2]
_PROGRAM = ("ContainerEntrypoint", "ContainerArguments")


class CheckRunner(ProcessingRunner):
    """Runs ProcessingJobs whose image is AWS's own."""

    def prepare(self, job: Job) -> Command:
        """Prepare as for any processing job; the program must find this project."""
        command = super().prepare(job)
        return replace(command, environment={**command.environment, "PYTHONPATH": str(_PROJECT)})

    def body(self, job: Job) -> dict[str, Any]:
        """Return the DescribeProcessingJob response: what stands for the image is not part of the request."""
        body = super().body(job)
        specification = {key: value for key, value in job.request["AppSpecification"].items() if key not in _PROGRAM}
        return {**body, "AppSpecification": specification}


def request(given: Request, check: str) -> dict[str, Any]:
    """Return a check step's request with the program that stands for its image."""
    specification = given.get("AppSpecification")
    program = {
        "ContainerEntrypoint": ["python3", "-m", "local.jobs.builtin.checks"],
        "ContainerArguments": [check, INSIDE],
    }
    return {**given, "AppSpecification": {**(specification if isinstance(specification, dict) else {}), **program}}

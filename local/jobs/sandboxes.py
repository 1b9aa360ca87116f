"""Chooses the sandbox that this machine can give; asked once by each engine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from local.jobs.namespace import NamespaceSandbox, refusal
from local.jobs.rewriting import RewritingSandbox
from local.jobs.sandbox import Sandbox

SANDBOX_VARIABLE = "SAGELINE_SANDBOX"


@dataclass(frozen=True)
class Choice:
    """A sandbox, and why it is not the better one: a sentence without its subject, None where it is."""

    sandbox: Sandbox
    reason: str | None

    @property
    def difference(self) -> str | None:
        """What jobs do not find as in the image; None in a namespace."""
        if self.reason is None:
            return None
        return (
            "/opt/ml in arguments, environment and configuration leads to the job's folder; a script that writes "
            f"such a path itself does not find it, as jobs have no mount namespace here: {self.reason}."
        )


def choose(folder: Path) -> Choice:
    """Return the sandbox for jobs whose folders lie in `folder`: a namespace, or rewriting where there is none."""
    if os.environ.get(SANDBOX_VARIABLE) == RewritingSandbox.name:
        return Choice(RewritingSandbox(), f"{SANDBOX_VARIABLE} asks for none")
    reason = refusal(folder)
    return Choice(RewritingSandbox() if reason else NamespaceSandbox(), reason)

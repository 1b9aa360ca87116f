"""A chain of steps that do nothing, run by Metaflow's and Kubeflow's local runners in an environment of their own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.timing import run_process

PYTHON = Path(__file__).resolve().parents[1] / ".venv-peers" / "bin" / "python"


def runners(count: int) -> dict[str, Callable[[], float]]:
    """Return the runners by name; none where their environment was not made."""
    if not PYTHON.exists():
        return {}
    return {
        f"Metaflow, a chain of {count} steps": lambda: _run(metaflow(count), "run"),
        f"Kubeflow, a chain of {count} steps": lambda: _run(kubeflow(count)),
    }


def _run(source: str, *words: str) -> float:
    with tempfile.TemporaryDirectory() as name:
        script = Path(name, "chain.py")
        script.write_text(source, encoding="utf-8")
        quiet = {"METAFLOW_USER": "bench", "METAFLOW_DEFAULT_DATASTORE": "local", "METAFLOW_DEFAULT_METADATA": "local"}
        search = f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}"
        return run_process([str(PYTHON), str(script), *words], {**quiet, "METAFLOW_HOME": name, "PATH": search}, name)


def metaflow(count: int) -> str:
    """Return the source of a flow with that many steps, its start and its end among them."""
    names = ["start", *(f"s{number}" for number in range(count - 2)), "end"]
    lines = ["from metaflow import FlowSpec, step", "class Chain(FlowSpec):"]
    for name, following in zip(names, [*names[1:], None], strict=True):
        body = "pass" if following is None else f"self.next(self.{following})"
        lines += ["    @step", f"    def {name}(self):", f"        {body}"]
    return "\n".join([*lines, "if __name__ == '__main__':", "    Chain()", ""])


def kubeflow(count: int) -> str:
    """Return the source of a pipeline with that many components, run as processes of one environment."""
    return f"""from kfp import dsl, local

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def nothing():
    pass

@dsl.pipeline
def chain():
    before = nothing()
    for _ in range({count - 1}):
        before = nothing().after(before)

local.init(runner=local.SubprocessRunner(use_venv=False), raise_on_error=True)
chain()
"""

"""Runs single jobs through the runners, without an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.jobs.background import Background
from local.jobs.interface import Handle, JobContext, JobState, Runner
from local.jobs.rewriting import RewritingSandbox
from local.jobs.sandbox import Sandbox
from local.jobs.sandboxes import choose
from local.store.home import Home
from local.store.store import Store
from tests.support.patience import looks


@dataclass
class Bench:
    """A home, and a way to run a request in it to its end."""

    store: Store
    log: Path
    sandbox: Sandbox

    def put(self, key: str, content: bytes | str) -> str:
        self.store.objects.put("work", key, content if isinstance(content, bytes) else content.encode())
        return f"s3://work/{key}"

    def start(self, runner: Runner, request: Mapping[str, Any], name: str = "job-1") -> Handle:
        context = JobContext(self.store, name, self.log, self.sandbox, Background(lambda: None))
        return runner.start(request, context)

    def follow(self, runner: Runner, handle: Handle, seconds: float = 20.0) -> JobState:
        for _ in looks(seconds):
            state = runner.poll(handle)
            if state.has_ended:
                return state
        message = "the job did not end"
        raise AssertionError(message)

    def run(self, runner: Runner, request: Mapping[str, Any], name: str = "job-1") -> tuple[JobState, dict[str, Any]]:
        assert runner.validate(request) == []
        handle = self.start(runner, request, name)
        return self.follow(runner, handle), runner.describe(handle)

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def read(self, key: str) -> bytes:
        with self.store.objects.open("work", key) as handle:
            return handle.read()

    def stored(self) -> list[str]:
        return [info.key for info in self.store.objects.list("work")]


@pytest.fixture
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Bench:
    chosen = choose(tmp_path)
    wanted = getattr(request, "param", chosen.sandbox.name)
    if wanted == "namespace" and chosen.reason is not None:
        pytest.skip(chosen.reason)
    sandbox = RewritingSandbox() if wanted == "rewriting" else chosen.sandbox
    return Bench(Store(Home(tmp_path / "home")), tmp_path / "logs" / "step.log", sandbox)

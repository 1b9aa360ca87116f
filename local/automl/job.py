"""One AutoML job under way: rows brought and prepared, candidates trained side by side, the best one put in place."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from local.automl import work
from local.automl.candidates import Candidate, Places, candidate_name, ranked
from local.automl.families import Proposal, proposals
from local.automl.plan import SEED, Plan, minimized, read_plan
from local.automl.program import command
from local.jobs.background import Task
from local.jobs.environment import base_environment, cpu_count
from local.jobs.errors import JobError
from local.jobs.interface import JobContext, JobState, Request, Series
from local.jobs.log import explain_exit, note
from local.jobs.messages import read_message
from local.jobs.process import JobProcess
from local.store.names import arn
from local.store.objects import ObjectError

STOPPED = "The AutoML job was stopped."


@dataclass
class _Running:
    candidate: Candidate
    process: JobProcess
    log: Path
    cut: bool = False


class AutoML:
    """An AutoML job; `poll` moves it on. What it proposes does not depend on what comes of it, nor on the cores."""

    def __init__(self, request: Request, context: JobContext, changed: Callable[[AutoML], None]) -> None:
        self.request = request
        self.context = context
        self.plan: Plan = read_plan(request)
        self.arn = arn(f"automl-job/{context.name}")
        self.places = Places(self.plan.output, context.name)
        self.folder = context.store.home.job(context.name)
        self.created = time.time()
        self.ended: float | None = None
        self.state = JobState("InProgress")
        self.stage = "Starting"
        self.problem_type, self.metric = self.plan.problem_type, self.plan.metric
        self.candidates: dict[int, Candidate] = {}
        self.published = False
        self.series: Series = {}
        self._changed = changed
        self._running: dict[int, _Running] = {}
        self._proposals: Iterator[Proposal] = proposals(self.plan.families, self.plan.most, SEED)
        self._proposed = 0
        self._preparing: JobProcess | None = None
        self._ending: JobState | None = None
        self._task: Task[None] | None = context.background.run(lambda: work.bring(self.folder, self.plan, context))
        self._changed(self)

    @property
    def process(self) -> str | None:
        """The name of a process of the job's, for whoever must end it after a kill."""
        found = self._preparing or next((each.process for each in self._running.values()), None)
        return None if found is None else found.name

    @property
    def best(self) -> Candidate | None:
        """The best candidate so far."""
        if self.metric is None:
            return None
        return next(iter(ranked(self.candidates.values(), self.metric)), None)

    @property
    def progress(self) -> str:
        """How far the job is, in a sentence without its end."""
        ended = sum(each.ended is not None for each in self.candidates.values())
        first = self.best
        if first is None:
            return f"{ended} of {self.plan.most} candidates"
        found = f"best {self.metric} {first.objective(self.metric or ''):.4g} ({first.proposal.family})"
        return f"{ended} of {self.plan.most} candidates, {found}"

    def poll(self) -> JobState:
        """Move the job on and say how it stands."""
        if self.state.has_ended:
            return self.state
        self._look_at_time()
        if self._task is not None:
            self._end_task(self._task)
        elif self._preparing is not None:
            self._follow_preparing(self._preparing)
        else:
            for number in list(self._running):
                self._follow(number)
            self._start_more()
        return self.state

    def stop(self, ending: JobState | None = None) -> None:
        """End the search early; what runs is ended at once: it has nothing to save."""
        if self._ending is None:
            self._ending = ending or JobState("Stopped", STOPPED)
            if ending is None:
                self.state = JobState("Stopping")
                self._changed(self)
        for process in [self._preparing, *(each.process for each in self._running.values())]:
            if process is not None:
                process.kill()

    # From rows to candidates.

    def _end_task(self, task: Task[None]) -> None:
        if not task.done:
            return
        self._task = None
        try:
            task.result()
        except (JobError, ObjectError, OSError) as error:
            self._end(JobState("Failed", str(error)))
            return
        if self.stage == "Starting" and self._ending is None:
            self.stage = "AnalyzingData"
            self._launch_preparing()
            return
        self.published = self.stage == "GeneratingModelInsightsReport"
        self._end(self._outcome())

    def _launch_preparing(self) -> None:
        try:
            self._preparing = self._launch(self.context.log, "prepare", str(self.folder))
        except JobError as error:
            self._end(JobState("Failed", str(error)))
            return
        self._changed(self)

    def _follow_preparing(self, process: JobProcess) -> None:
        code = process.poll()
        if code is None:
            return
        self._preparing = None
        if self._ending is not None:
            self._end(self._outcome())
        elif code != 0:
            reason = read_message(self.folder / "failure") or explain_exit(code, self.context.log, 0)
            self._end(JobState("Failed", reason[:1].upper() + reason[1:]))
        else:
            found = work.facts(self.folder)
            self.problem_type, self.metric = found["problem_type"], found["metric"]
            self.stage = "TrainingModels"
            self._changed(self)

    def _start_more(self) -> None:
        while self._ending is None and len(self._running) < cpu_count() and self._proposed < self.plan.most:
            proposal = next(self._proposals)
            self._proposed += 1
            candidate = Candidate(candidate_name(self.context.name, proposal.number), proposal, time.time())
            log = self.context.log.with_suffix("") / f"{proposal.number:03d}.log"
            work.propose(self.folder, proposal)
            try:
                process = self._launch(log, "candidate", str(self.folder), f"{proposal.number:03d}")
            except JobError as error:
                self._ended(replace(candidate, status="Failed", reason=str(error), ended=time.time()))
                continue
            self.candidates[proposal.number] = candidate
            self._running[proposal.number] = _Running(candidate, process, log)
        if not self._running and (self._ending is not None or self._proposed >= self.plan.most):
            self._finish()

    def _follow(self, number: int) -> None:
        running = self._running[number]
        code, now = running.process.poll(), time.time()
        limit = self.plan.seconds_per_candidate
        if code is None:
            if limit is not None and not running.cut and now - running.candidate.created > limit:
                running.cut = True
                running.process.kill()
            return
        del self._running[number]
        candidate = replace(running.candidate, ended=now)
        if running.cut:
            reason = f"It trained longer than MaxRuntimePerTrainingJobInSeconds ({limit:g})."
            self._ended(replace(candidate, status="Stopped", reason=reason))
        elif self._ending is not None and code != 0:
            self._ended(replace(candidate, status="Stopped", reason=self._ending.reason))
        elif code != 0:
            place = self.folder / "candidates" / f"{number:03d}" / "failure"
            reason = read_message(place) or explain_exit(code, running.log, 0)
            self._ended(replace(candidate, status="Failed", reason=reason))
        else:
            metrics = work.result(self.folder, candidate.proposal)
            self._ended(replace(candidate, status="Completed", metrics=metrics))

    def _ended(self, candidate: Candidate) -> None:
        self.candidates[candidate.proposal.number] = candidate
        metric = self.metric or ""
        value = candidate.objective(metric)
        if value is not None:
            series = self.series.setdefault(metric, [])
            sign = 1.0 if minimized(metric) else -1.0
            if not series or sign * value < sign * series[-1][1]:
                series.append([round(time.time() - self.created, 3), value])
        settings = ", ".join(f"{name}={given}" for name, given in candidate.proposal.settings.items())
        shown = f", {metric} {value:.6g}" if value is not None else f": {candidate.reason}"
        took = (candidate.ended or candidate.created) - candidate.created
        family, status = candidate.proposal.family, candidate.status.lower()
        note(self.context.log, f"{candidate.name} ({family}: {settings}) {status} in {took:.1f} s{shown}")
        self._changed(self)

    # The end.

    def _look_at_time(self) -> None:
        limit = self.plan.seconds
        if self._ending is None and limit is not None and time.time() - self.created > limit:
            reason = f"The job's MaxAutoMLJobRuntimeInSeconds ({limit:g}) was over."
            self.stop(JobState("Completed", reason))

    def _finish(self) -> None:
        """Put in place what was found, unless a person stopped the job."""
        chosen = [each for each in self.candidates.values() if each.objective(self.metric or "") is not None]
        if not chosen or (self._ending is not None and self._ending.status == "Stopped"):
            self._end(self._outcome())
            return
        self.stage = "GeneratingModelInsightsReport"
        self._task = self.context.background.run(
            lambda: work.publish(self.folder, self.context, self.places, sorted(chosen, key=lambda each: each.name))
        )
        self._changed(self)

    def _outcome(self) -> JobState:
        if self._ending is not None and self._ending.status == "Stopped":
            return self._ending
        first = self.best
        early = f" {self._ending.reason}" if self._ending is not None else ""
        if first is None or not self.published:
            failed = next((each for each in self.candidates.values() if each.status == "Failed"), None)
            cause = f" {failed.name}: {failed.reason}" if failed is not None else ""
            return JobState("Failed", f"No candidate was trained to its end.{early}{cause}")
        if early:
            self.stage = "MaxAutoMLJobRuntimeReached"
        elif self.plan.most_given:
            self.stage = "MaxCandidatesReached"
        else:
            self.stage = "Completed"
        return JobState("Completed", f"{self.progress} by {first.name}.{early}")

    def _end(self, state: JobState) -> None:
        self.ended = time.time()
        self.state = state
        if state.status != "Completed":
            self.stage = state.status
        if state.status == "Failed":
            note(self.context.log, f"The job failed; its folder is kept for a look: {self.folder}")
        else:
            with contextlib.suppress(OSError):
                shutil.rmtree(self.folder)
        self._changed(self)

    def _launch(self, log: Path, module: str, *arguments: str) -> JobProcess:
        environment = base_environment(self.folder, threads=1)
        return JobProcess.start(command(module, *arguments), environment, self.folder, log)

"""One tuning job under way: starts trials as the search proposes them, follows them, and knows when it is done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from local.jobs.environment import cpu_count
from local.jobs.errors import JobError
from local.jobs.interface import Handle, JobContext, JobState, Request, Runner, Series
from local.jobs.log import note
from local.jobs.records import STOP_REQUESTED
from local.store.names import arn
from local.tuning import criteria, parents, records
from local.tuning.description import best, summary
from local.tuning.plan import HYPERBAND, Plan, read_plan
from local.tuning.proposals import Proposals
from local.tuning.searcher import Searcher
from local.tuning.stopping import hyperband_cut, median_cut
from local.tuning.trial import CUT, Trial, recall, remember, trial_name, with_times

MIN_PARALLEL = 2
"""On one core two trials still run side by side: one computes while the other reads and writes."""

LOOK_SECONDS = 0.5
"""How often the job looks whether single trials are to stop."""


@dataclass
class _Running:
    trial: Trial
    handle: Handle
    seen: int = 0
    cut_at: int | None = None


class Tuning:
    """A tuning job; `poll` moves it on. Trial n starts when trials 1 to n - MaxParallelTrainingJobs have ended."""

    def __init__(self, trainings: Runner, request: Request, context: JobContext) -> None:
        self.request = request
        self.context = context
        self.plan: Plan = read_plan(request, context.name)
        self.arn = arn(f"hyper-parameter-tuning-job/{context.name}")
        self.created = time.time()
        earlier = context.store.resources.get(parents.KIND, context.name)
        # A job that is taken up again was created when it first began.
        self.first_created = self.created if earlier is None else earlier.created
        self.ended: float | None = None
        self.state = JobState("InProgress")
        self.trials: dict[int, Trial] = {}
        self.series: Series = {}
        self._trainings = trainings
        self._running: dict[int, _Running] = {}
        self._slots = min(self.plan.parallel, max(MIN_PARALLEL, cpu_count()))
        self._proposals: Proposals | None = None
        self._ending: JobState | None = None
        self._changed = False
        self._looked = self.created
        try:
            parents.check(context.store, self.plan.parents)
            searcher = Searcher(self.plan, parents.known(context.store, self.plan))
            self._proposals = Proposals(self.plan, searcher, context.background)
        except (JobError, OSError) as error:
            self._ending = JobState("Failed", str(error))
        records.store(self, event=True)

    @property
    def handles(self) -> list[Handle]:
        """The handles of the trials that run."""
        return [dict(running.handle) for running in self._running.values()]

    @property
    def progress(self) -> str:
        """How far the job is, in a sentence without its end; with it once the job is complete."""
        if self.state.status == "Completed" and self.state.reason is not None:
            return self.state.reason
        ended = sum(trial.has_ended for trial in self.trials.values())
        first = best(self.plan, self.trials.values())
        found = "" if first is None else f", best {self._metric(first)} {first.objective:.4g}"
        return f"{ended} of {self.plan.most} trainings{found}"

    def poll(self) -> JobState:
        """Move the job on and say how it stands."""
        if self.state.has_ended:
            return self.state
        for number in list(self._running):
            self._follow(number)
        self._look_for_wishes()
        self._look_for_end()
        while self._hear() or self._launch():
            pass
        if self._proposals is not None and self._ending is None:
            self._proposals.ask(self.trials)
        if self._over:
            self._end()
        elif self._changed:
            records.store(self, event=False)
        self._changed = False
        return self.state

    def stop(self, ending: JobState | None = None) -> None:
        """End the job early; trials that run are stopped."""
        if self._ending is None:
            self._ending = ending or JobState("Stopped", "The tuning job was stopped.")
            if ending is None:
                self.state = JobState("Stopping")
                records.store(self, event=True)
        for running in self._running.values():
            self._trainings.stop(running.handle)

    @property
    def _over(self) -> bool:
        proposals = self._proposals
        if self._running or (proposals is not None and proposals.asking):
            return False
        return self._ending is not None or (proposals is not None and proposals.exhausted and not proposals.waiting)

    def _metric(self, trial: Trial) -> str:
        return self.plan.programs[trial.program].metric

    def _hear(self) -> bool:
        """Take the search's answer; says whether there was a trial in it."""
        if self._proposals is None:
            return False
        try:
            return self._proposals.hear()
        except JobError as error:
            self.stop(JobState("Failed", str(error)))
            return False

    def _launch(self) -> bool:
        """Start the proposed trial where there is room; says whether it did."""
        proposals = self._proposals
        if proposals is None or not proposals.waiting or self._ending is not None or len(self._running) >= self._slots:
            return False
        self._start(proposals.number, proposals.program_of(proposals.number), proposals.take())
        return True

    def _start(self, number: int, program: int, values: Mapping[str, str]) -> None:
        name = trial_name(self.context.name, number)
        trial = Trial(number, name, program, dict(values), created=time.time())
        earlier = recall(self.context.store, name)
        self._changed = True
        if earlier is not None and earlier.counts and earlier.values == trial.values:
            self.trials[number] = earlier
            self._count(earlier)
            return
        log = self.context.log.with_suffix("") / f"{number:03d}.log"
        threads = max(1, self.context.threads // self._slots)
        context = replace(self.context, name=name, log=log, threads=threads)
        request = self.plan.programs[trial.program].request(values, self.arn)
        self._running[number] = _Running(trial, self._trainings.start(request, context))
        self.trials[number] = trial

    def _follow(self, number: int) -> None:
        running = self._running[number]
        state = self._trainings.poll(running.handle)
        metric = self._metric(running.trial)
        values = [value for _, value in self._trainings.metrics(running.handle).get(metric, ())]
        if state.has_ended:
            self._finish(running, state, values)
        elif len(values) > running.seen and running.cut_at is None and self._ending is None:
            running.seen = len(values)
            running.cut_at = self._cut(running.trial, values)
            if running.cut_at is not None:
                self._trainings.stop(running.handle)

    def _finish(self, running: _Running, state: JobState, values: list[float]) -> None:
        trial = running.trial
        # A trial may be faster than the rule: what the search learns from it does not depend on who was.
        cut_at = self._cut(trial, values) if running.cut_at is None else running.cut_at
        shown = values if cut_at is None else values[: cut_at + 1]
        cut = state.status == "Stopped" and running.cut_at is not None
        told = shown[-1] if shown and state.status != "Failed" else None
        ended = replace(
            with_times(trial, self._trainings.describe(running.handle)),
            status=state.status,
            reason=CUT if cut else state.reason,
            objective=values[-1] if state.status == "Completed" and values else told,
            told=told,
            cut=cut,
            series=tuple(shown),
        )
        del self._running[trial.number]
        self.trials[trial.number] = ended
        self._changed = True
        remember(self.context.store, ended, summary(self.plan, ended, self.context.name), time.time())
        self._count(ended)
        note(self.context.log, records.line(self.plan, ended))

    def _count(self, trial: Trial) -> None:
        """Add to the series of best objectives, in the order in which trials end."""
        if trial.status != "Completed" or trial.objective is None:
            return
        series = self.series.setdefault(self._metric(trial), [])
        if self.plan.better(trial.objective, series[-1][1] if series else None):
            series.append([round(time.time() - self.created, 3), trial.objective])

    def _cut(self, trial: Trial, values: list[float]) -> int | None:
        """Return where a trial's values tell to cut it short."""
        if not self.plan.early_stopping and self.plan.resource is None:
            return None
        before = [self.trials[each] for each in range(1, trial.number - self.plan.parallel + 1)]
        known = {each.number: each.series for each in before if each.program == trial.program and each.series}
        if self.plan.strategy == HYPERBAND and self.plan.resource is not None:
            return hyperband_cut(values, trial.number, known, self.plan.resource, minimize=self.plan.minimize)
        return median_cut(values, list(known.values()), minimize=self.plan.minimize)

    def _look_for_wishes(self) -> None:
        """Stop trials whose own Stop operation was called: clients only write the wish into their records."""
        if time.time() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.time()
        for running in self._running.values():
            found = self.context.store.resources.get(self._trainings.kind, running.trial.name)
            if found is not None and found.body.get(STOP_REQUESTED):
                self._trainings.stop(running.handle)

    def _look_for_end(self) -> None:
        if self._ending is not None:
            return
        limit = self.plan.seconds
        if limit is not None and time.time() - self.created > limit:
            self.stop(JobState("Completed", f"the tuning job's MaxRuntimeInSeconds ({limit:g}) was over"))
            return
        # In the order of their numbers, so that the job's end does not depend on which trial was faster.
        ended = []
        for number in range(1, len(self.trials) + 1):
            if not self.trials[number].has_ended:
                break
            ended.append(self.trials[number])
        reason = criteria.done(self.plan, ended)
        if reason is not None and not self._all_ended:
            self.stop(JobState("Completed", reason))

    @property
    def _all_ended(self) -> bool:
        return self._proposals is not None and self._proposals.exhausted and not self._running

    def _end(self) -> None:
        self.ended = time.time()
        self.state = records.outcome(self.plan, list(self.trials.values()), self._ending, self.progress)
        if self._proposals is not None:
            self._proposals.close()
        records.store(self, event=True)

"""What a tuning job's search proposes, trial by trial: it is asked in the background and told what it may know.

The search is told results in the order of the trials' numbers, and of a trial only what a window of as many trials as
run side by side lets through: the same seed proposes the same trials whichever of them ends first, on any machine.
"""

from __future__ import annotations

from collections.abc import Mapping

from local.jobs.background import Background, Task
from local.tuning.plan import Plan
from local.tuning.searcher import Searcher
from local.tuning.trial import Trial


class Proposals:
    """Asks for the next trial's values when its turn has come; raises JobError where the search fails."""

    def __init__(self, plan: Plan, searcher: Searcher, background: Background) -> None:
        self.number = 0
        """The number of the trial that was proposed last."""
        self._plan = plan
        self._searcher = searcher
        self._background = background
        self._asked: Task[dict[str, str] | None] | None = None
        self._values: dict[str, str] | None = None
        self._told = [0] * len(plan.programs)
        self._nothing_left = False

    @property
    def exhausted(self) -> bool:
        """Whether no further trial comes."""
        return self._nothing_left or self.number >= self._plan.most

    @property
    def asking(self) -> bool:
        """Whether the search has not answered yet."""
        return self._asked is not None

    @property
    def waiting(self) -> bool:
        """Whether values wait for room to be tried."""
        return self._values is not None

    def ask(self, trials: Mapping[int, Trial]) -> None:
        """Ask for the next trial if its turn has come, which may be before there is room for it."""
        if self.asking or self.waiting or self.exhausted:
            return
        number = self.number + 1
        window = number - self._plan.parallel if self._plan.learns else 0
        if any(each not in trials or not trials[each].has_ended for each in range(1, window + 1)):
            return
        program = self.program_of(number)
        results = self._untold(trials, program, window)
        self._asked = self._background.run(lambda: self._searcher.ask(program, number, results))

    def hear(self) -> bool:
        """Take the search's answer; says whether there was a trial in it."""
        if self._asked is None or not self._asked.done:
            return False
        task, self._asked = self._asked, None
        self._values = task.result()
        self.number += 1
        self._nothing_left = self._values is None
        return self.waiting

    def take(self) -> dict[str, str]:
        """Return the values that wait."""
        values, self._values = self._values, None
        assert values is not None  # noqa: S101 - callers look whether any are waiting
        return values

    def program_of(self, number: int) -> int:
        """Several training definitions take turns."""
        return (number - 1) % len(self._plan.programs)

    def close(self) -> None:
        """End the search, in the background."""
        self._background.run(self._searcher.close)

    def _untold(self, trials: Mapping[int, Trial], program: int, window: int) -> list[tuple[int, float | None]]:
        """Return the results in the window that a program's search has not heard of."""
        news = [trials[each] for each in range(self._told[program] + 1, window + 1)]
        self._told[program] = max(self._told[program], window)
        return [(each.number, each.told) for each in news if each.program == program]

"""Progress while an execution runs: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import IO, Any

from cli.view.words import cache_word, mark, seconds, word

ENDED = ("Succeeded", "Failed", "Stopped", "NotExecuted")


class Progress:
    """What follow() tells of an execution's record as it changes."""

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, record: dict[str, Any]) -> None:
        """Show the record as it is now."""

    def note(self, sentence: str) -> None:
        """Say something beside the progress."""


def how_far(step: dict[str, Any]) -> str | None:
    """Return what a running step says of its progress; most say nothing."""
    return step.get("reason") if step["status"] == "Executing" else None


class PlainProgress(Progress):
    """One line for each step that starts or ends: for logs, pipes and CI."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._seen: dict[str, str] = {}
        self._said: dict[str, str | None] = {}

    def show(self, record: dict[str, Any]) -> None:
        """Write a line for each step whose status has changed, or that says how far it is."""
        for step in record["steps"]:
            status = step["status"]
            same = self._seen.get(step["name"]) == status and self._said.get(step["name"]) == how_far(step)
            if same or status == "Waiting":
                continue
            self._said[step["name"]] = how_far(step)
            self._seen[step["name"]] = status
            self._line(step)

    def note(self, sentence: str) -> None:
        """Write the sentence."""
        print(sentence, file=self._stream, flush=True)

    def _line(self, step: dict[str, Any]) -> None:
        took = f" in {seconds(step.get('seconds'))}" if step["status"] in ("Succeeded", "Failed") else ""
        cached = " (from the cache)" if cache_word(step) == "hit" else ""
        told = step["status"] in ("Failed", "NotExecuted") or how_far(step) is not None
        reason = f": {step['reason']}" if step.get("reason") and told else ""
        print(f"{step['name']}: {word(step['status'])}{took}{cached}{reason}", file=self._stream, flush=True)


class LiveProgress(Progress):
    """A table that is drawn again in place as steps start and end."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - only terminals pay for it
        from rich.live import Live  # noqa: PLC0415

        self._live = Live(console=Console(stderr=True), refresh_per_second=8, transient=True)
        self._started: dict[str, float] = {}
        self._notes: list[str] = []

    def __enter__(self) -> Progress:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def show(self, record: dict[str, Any]) -> None:
        """Draw the steps as they stand."""
        from rich.console import Group  # noqa: PLC0415
        from rich.spinner import Spinner  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table.grid(padding=(0, 2))
        for step in record["steps"]:
            sign, style = mark(step["status"])
            running = step["status"] in ("Executing", "Starting")
            if running:
                self._started.setdefault(step["name"], time.monotonic())
            elapsed = time.monotonic() - self._started[step["name"]] if running else step.get("seconds")
            table.add_row(
                Spinner("dots", style=style) if running else Text(sign, style=style),
                Text(step["name"]),
                Text(word(step["status"]), style=style),
                Text(seconds(elapsed), justify="right"),
                Text("from the cache" if cache_word(step) == "hit" else how_far(step) or "", style="dim"),
            )
        self._live.update(Group(table, *(Text(note, style="yellow") for note in self._notes)))

    def note(self, sentence: str) -> None:
        """Keep the sentence below the table."""
        self._notes.append(sentence)


def progress_for_terminal() -> Progress:
    """Return the live view where stderr is a terminal, else lines."""
    return LiveProgress() if sys.stderr.isatty() else PlainProgress(sys.stderr)

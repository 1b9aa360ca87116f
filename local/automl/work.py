"""What an AutoML job does on the disk, in the background: bring the rows, put the results in place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from local.automl.candidates import Candidate, Places
from local.automl.families import Proposal
from local.automl.plan import SEED, Plan
from local.jobs.inputs import beside, deliver
from local.jobs.interface import JobContext
from local.jobs.leftovers import note_publishing
from local.jobs.log import note
from local.store.objects import split_uri


def bring(folder: Path, plan: Plan, context: JobContext) -> None:
    """Make the job's folder, with its rows in it.

    Raises:
        JobError, ObjectError: there are none.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)
    (folder / "candidates").mkdir()
    for number, channel in enumerate(plan.channels):
        what = f"The {channel.name} channel"
        deliver(context.store.objects, channel.uri, folder / "input" / str(number), what)
        if others := beside(context.store.objects, channel.uri):
            note(context.log, f"{what}: the service would also read {', '.join(others[:3])}; end its address with /.")
    content = {**asdict(plan), "seed": SEED}
    (folder / "plan.json").write_text(json.dumps(content), encoding="utf-8")


def propose(folder: Path, proposal: Proposal) -> Path:
    """Make a candidate's folder, and return it."""
    place = folder / "candidates" / f"{proposal.number:03d}"
    place.mkdir()
    (place / "proposal.json").write_text(json.dumps(asdict(proposal)), encoding="utf-8")
    return place


def result(folder: Path, proposal: Proposal) -> dict[str, dict[str, float]]:
    """Return the metrics of a candidate that has ended well."""
    text = (folder / "candidates" / f"{proposal.number:03d}" / "result.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, float]] = json.loads(text)["metrics"]
    return found


def facts(folder: Path) -> dict[str, Any]:
    """Return what preparing found out."""
    found: dict[str, Any] = json.loads((folder / "prepared" / "facts.json").read_text(encoding="utf-8"))
    return found


def publish(folder: Path, context: JobContext, places: Places, candidates: Sequence[Candidate]) -> None:
    """Put the candidates' archives and reports in place."""
    # Imported here, in the background: archives are no part of what an engine needs to start its first step.
    from local.jobs.archives import pack  # noqa: PLC0415

    planned: list[tuple[Path, str]] = []
    for candidate in candidates:
        place = folder / "candidates" / f"{candidate.proposal.number:03d}"
        pack(place / "model", place / "model.tar.gz")
        planned += [
            (place / "model.tar.gz", places.model(candidate)),
            (place / "statistics.json", f"{places.insights(candidate)}/statistics.json"),
            (place / "analysis.json", f"{places.explanation(candidate)}/analysis.json"),
        ]
    note_publishing(folder, [uri for _, uri in planned])
    for source, uri in planned:
        context.store.objects.adopt(*split_uri(uri), source)

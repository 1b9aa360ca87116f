"""Brings what several hosts have written to one folder together, as the service does when a job ends."""

from __future__ import annotations

from local.jobs.job import Job
from local.jobs.log import note
from local.store.trees import regular_files

_SHOWN = 3


def gather(job: Job, inside: str) -> None:
    """Move the files of all hosts' folders at a container path into the leading host's.

    Where two hosts have written a file of one name, the service keeps the one that it uploads last, whichever that
    is. Here it is always the leading host's, or that of the host next to it.
    """
    whole = job.place(inside)
    for other in job.members[1:]:
        source = other.place(inside)
        if not source.is_dir():
            continue
        lost = []
        for name in regular_files(source):
            target = whole / name
            if target.exists():
                lost.append(name)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            (source / name).replace(target)
        if lost:
            shown = ", ".join(lost[:_SHOWN]) + (" …" if len(lost) > _SHOWN else "")
            note(
                job.context.log,
                f"{other.host.name} wrote files to {inside} that another host wrote too ({shown}); they are left out. "
                "On AWS either may win: give each host's files names of their own.",
            )

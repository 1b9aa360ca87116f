"""Which program of this machine stands for a container's."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import PurePosixPath

from local.jobs.own_images import python_in

_PYTHON = re.compile(r"python(3(\.\d+)?)?")


def find_program(name: str, search: str) -> str | None:
    """Return the program of this machine that a container's program name stands for; None where there is none.

    Python is that of the image's own environment, where the search path has one, else Sageline's.
    """
    if _PYTHON.fullmatch(PurePosixPath(name).name):
        return python_in(search) or sys.executable
    return shutil.which(name, path=search)


def not_here(name: str) -> str:
    """Return the sentence about a program that this machine does not have."""
    return f"The program {name} is not on this machine; jobs on the laptop use what is installed here."

"""The sandbox that works on every system: container paths in arguments and environment become the job's folders."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from local.jobs.errors import JobError
from local.jobs.process import JobProcess

_PYTHON = re.compile(r"python(3(\.\d+)?)?")


class RewritingSandbox:
    """Writes real paths where the container's stand. A path that a program builds for itself is not seen."""

    def translate(self, text: str, mounts: Mapping[str, Path]) -> str:
        """Return the text with every mounted container path replaced by its folder."""
        for inside in sorted(mounts, key=len, reverse=True):
            if inside in text:
                # A whole path, not a part of another one: neither /opt/mlx nor /data/opt/ml is the container's folder.
                pattern = rf"(?<![\w.-]){re.escape(inside)}(?![\w.-])"
                text = re.sub(pattern, str(mounts[inside]).replace("\\", r"\\"), text)
        return text

    def launch(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        mounts: Mapping[str, Path],
        *,
        directory: str,
        log: Path,
    ) -> JobProcess:
        """Start the program on this machine; the image's Python is the one that runs the engine."""
        values = {name: self.translate(value, mounts) for name, value in environment.items()}
        words = [self.translate(word, mounts) for word in argv]
        program = find_program(words[0], values.get("PATH", os.defpath))
        if program is None:
            message = f"The program {words[0]} is not on this machine; jobs on the laptop use what is installed here."
            raise JobError(message)
        return JobProcess.start([program, *words[1:]], values, Path(self.translate(directory, mounts)), log)


def find_program(name: str, search: str) -> str | None:
    """Return the program of this machine that a container's program name stands for; None where there is none."""
    if _PYTHON.fullmatch(PurePosixPath(name).name):
        return sys.executable
    return shutil.which(name, path=search)

"""The sandbox that works on every system: container paths in arguments and environment become the job's folders."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.jobs.errors import JobError
from local.jobs.process import JobProcess
from local.jobs.programs import find_program, not_here


class RewritingSandbox:
    """Writes real paths where the container's stand. A path that a program builds for itself is not seen."""

    name = "rewriting"

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
            raise JobError(not_here(words[0]))
        translated = self.translate(directory, mounts)
        # What a program writes to where it starts must not stay on the machine: / becomes the job's own folder.
        place = next(iter(mounts.values())) if translated == directory else Path(translated)
        return JobProcess.start([program, *words[1:]], values, place, log)

"""`pip` and `python -m pip` inside jobs."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

from pip import requirements  # type: ignore[attr-defined] # this very package: jobs find it by that name

# Options of `install` that take a value.
_WITH_VALUE = (
    "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix",
    "--root", "--trusted-host", "--timeout", "--retries", "--cache-dir", "--progress-bar", "--no-binary",
    "--only-binary", "--platform", "--python-version", "--upgrade-strategy", "--log", "--proxy", "--src", "--report",
)  # fmt: skip


def main(words: list[str]) -> int:
    """Answer as pip would, as far as nothing changes."""
    rest = [word for word in words if word not in ("-q", "-v", "--quiet", "--disable-pip-version-check")]
    command = rest[0] if rest else "help"
    if command in ("--version", "-V"):
        print(f"pip 0 (Sageline's, which installs nothing) (python {sys.version_info.major}.{sys.version_info.minor})")
    elif command in ("install", "download", "wheel"):
        return _install(rest[1:])
    elif command in ("list", "freeze"):
        for found in sorted(f"{each.metadata['Name']}=={each.version}" for each in importlib.metadata.distributions()):
            print(found)
    elif command not in ("uninstall", "check", "cache", "config", "help", "--help"):
        sys.stderr.write(f"pip {command} is not there on the laptop.\n")
        return 1
    return 0


def _install(words: list[str]) -> int:
    wanted: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word in ("-r", "--requirement"):
            wanted += requirements.lines(Path(next(remaining, "")))
        elif word.startswith("--requirement="):
            wanted += requirements.lines(Path(word.partition("=")[2]))
        elif word in _WITH_VALUE:
            next(remaining, None)
        elif not word.startswith("-"):
            wanted.append(word)
    found = requirements.check(wanted)
    for each in found.met:
        print(f"Requirement already satisfied: {each}")
    if found.unmet:
        sys.stderr.write(f"{found.sentence('pip install')}\n")
    return 1 if found.unmet else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        sys.stderr.write(f"pip: {error}\n")
        sys.exit(1)

"""Holds requirements against the packages that are installed here."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Other distributions that bring the same package, and what a job cannot use from another version anyway.
_STAND_INS = {"xgboost": "xgboost-cpu", "scikit-learn-intelex": "scikit-learn", "sklearn": "scikit-learn"}
_INSTALLERS = ("pip", "setuptools", "wheel")
_COMMENT = re.compile(r"(^|\s)#.*$")
_FILE_OPTION = re.compile(r"(?:-r\s*|--requirement[=\s]\s*)(?P<path>\S+)")


@dataclass
class Findings:
    """What is satisfied here, and what is not, each with what is here instead."""

    met: list[str] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)

    def sentence(self, source: str) -> str:
        """Say what is missing."""
        satisfied = f" Satisfied: {', '.join(self.met)}." if self.met else ""
        return (
            f"{source} asks for packages that are not here, and jobs on the laptop install nothing: "
            f"{', '.join(self.unmet)}.{satisfied}"
        )


def of_file(path: Path) -> Findings:
    """Hold a requirements file, and those that it names, against this machine."""
    return check(lines(path))


def check(requirements: Iterable[str]) -> Findings:
    """Hold requirements, as pip reads them, against this machine."""
    found = Findings()
    for text in requirements:
        problem = _problem(text)
        if problem is None:
            found.met.append(text)
        elif problem:
            found.unmet.append(f"{text} ({problem})")
    return found


def lines(path: Path, seen: frozenset[Path] = frozenset()) -> Iterator[str]:
    """Yield the requirements of a file; options that say where to find packages mean nothing here."""
    path = path.resolve()
    if path in seen:
        return
    text = path.read_text(encoding="utf-8-sig", errors="replace").replace("\\\n", " ")
    for raw in text.splitlines():
        line = _COMMENT.sub("", raw).strip()
        named = _FILE_OPTION.fullmatch(line)
        if named is not None:
            yield from lines(path.parent / named["path"], seen | {path})
        elif line and not line.startswith("-"):
            yield line.partition(" --")[0].strip()
        elif line.startswith(("-e ", "--editable ")):
            yield line.partition(" ")[2].strip()


def _problem(text: str) -> str | None:
    """Return why a requirement is not met: None where it is, empty text where it does not apply here."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - most jobs ask for nothing

    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return "only names of packages can be looked up"
    if wanted.marker is not None and not wanted.marker.evaluate():
        return ""
    if wanted.name.lower() in _INSTALLERS:
        return None
    version = _installed(wanted.name)
    if version is None:
        return "not installed"
    return None if wanted.specifier.contains(version, prereleases=True) else f"{version} is installed"


def _installed(name: str) -> str | None:
    for candidate in (name, _STAND_INS.get(name.lower(), name)):
        try:
            return importlib.metadata.version(candidate)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None

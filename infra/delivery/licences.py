"""Whether the packages that a run installs are under licences that the product may be used with.

``python -m infra.delivery.licences requirements/run.txt`` says which are not, by what the installed packages say of
themselves.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker

#: By their SPDX names, and by what packages write that name none. All let one use, change and hand on.
ALLOWED = {
    "0BSD",
    "3-Clause BSD License",
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "ISC License (ISCL)",
    "MIT",
    "MIT License",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",  # what is changed of its files stays under it; nothing is changed here
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
    "Python Software Foundation License",
    "Unlicense",
    "Zlib",
}
#: Packages whose licence is not in the list, or that name theirs in its text alone, each with why it is allowed.
READ_BY_HAND = {
    "huey": "Its licence file is the MIT licence; its metadata names none.",
    "paramiko": "LGPL-2.1: the SageMaker SDK imports it unchanged, and nothing here hands it on.",
    "sagemaker-train": "Its licence file is the Apache licence 2.0; its metadata names none.",
    "skops": "Its licence file is the MIT licence; its metadata says only that OSI approved it.",
}
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+))?", re.MULTILINE)


def refused(lock: Path) -> list[str]:
    """Return a sentence for each package of a lock file that is not allowed, or of which nothing is known.

    Packages that the lock file asks for on other systems alone are left out: their metadata is not here.
    """
    sentences = []
    for name, version, marker in _PINNED.findall(lock.read_text(encoding="utf-8")):
        if marker and not Marker(marker.strip()).evaluate():
            continue
        try:
            found = set(licences(distribution(name)))
        except PackageNotFoundError:
            sentences.append(f"{name} {version} is not installed: run `make setup`.")
            continue
        if name not in READ_BY_HAND and (not found or not found <= ALLOWED):
            said = ", ".join(sorted(found)) or "no licence that its metadata names"
            sentences.append(
                f"{name} {version} is under {said}. Read its licence; do without it, or allow it in "
                f"{Path(__file__).name} with the reason."
            )
    return sentences


def licences(package: Distribution) -> Iterator[str]:
    """Return what a package says it is under: its expression, else its classifiers, else its free text's first line."""
    metadata = package.metadata
    classifiers = [each for each in metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    written = "".join((metadata.get_all("License-Expression") or [])[:1])
    if not written and not classifiers:
        written = "".join((metadata.get_all("License") or [])[:1]).strip().partition("\n")[0]
    if not written:
        for each in classifiers:
            yield each.rpartition(" :: ")[2]
        return
    # Where an expression leaves a choice, each of it must do: a later version may leave less.
    for each in re.split(r"\s+(?:AND|OR)\s+", written.strip("()")):
        yield each.strip(" ()")


if __name__ == "__main__":
    wrong = [sentence for lock in sys.argv[1:] for sentence in refused(Path(lock))]
    print("\n".join(wrong) or "Every package is under a licence that is allowed.")
    sys.exit(1 if wrong else 0)

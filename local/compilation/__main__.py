"""`python -m local.compilation --home HOME NAME`: compiles what a recorded job asks for.

Its exit code is 0 where that could be done.
"""

from __future__ import annotations

import sys
from pathlib import Path

from local.compilation.job import run
from local.registry.compilation_jobs import COMPLETED
from local.store.home import Home
from local.store.store import Store


def main(words: list[str]) -> int:
    """Run the job that the command line names."""
    _, home, name = words
    return 0 if run(Store(Home(Path(home).absolute())), name) == COMPLETED else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

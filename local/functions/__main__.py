"""`python -m local.functions --home HOME`: delivers events and messages to functions until nothing is left to do."""

from __future__ import annotations

import logging
import signal
import sys
import types
from pathlib import Path

from local.functions.dispatcher import run
from local.store.home import Home
from local.store.store import Store

USAGE = "usage: python -m local.functions --home HOME"


def main(words: list[str]) -> int:
    """Dispatch for the home that the command line names."""
    if len(words) != 2 or words[0] != "--home":
        sys.stderr.write(f"{USAGE}\n")
        return 2
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    signal.signal(signal.SIGTERM, _leave)
    run(Store(Home(Path(words[1]).absolute())))
    return 0


def _leave(_number: int, _frame: types.FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

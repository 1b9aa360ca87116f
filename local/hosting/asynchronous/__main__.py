"""`python -m local.hosting.asynchronous --home HOME`: answers asynchronous requests until none is left."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from local.hosting.asynchronous.answering import run
from local.store.home import Home
from local.store.store import Store


def main() -> None:
    """Answer what waits in the home that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m local.hosting.asynchronous", allow_abbrev=False)
    parser.add_argument("--home", type=Path, required=True)
    given = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    run(Store(Home(given.home.absolute())))


if __name__ == "__main__":
    main()

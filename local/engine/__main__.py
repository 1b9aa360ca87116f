"""`python -m local.engine --home HOME EXECUTION_ARN`: runs one execution, as its owner."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from local.engine.run import NotOwnedError, run
from local.store.home import Home
from local.store.store import Store

USAGE = "usage: python -m local.engine --home HOME EXECUTION_ARN"
_WORDS = 3


def main(words: list[str]) -> int:
    """Run the execution that the command line names; the exit code is 0 when it ended well."""
    if len(words) != _WORDS or words[0] != "--home":
        sys.stderr.write(f"{USAGE}\n")
        return 2
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    try:
        status = run(Store(Home(Path(words[1]).absolute())), words[2])
    except NotOwnedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if status == "Succeeded" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

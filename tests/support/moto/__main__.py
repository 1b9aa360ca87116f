"""Serves until it is stopped: `python -m tests.support.moto ACCOUNT`. Its first line of output is its address."""

from __future__ import annotations

import os
import sys


def main(account: str) -> None:
    """Serve the account on a free port of the loopback interface."""
    os.environ["MOTO_ACCOUNT_ID"] = account
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"  # AWS's own, which the bootstrap stack attaches
    from tests.support.moto.serving import serve  # noqa: PLC0415 - moto reads these when it is imported

    serve()


if __name__ == "__main__":
    main(sys.argv[1])

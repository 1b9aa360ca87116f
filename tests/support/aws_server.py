"""AWS by moto behind a port, for programs that are run as they are, with the real AWS CLI."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLI = Path(sys.executable).parent


@contextmanager
def aws_server() -> Iterator[dict[str, str]]:
    """Serve AWS until the block ends; give an environment that makes clients ask it, with the AWS CLI on its path."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - slow to import

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "PATH": os.pathsep.join([str(CLI), "/usr/local/bin", os.defpath]),
        }
    finally:
        server.stop()

"""`sageline serve`: the laptop's AWS on a port, for the AWS CLI, boto3 and every other client."""

from __future__ import annotations

from pathlib import Path

import click

from cli import options
from cli.errors import CommandError

PORT = 4600
CREDENTIALS = "AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any"


@click.command(
    "serve",
    epilog="\b\nExample:\n  sageline serve\n  aws sagemaker list-pipelines --endpoint-url http://127.0.0.1:4600",
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option(
    "--open-to-network",
    is_flag=True,
    help="Allow an ADDRESS that others can reach. Nobody is asked for a password: they could run code as you.",
)
@options.home
def command(port: int, host: str, open_to_network: bool, home: Path | None) -> int:
    """Answer the AWS CLI, boto3 and other clients on a port, until Ctrl-C or SIGTERM.

    Signatures are not checked, so any credentials do; clients need some, and a region. What endpoints are asked is told
    here every few seconds, and at /metrics for Prometheus.
    """
    from local.api.http.server import AddressError, listen, serve, url_of  # noqa: PLC0415 - --help does without
    from local.hosting.telling import tell_requests  # noqa: PLC0415
    from local.store.database import StateError  # noqa: PLC0415
    from local.store.home import Home  # noqa: PLC0415
    from local.store.store import Store  # noqa: PLC0415

    try:
        listening = listen(host, port, open_to_network=open_to_network)
    except AddressError as error:
        raise CommandError(str(error)) from error
    where = Home.find(home)
    with listening:
        url = url_of(listening)
        click.echo(f"{url} answers for {where.root}. For clients:")
        click.echo(f"  export AWS_ENDPOINT_URL={url} {CREDENTIALS}")
        try:
            tell_requests(Store(where), click.echo)
            serve(where, listening, open_to_network=open_to_network)
        except StateError as error:
            raise CommandError(str(error)) from error
    return 0

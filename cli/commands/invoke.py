"""`sageline invoke`: rows in, predictions out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options
from cli.errors import CommandError, writing
from cli.model_errors import refused

if TYPE_CHECKING:
    from cli.session import Session

EXAMPLES = """\b
Examples:
  sageline invoke breast_cancer rows.csv --accept application/json
  sageline invoke breast_cancer many.csv --async --wait 3600 --env dev -o answers.csv"""


@click.command("invoke", epilog=EXAMPLES)
@click.argument("endpoint", metavar="ENDPOINT")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--accept", help="The type of the predictions.  [default: text/csv for CSV, else application/json]")
@click.option("--content-type", help="Send the file as it is, as of this type, in one request.")
@click.option("--variant", help="The variant to ask.  [default: chosen by the variants' weights]")
@click.option(
    "--candidate",
    is_flag=True,
    help="Ask what the pipeline of the problem deployed, even where another is live.",
)
@click.option("--async", "later", is_flag=True, help="Ask an asynchronous endpoint, and wait for its answer in S3.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=900.0,
    show_default=True,
    metavar="SECONDS",
    help="With --async: how long to wait.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the predictions there.")
@options.environment
@options.home
def command(
    endpoint: str,
    file: Path,
    accept: str | None,
    content_type: str | None,
    variant: str | None,
    candidate: bool,
    later: bool,
    wait: float,
    output: Path | None,
    environment: str | None,
    home: Path | None,
) -> int:
    """Send the rows in a file to an endpoint, and print its predictions.

    ENDPOINT is an endpoint's name, or a problem's whose endpoint was deployed. FILE holds CSV (any separator, with a
    header or with all columns in their order), JSON, or JSON Lines; - reads standard input. With --async the rows go to
    S3, and where their answers will lie is said at once: who does not wait finds them there.
    """
    if later and variant:
        message = "Asynchronous requests go to no variant by name. Leave out --variant."
        raise CommandError(message)
    # boto3 is slow to import; --help does without.
    from cli import asynchronous  # noqa: PLC0415
    from cli.aws_errors import sentences  # noqa: PLC0415
    from cli.rows import CSV, JSON, bodies, kind_of, merged  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415

    content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    kind = content_type or kind_of(file.name, content)
    accept = accept or (CSV if kind == CSV else JSON)
    requests: Any = [(content, content_type)] if content_type else bodies(content, kind)
    session = open_session(home, environment)
    with sentences():
        name = find_endpoint(session, endpoint, candidate=candidate)
        if later:
            asked = asynchronous.ask(session, name, list(requests), accept)
            for each in asked:
                click.echo(f"The answer lies at {each.answer} once it is there.", err=True)
            answers = asynchronous.answers(session, name, asked, wait)
        else:
            extra = {"TargetVariant": variant} if variant else {}
            answers = [_ask(session, name, body, of_type, accept, extra) for body, of_type in requests]
    text = merged(answers, accept)
    if output is None:
        click.echo(text, nl=False)
    else:
        with writing(output):
            output.write_text(text, encoding="utf-8")
    return 0


def find_endpoint(session: Session, wanted: str, *, candidate: bool) -> str:
    """Return the endpoint of that name, or of the problem of that name; its ``candidate`` alone where that is asked."""
    from cli.models import LIVE, group_name  # noqa: PLC0415

    pages = session.sagemaker.get_paginator("list_endpoints").paginate()
    names = [each["EndpointName"] for page in pages for each in page["Endpoints"]]
    own = group_name(wanted)
    # What was approved comes before a pipeline's candidate.
    for name in [own] if candidate else [wanted, f"{LIVE}{own}", own]:
        if name in names:
            return name
    there = f"There are {', '.join(sorted(names))}." if names else "There is none yet."
    message = (
        f"There is no endpoint {wanted!r}. {there} `sageline run {wanted} -p DeployEndpoint=true{session.words}` "
        "deploys a problem's."
    )
    raise CommandError(message)


def _ask(session: Session, name: str, body: str | bytes, content_type: str, accept: str, extra: dict[str, str]) -> str:
    runtime = session.runtime
    try:
        answer = runtime.invoke_endpoint(EndpointName=name, Body=body, ContentType=content_type, Accept=accept, **extra)
    except runtime.exceptions.ModelError as error:
        response: Any = error.response
        text = response.get("OriginalMessage") or response["Error"].get("Message", "")
        raise refused(name, int(response.get("OriginalStatusCode", 500)), str(text)) from None
    except runtime.exceptions.ClientError as error:
        if error.response["Error"].get("Code") == "ValidationError" and _is_asynchronous(session, name):
            message = f"The endpoint {name} is asynchronous. Add --async."
            raise CommandError(message) from None
        raise
    return answer["Body"].read().decode("utf-8", "replace")


def _is_asynchronous(session: Session, name: str) -> bool:
    return "AsyncInferenceConfig" in session.sagemaker.describe_endpoint(EndpointName=name)

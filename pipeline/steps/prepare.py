"""Prepare: the table becomes features for training, validation and test, and a profile of the data."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.functions import Join

from config.preparation import settings_arguments
from pipeline import names
from pipeline.arguments import option, options
from pipeline.processing import INPUT, OUTPUT, Program, processing_step
from pipeline.site import Site


def build(site: Site) -> Any:
    """Return the step."""
    program = Program(
        "processing_scripts.prepare",
        arguments=[*arguments(site, "data"), *like(site)],
        inputs={"data": site.parameters.input_data_uri, **earlier(site)},
        outputs=site.outputs_of(names.PREPARE),
    )
    return processing_step(
        site,
        names.PREPARE,
        program,
        display_name="Prepare the data",
        description="Splits the rows 80/10/10, fits the features on the training rows alone, and profiles the data.",
    )


def arguments(site: Site, source: str) -> list[Any]:
    """Return what the problem says, for a program that reads the input `source`."""
    problem = site.problem
    # Versions come from S3 and may start with a dash, so this value is tied to its option.
    version = Join(on="", values=["--data-version=", site.parameters.data_version])
    return [
        *("--input", f"{INPUT}/{source}", "--output", OUTPUT),
        *option("--target", problem.target),
        *("--kind", problem.kind, "--metric", problem.metric),
        *(option("--positive", problem.positive) if problem.positive is not None else ()),
        *options("--drop", problem.drop),
        *options("--missing", problem.missing),
        *("--seed", site.parameters.seed.to_string(), version),
        *table_format(site),
        *settings_arguments(problem),
        *(["--raw"] if site.automl else []),
    ]


def earlier(site: Site) -> dict[str, Any]:
    """Return the input that holds the model that training goes on from, where the problem names one."""
    uri = site.parameters.continue_from_uri
    return {} if uri is None else {"earlier": uri}


def like(site: Site) -> list[str]:
    """Return the argument that has rows prepared as those of the earlier model, whose trees fit no others."""
    return [word for name in earlier(site) for word in ("--like", f"{INPUT}/{name}")]


def table_format(site: Site) -> list[str]:
    """Return what the problem says about a table that would otherwise be detected."""
    table = site.problem.format
    if table is None:
        return []
    header = {True: ["--header"], False: ["--no-header"], None: []}[table.header]
    return [*header, *(option("--delimiter", table.delimiter) if table.delimiter is not None else ())]

"""Where everything lies: outputs, jobs, logs, and the names under which AWS knows them."""

from __future__ import annotations

from cli.report import values
from cli.report.markup import Content, Html, tag
from cli.report.material import Material
from cli.report.sections.parts import cell, command, job_name, section, table
from cli.report.wording import clip

_MOST_ROWS = 500
_NAMES = (
    ("execution", "Execution"),
    ("pipeline", "Pipeline"),
    ("model_package", "Model package"),
    ("endpoint", "Endpoint"),
)


def places(material: Material) -> Html | None:
    """List the execution's own name, every output of every step, and how to read the logs."""
    steps = values.mappings(material.execution.get("steps"))
    rows: list[list[Content]] = []
    for field, label in _NAMES:
        if name := values.text(material.execution.get(field)):
            rows.append([label, "", tag("code", cell(name))])
    for step in steps:
        title = clip(values.text(step.get("name")), 80)
        if name := job_name(step):
            rows.append([title, "job", tag("code", cell(name))])
        for output, uri in values.mapping(step.get("outputs")).items():
            rows.append([title, clip(output, 80), tag("code", cell(values.text(uri)))])
    jobs = [values.text(step.get("name")) for step in steps if job_name(step)]
    identifier = clip(values.text(material.execution.get("execution_id")), 300)
    logs = (
        [tag("p", "The log of a step:"), command(f"sageline logs {identifier} {clip(jobs[0], 100)}")] if jobs else None
    )
    return section(
        "places", "Where everything lies", table(("Of", "What", "Where"), rows[:_MOST_ROWS], "stacked"), logs
    )

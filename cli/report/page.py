"""The page of a report: its sections in order, its style, and nothing that is fetched from anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cli.report.markup import Html, markup, tag
from cli.report.material import Material
from cli.report.sections.data import data
from cli.report.sections.evaluation import evaluation
from cli.report.sections.explanation import explanation
from cli.report.sections.gate import gate
from cli.report.sections.headline import headline, name
from cli.report.sections.parameters import image_differences, notes, parameters
from cli.report.sections.pipeline import pipeline
from cli.report.sections.places import places
from cli.report.sections.search import search
from cli.report.sections.slices import slices
from cli.report.sections.training import training

# Even if something hostile came through the escaping, a browser would neither run it nor fetch anything for it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SECTIONS = (
    pipeline,
    gate,
    search,
    training,
    evaluation,
    slices,
    explanation,
    data,
    parameters,
    places,
    image_differences,
    notes,
)


def render(material: Material) -> str:
    """Return the report as one HTML page; the same material gives the same bytes."""
    parts = [part for build in _SECTIONS if (part := build(material)) is not None]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", f"{name(material.execution)}: Sageline execution report"),
        tag("style", Html(_style())),
    )
    body = tag("body", tag("main", headline(material), "\n", [markup(part, "\n") for part in parts]))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")

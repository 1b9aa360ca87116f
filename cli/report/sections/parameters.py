"""Parameters of the execution, and where the laptop differed from the container image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cli.report import values
from cli.report.markup import Content, Html, tag
from cli.report.material import Material
from cli.report.sections.parts import cell, section, table

_MOST_ROWS = 300


def parameters(material: Material) -> Html | None:
    """List parameters with the values that the execution used."""
    given = values.mapping(material.execution.get("parameters"))
    rows = [(cell(name), tag("code", cell(values.text(value)))) for name, value in list(given.items())[:_MOST_ROWS]]
    return section("parameters", "Parameters", table(("Parameter", "Value"), rows, "plain"))


def image_differences(material: Material) -> Html | None:
    """List what differed from the container image that the steps run in on AWS."""
    given = values.items(material.execution.get("image_differences"))[:_MOST_ROWS]
    written = [_sentence(difference) for difference in given]
    listed = tag("ul", [tag("li", cell(sentence)) for sentence in written if sentence])
    intro = tag("p", "The steps ran beside these differences from the container image that runs them on AWS:")
    return section("image", "Differences from the image", [intro, listed] if any(written) else None)


def _sentence(difference: object) -> str:
    if isinstance(difference, Mapping):
        return ", ".join(f"{name} {values.text(value)}" for name, value in difference.items())
    if isinstance(difference, list):
        return " ".join(map(values.text, difference))
    return values.text(difference)


def notes(material: Material) -> Html | None:
    """List what exists and could not be shown."""
    listed: Sequence[Content] = [tag("li", cell(note)) for note in material.notes]
    return section("notes", "Not shown", tag("ul", listed) if listed else None)

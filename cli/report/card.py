"""The model card of a registered version as a page of Markdown: purpose, measures, limits, how to make it again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.report import judgement, profile, quality, values
from cli.report.material import Material
from cli.report.wording import clip, metric_name, scores_apart, whole

_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~&])")
_OF_NO_EFFECT = frozenset({"ModelApprovalStatus", "DeployEndpoint"})
_MOST_COLUMNS = 12


def markdown(material: Material, package: Mapping[str, Any]) -> str:
    """Return the page for a version that ``DescribeModelPackage`` describes; the same model gives the same text."""
    given = _content(package)
    parts = [
        f"# Model card: {_plain(_version(package))}",
        _plain(values.text(package.get("ModelPackageDescription")), 1_100),
        *_section("Purpose", _purpose(given)),
        *_section("Data", _data(material)),
        *_section("Measures on the test rows", _measures(material)),
        *_section("Groups", _groups(material)),
        *_section("What it looks at", _explained(material)),
        *_section("Limits", _limits(material, given)),
        *_section("Make it again", _again(material, given)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _content(package: Mapping[str, Any]) -> Mapping[str, Any]:
    raw = values.text(values.mapping(package.get("ModelCard")).get("ModelCardContent"))
    try:
        return values.mapping(json.loads(raw)) if raw else {}
    except (ValueError, RecursionError):
        return {}


def _section(heading: str, lines: Iterator[str]) -> list[str]:
    found = "\n".join(lines)
    return [f"## {heading}", found] if found else []


def _purpose(given: Mapping[str, Any]) -> Iterator[str]:
    uses = values.mapping(given.get("intended_uses"))
    for field, title in (
        ("intended_uses", "Use"),
        ("factors_affecting_model_efficiency", "Works less well for"),
        ("risk_rating", "Risk"),
    ):
        if text := values.text(uses.get(field)):
            yield f"- {title}: {_plain(text, 2_048)}"


def _data(material: Material) -> Iterator[str]:
    rows = values.count(material.profile.get("rows"))
    if rows is None:
        return
    names = [column.name for column in profile.columns(material.profile)]
    yield f"- {whole(rows)} rows, {len(names)} columns; target {_plain(profile.target(material.profile).name)}"
    parts = [f"{_plain(name)} {whole(count)}" for name, count in profile.splits(material.profile)]
    if parts:
        yield f"- Rows by use: {', '.join(parts)}"
    classes = [f"{_plain(name)} {whole(count)}" for name, count in profile.target(material.profile).classes[:20]]
    if classes:
        yield f"- Classes: {', '.join(classes)}"
    for note in profile.notes(material.profile):
        yield f"- {_plain(note, 400)}"


def _measures(material: Material) -> Iterator[str]:
    models = {name: quality.metrics(material, name) for name in judgement.MODELS}
    shown = [name for name, found in models.items() if found]
    if not shown:
        return
    titles = {"candidate": "This model", "baseline": "Baseline", "champion": "Approved before"}
    yield _row(["Metric", "95 % interval", *(titles[name] for name in shown)])
    yield _row(["---"] * (len(shown) + 2))
    for metric in models[shown[0]]:
        sure = judgement.interval(material, "candidate", metric)
        cells = [scores_apart(models[name][metric])[0] if metric in models[name] else "–" for name in shown]
        yield _row([_plain(metric_name(metric)), " to ".join(scores_apart(*sure)) if sure else "–", *cells])
    judged = quality.gate(material)
    if judged is not None and judged.threshold is not None:
        bound = "at least" if judged.at_least else "at most"
        yield f"\nRegistered because {_plain(metric_name(judged.metric))} is {bound} {judged.threshold:g}."
    decision = values.mapping(material.details.get("decision"))
    threshold = values.number(decision.get("threshold"))
    if threshold is not None:
        rule = _plain(values.text(decision.get("rule")))
        yield f"A row is called positive from a score of {threshold:.4g} on (by {rule})."


def _groups(material: Material) -> Iterator[str]:
    for found in judgement.slices(material, values.text(material.details.get("metric"))):
        small = [_plain(name) for name, _, uncertain, _ in found.rows if uncertain]
        yield (
            f"- {_plain(found.column)}: "
            + "; ".join(
                f"{each.name} {scores_apart(each.value)[0]}, from {_plain(each.lowest)} up to {_plain(each.highest)}"
                for each in found.disparities
            )
            + (f". Uncertain, as small: {', '.join(small)}" if small else "")
        )


def _explained(material: Material) -> Iterator[str]:
    for name, mean, _ in judgement.permutation(material)[:_MOST_COLUMNS]:
        metric = _plain(metric_name(values.text(material.details.get("metric"))))
        yield f"- {_plain(name)}: {metric} loses {mean:.3g} where its values are dealt out anew"


def _limits(material: Material, given: Mapping[str, Any]) -> Iterator[str]:
    for caution in judgement.cautions(material):
        yield f"- {_plain(caution, 600)}"
    more = values.mapping(given.get("additional_information"))
    for field in ("ethical_considerations", "caveats_and_recommendations"):
        if text := values.text(more.get(field)):
            yield f"- {_plain(text, 2_048)}"


def _again(material: Material, given: Mapping[str, Any]) -> Iterator[str]:
    more = values.mapping(values.mapping(given.get("additional_information")).get("custom_details"))
    if text := values.text(more.get("reproduce")):
        yield _plain(text, 600)
    parameters = values.mapping(material.execution.get("parameters"))
    lines = [
        f"    {clip(name, 80)}={clip(values.text(value), 400)}"
        for name, value in parameters.items()
        if name not in _OF_NO_EFFECT
    ]
    if lines:
        yield "\n".join(["", *lines])
    arn = values.text(material.execution.get("execution"))
    if arn:
        yield f"\nExecution: {_plain(arn, 300)}"


def _version(package: Mapping[str, Any]) -> str:
    arn = values.text(package.get("ModelPackageArn"))
    return arn.partition(":model-package/")[2] or arn


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str, most: int = 120) -> str:
    """Return text that Markdown shows as it stands, on one line."""
    return _MARKS.sub(r"\\\1", clip(text, most))

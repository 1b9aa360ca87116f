from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from cli.report import Material, render
from tests.cli.report import examples
from tests.cli.report.examples import Page, material

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;\x00\x1b[31m\ud800\u202e" + "漢字" * 400
NAN, INFINITY = float("nan"), float("inf")

KINDS = {
    "binary": material(),
    "multiclass": material(details=examples.MULTICLASS, gate={"metric": "accuracy", "value": 0.9, "baseline": 0.9}),
    "regression": material(
        details=examples.REGRESSION,
        gate={"metric": "rmse", "value": 2, "baseline": 2.5, "threshold_direction": "at_most"},
        profile={
            **examples.PROFILE,
            "target": {"name": "size", "distribution": {"histogram": {"edges": [1, 2, 3], "counts": [4, 5]}}},
        },
    ),
    "tuned": material(searches=(examples.tuning(),)),
    "failed in Prepare": Material(examples.failed_in_prepare("The file is empty."), {}, {}, {}, {}),
    "nothing known": Material({}, {}, {}, {}, {}),
}
CHARTS = {
    "binary": {"confusion-title", "roc-title", "gate-line-title", "learning-1-title", "graph-across-title"},
    "multiclass": {"confusion-title", "gate-line-title", "learning-1-title"},
    "regression": {"predicted-actual-title", "residuals-title", "target-title", "gate-line-title"},
    "tuned": {"trials-1-title", "confusion-title"},
    "failed in Prepare": {"graph-across-title", "graph-down-title"},
    "nothing known": set[str](),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_run_gives_a_well_formed_page_with_its_charts(kind: str) -> None:
    page = Page(render(KINDS[kind]))
    assert page.ids() >= CHARTS[kind]
    assert {"html", "head", "title", "body", "main", "h1"} <= page.names()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fetches_nothing_and_runs_nothing(kind: str) -> None:
    written = render(KINDS[kind])
    page = Page(written)
    assert page.names().isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base", "form", "image"})
    for name, attributes in page.elements:
        assert {"src", "srcset", "xlink:href", "action", "data"}.isdisjoint(attributes), name
        assert attributes.get("href", "#").startswith("#")
        assert not any(attribute.startswith("on") for attribute in attributes), name
    assert "@import" not in written
    assert {found for found in re.findall(r"url\(([^)]*)\)", written) if not found.startswith("#")} == set()
    policy = [attributes["content"] for name, attributes in page.elements if "http-equiv" in attributes]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]


def test_arrows_point_at_markers_that_exist() -> None:
    page = Page(render(material()))
    ends = {attributes["marker-end"] for _, attributes in page.elements if "marker-end" in attributes}
    assert ends == {"url(#graph-across-arrow)", "url(#graph-down-arrow)"}
    assert page.ids() >= {"graph-across-arrow", "graph-down-arrow"}


def test_the_same_material_gives_the_same_bytes() -> None:
    assert render(material()) == render(material())


def test_pictures_are_named_for_those_who_cannot_see_them() -> None:
    page = Page(render(material()))
    pictures = [attributes for name, attributes in page.elements if name == "svg" and attributes.get("role") == "img"]
    assert len(pictures) > 6
    described = [attributes["aria-labelledby"].split() for attributes in pictures if "aria-labelledby" in attributes]
    assert len(described) > 4
    assert {name for names in described for name in names} <= page.ids()
    others = [attributes for name, attributes in page.elements if name == "svg" and attributes.get("role") != "img"]
    assert all(attributes.get("aria-hidden") == "true" for attributes in others)


def test_cells_say_what_they_head() -> None:
    heads = [attributes for name, attributes in Page(render(material())).elements if name == "th"]
    assert len(heads) > 20
    assert all(attributes.get("scope") in ("col", "row") for attributes in heads)


def test_classes_of_marks_are_known_to_the_style_sheet() -> None:
    pages = [render(KINDS[kind]) for kind in ("binary", "regression", "tuned")]
    style = pages[0][pages[0].index("<style>") : pages[0].index("</style>")]
    used = {name for page in pages for name in Page(page).classes()}
    assert used >= {"candidate", "baseline", "dots", "cell", "node", "trial"}
    unstyled = {name for name in used if f".{name}" not in style}
    assert unstyled == set()


def poisoned(value: Any) -> Any:
    """Return the value with every text in it replaced by a hostile one, names of known members kept."""
    if isinstance(value, dict):
        return {key: poisoned(inner) for key, inner in value.items()} | {HOSTILE: HOSTILE}
    if isinstance(value, list):
        return [poisoned(inner) for inner in value]
    return HOSTILE if isinstance(value, str) else value


def test_hostile_text_is_shown_as_text_wherever_it_stands() -> None:
    execution = poisoned(examples.execution(image_differences=["x"], failure_reason="x"))
    execution["steps"][0]["name"] = "Prepare"
    hostile = Material(
        execution,
        poisoned(examples.PROFILE),
        {},
        poisoned(examples.GATE),
        poisoned(examples.BINARY),
        (HOSTILE,),
        (examples.tuning(HOSTILE),),
    )
    written = render(hostile)
    written.encode("utf-8")
    page = Page(written)
    assert page.names().isdisjoint({"script", "img"})
    assert page.text.count("<script>alert(1)</script>") > 20
    assert not re.search("[\x00\x1b\u202e]", written)
    longest = max(len(part) for part in page.text.split())
    assert longest < 1000


@pytest.mark.parametrize(
    "wrong", [None, [], {}, "x", -1, NAN, INFINITY, [[]], {"a": [None]}, True, pytest.param(10**400, id="huge")]
)
def test_wrong_values_anywhere_never_break_the_page(wrong: object) -> None:
    empty = {"execution": examples.execution(steps=[]), "profile": {}, "evaluation": {}, "gate": {}, "details": {}}
    whole = {
        "execution": examples.execution(steps=[examples.step("A", "Training", metrics={"train:a": [[1, 2], [3, 4]]})]),
        "profile": examples.PROFILE,
        "gate": examples.GATE,
        "details": {**examples.BINARY, **examples.REGRESSION, "labels": ["no", "yes"]},
    }
    for field, content in whole.items():
        for number, broken in enumerate(mutations(content, wrong)):
            written = render(Material(**{**empty, field: broken}))
            if number % 3 == 0:  # elements are closed by what writes them; reading a page takes twice its writing
                Page(written)


def mutations(value: Any, wrong: object) -> list[Any]:
    """Return copies of a nested value, each with one of its parts replaced."""
    if isinstance(value, dict):
        found = [{**value, key: wrong} for key in value]
        deeper = [{**value, key: inner} for key in value for inner in mutations(value[key], wrong)]
        return found + deeper
    if isinstance(value, list):
        return (
            [[*inner, *value[1:]] for inner in ([mutation] for mutation in mutations(value[0], wrong))] if value else []
        )
    return [wrong]


def test_many_columns_and_classes_stay_bounded() -> None:
    columns = [{**examples.PROFILE["columns"][0], "name": f"column {index}"} for index in range(700)]
    labels = [f"class {index}" for index in range(300)]
    matrix = [[5 if row == column else int(column == row + 1) for column in range(300)] for row in range(300)]
    written = render(
        material(
            profile={
                **examples.PROFILE,
                "columns": columns,
                "target": {"distribution": {"classes": dict.fromkeys(labels, 2)}},
            },
            details={**examples.MULTICLASS, "labels": labels, "confusion_matrix": matrix},
        )
    )
    page = Page(written)
    assert len(written) < 1_000_000
    assert "460 more columns" in page.text
    assert "200 more columns in profile.json." in page.text
    assert "the 15 largest of 300 classes" in page.text
    assert "The 12 classes found least often, of 300" in page.text
    assert "A matrix of 300 classes is not drawn." in page.text


def test_making_a_page_loads_nothing_heavy() -> None:
    code = (
        "import sys; from cli.report import Material, render; render(Material({}, {}, {}, {}, {})); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "cli" in loaded
    assert loaded.isdisjoint({"boto3", "botocore", "jinja2", "matplotlib", "numpy", "pandas", "pydantic", "sagemaker"})

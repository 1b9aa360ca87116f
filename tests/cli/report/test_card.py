from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli.report import write
from cli.report.card import markdown
from cli.report.writing import card_path
from tests.cli.report import examples
from tests.cli.report.examples import material

CARD = {
    "intended_uses": {"intended_uses": "Predicts species.", "risk_rating": "Unknown"},
    "additional_information": {
        "ethical_considerations": "Not measured in groups.",
        "custom_details": {"reproduce": "sageline run flowers"},
    },
}
PACKAGE: dict[str, Any] = {
    "ModelPackageArn": "arn:aws:sagemaker:eu-west-1:000000000000:model-package/sageline-flowers/3",
    "ModelPackageDescription": "Tell flowers apart.",
    "ModelCard": {"ModelCardContent": json.dumps(CARD), "ModelCardStatus": "Draft"},
}
DETAILS = {
    **examples.BINARY,
    "intervals": {"candidate": {"auc": {"low": 0.9, "high": 0.99}}},
    "cautions": ["There are only 60 test rows."],
    "decision": {"threshold": 0.25, "rule": "cost", "rows": 600},
    "explanations": {"permutation": [{"column": "petal_width", "mean": 0.3, "standard_deviation": 0.01}]},
}


def test_a_card_says_what_for_how_good_how_sure_and_how_to_make_it_again() -> None:
    found = markdown(material(details=DETAILS), PACKAGE)
    for words in (
        "# Model card: sageline-flowers/3",
        "Tell flowers apart.",
        "- Use: Predicts species.",
        "- 600 rows, 3 columns; target species",
        "| AUC | 0.9000 to 0.9900 | 0.9500 | 0.9300 |",
        "Registered because AUC is at least 0.9.",
        "called positive from a score of 0.25 on (by cost)",
        "- petal\\_width: AUC loses 0.3",
        "- There are only 60 test rows.",
        "- Not measured in groups.",
        "sageline run flowers",
        "    Seed=7",
    ):
        assert words in found
    assert found == markdown(material(details=DETAILS), PACKAGE)


def test_a_package_of_somebody_elses_has_a_card_of_what_is_known() -> None:
    for content in ("", "no JSON", "[1]", '{"intended_uses": 3, "additional_information": {"custom_details": []}}'):
        package = {**PACKAGE, "ModelCard": {"ModelCardContent": content}}
        found = markdown(material(execution={}, profile={}, gate={}, details={}), package)
        assert found == "# Model card: sageline-flowers/3\n\nTell flowers apart.\n"


def test_no_text_becomes_markup() -> None:
    hostile = "<script>alert(1)</script> [x](javascript:y) | `z`\n# heading"
    found = markdown(
        material(details={**DETAILS, "cautions": [hostile]}), {**PACKAGE, "ModelPackageDescription": hostile}
    )
    assert "<script>" not in found
    assert "[x](" not in found
    assert "\n# heading" not in found


class Registry:
    """Answers about one version, as a SageMaker client does."""

    def describe_model_package(self, ModelPackageName: str) -> Any:  # noqa: N803 - boto3's own spelling
        assert ModelPackageName == examples.execution()["model_package"]
        return PACKAGE


def test_the_card_is_written_beside_the_report(tmp_path: Path) -> None:
    class Nothing:
        def get_object(self, **_: str) -> Any:
            from botocore.exceptions import ClientError  # noqa: PLC0415

            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")

    path = write(Nothing(), examples.execution(), tmp_path / "run.html", Registry())  # type: ignore[arg-type]
    assert card_path(path).read_text(encoding="utf-8").startswith("# Model card: sageline-flowers/3")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["run-model-card.md", "run.html"]

from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, found, get, join, processing, property_file, training

RULE = "property-files"
PLACE = "Steps[0].PropertyFiles[0]"


def files(*entries: Any) -> Any:
    return definition(processing(PropertyFiles=list(entries)))


def expressed() -> Any:
    raw = processing(PropertyFiles=[property_file(output="other")])
    raw["Arguments"]["ProcessingOutputConfig"]["Outputs"][0]["OutputName"] = join(get("Execution.PipelineName"))
    return definition(raw)


def no_outputs() -> Any:
    raw = processing(PropertyFiles=[property_file()])
    raw["Arguments"].pop("ProcessingOutputConfig")
    return definition(raw)


CASES = [
    (
        files(property_file(output="tarin")),
        f"{PLACE}.OutputName (step Prepare)",
        "The step Prepare declares no output 'tarin'. Did you mean 'train'?",
    ),
    (
        no_outputs(),
        f"{PLACE}.OutputName (step Prepare)",
        "declares no output 'train'. Declare a processing output, or remove this.",
    ),
    (files({"PropertyFileName": "F", "OutputName": "train"}), f"{PLACE}.FilePath (step Prepare)", "has no FilePath."),
    (files({"PropertyFileName": "F", "FilePath": "f"}), f"{PLACE}.OutputName (step Prepare)", "has no OutputName."),
    (
        definition(training(PropertyFiles=[property_file()])),
        f"{PLACE} (step Train)",
        "A step of type Training has no processing outputs, so it cannot have property files.",
    ),
]
SOUND = [files(property_file()), expressed(), definition(processing())]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []

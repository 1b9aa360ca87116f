"""`deploy.container`: Sageline's own image, by its name and tag."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import load_problem
from config.errors import ConfigurationError
from tests.pipeline.inputs import problem

PROBLEM = """\
goal: Tell one thing from another.
data: table.csv
target: outcome
kind: binary
metric: auc
threshold: 0.9
deploy:
  container: {container}
"""


def written(folder: Path, container: str, more: str = "") -> Path:
    path = folder / "words.yaml"
    path.write_text(PROBLEM.format(container=container) + more, encoding="utf-8")
    return path


def test_it_is_named_with_its_tag(tmp_path: Path) -> None:
    assert problem().deploy.container is None
    assert load_problem(written(tmp_path, "sageline-serving:26.1-a")).deploy.container == "sageline-serving:26.1-a"


@pytest.mark.parametrize(
    "container",
    ["sageline-serving", "other:1", "111122223333.dkr.ecr.eu-central-1.amazonaws.com/sageline-serving:1", "x:"],
)
def test_another_image_is_a_mistake_with_its_fix(tmp_path: Path, container: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_problem(written(tmp_path, f'"{container}"'))
    (found,) = raised.value.mistakes
    assert found.path == "deploy.container"
    assert found.message == f"`{container}` is not the image that `make image` builds."
    assert found.fix.startswith("Write `sageline-serving:` and the tag it was pushed with")


def test_automl_has_images_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_problem(written(tmp_path, "sageline-serving:1", "model: auto\n"))
    (found,) = raised.value.mistakes
    assert (found.path, found.fix) == ("deploy.container", "Remove it, or remove `model: auto`.")

"""Images, told by their names."""

from __future__ import annotations

import pytest

from local.jobs.images import read_image


@pytest.mark.parametrize(
    ("uri", "repository", "version"),
    [
        ("246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.0-1-cpu-py3", "sagemaker-xgboost", (1, 0)),
        ("811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1", "xgboost", (0, 72)),
        ("1.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3", "sagemaker-scikit-learn", (0, 23)),
        ("x.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training@sha256:0", "pytorch-training", (99, 0)),
        ("localhost:5000/mine", "mine", (99, 0)),
    ],
)  # fmt: skip
def test_account_and_region_do_not_count(uri: str, repository: str, version: tuple[int, int]) -> None:
    image = read_image(uri)

    assert (image.repository, image.version) == (repository, version)


def test_a_framework_that_is_not_here_is_named_with_what_to_install() -> None:
    found = read_image("763104351884.dkr.ecr.us-east-1.amazonaws.com/mxnet-training:1.9.0-cpu-py38").missing_framework()

    assert found == (
        "runs in mxnet-training:1.9.0-cpu-py38, and MXNet is not installed here; install mxnet beside Sageline "
        "(uv pip install --python .venv mxnet), or make an environment of its own for the image (SAGELINE_IMAGES)."
    )
    assert read_image("a/sagemaker-scikit-learn:1.2-1").missing_framework() is None


def test_algorithms_of_images_alone_are_known() -> None:
    assert read_image("382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1").algorithm == "linear-learner"
    assert read_image("a/b/mine:1").algorithm is None

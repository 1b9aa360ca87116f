from __future__ import annotations

import pytest

from pipeline.images import neo_image, xgboost_image
from pipeline.offline import offline


@pytest.mark.parametrize(
    ("region", "uri"),
    [
        ("us-east-1", "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0"),
        ("eu-central-1", "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:3.2-0"),
        ("cn-north-1", "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:3.2-0"),
    ],
)
def test_each_region_has_its_own_registry(region: str, uri: str) -> None:
    with offline(region):
        assert xgboost_image(region) == uri


@pytest.mark.parametrize(
    ("region", "uri"),
    [
        ("us-west-2", "301217895009.dkr.ecr.us-west-2.amazonaws.com/xgboost-neo:latest"),
        ("cn-north-1", "472730292857.dkr.ecr.cn-north-1.amazonaws.com.cn/xgboost-neo:latest"),
    ],
)
def test_neos_own_image_has_registries_of_its_own(region: str, uri: str) -> None:
    with offline(region):
        assert neo_image(region) == uri

from __future__ import annotations

import re
from typing import Any

import pytest

from local.functions.patterns import PatternError, any_matches, check, matches

EVENT: dict[str, Any] = {
    "source": "aws.sagemaker",
    "detail-type": "SageMaker Model Package State Change",
    "resources": ["arn:one", "arn:two"],
    "detail": {
        "ModelApprovalStatus": "Approved",
        "ModelPackageVersion": 3,
        "CertifyForMarketplace": False,
        "nothing": None,
        "address": "10.0.3.7",
        "containers": [{"image": "a:1"}, {"image": "b:2"}],
    },
}


def detail(**members: Any) -> dict[str, Any]:
    return {"detail": members}


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ({"source": ["aws.sagemaker"]}, True),
        ({"source": ["aws.s3", "aws.sagemaker"]}, True),
        ({"source": ["aws.s3"]}, False),
        ({"source": ["aws.sagemaker"], "detail-type": ["Other"]}, False),
        ({"resources": ["arn:two"]}, True),
        ({"resources": [{"prefix": "arn:t"}]}, True),
        ({"resources": ["arn:three"]}, False),
        (detail(ModelApprovalStatus=["Approved"]), True),
        (detail(ModelPackageVersion=[3.0]), True),
        (detail(ModelPackageVersion=["3"]), False),
        (detail(CertifyForMarketplace=[False]), True),
        (detail(CertifyForMarketplace=[0]), False),
        (detail(nothing=[None]), True),
        (detail(ModelApprovalStatus=[{"prefix": "App"}]), True),
        (detail(ModelApprovalStatus=[{"prefix": "app"}]), False),
        (detail(ModelApprovalStatus=[{"prefix": {"equals-ignore-case": "APP"}}]), True),
        (detail(ModelApprovalStatus=[{"suffix": "ved"}]), True),
        (detail(ModelApprovalStatus=[{"equals-ignore-case": "aPPROVED"}]), True),
        (detail(ModelApprovalStatus=[{"wildcard": "A*o*d"}]), True),
        (detail(ModelApprovalStatus=[{"wildcard": r"A\*"}]), False),
        (detail(ModelApprovalStatus=[{"anything-but": "Rejected"}]), True),
        (detail(ModelApprovalStatus=[{"anything-but": ["Rejected", "Approved"]}]), False),
        (detail(ModelApprovalStatus=[{"anything-but": {"prefix": "Rej"}}]), True),
        (detail(ModelApprovalStatus=[{"anything-but": {"suffix": ["ved", "x"]}}]), False),
        (detail(ModelApprovalStatus=[{"anything-but": {"wildcard": "*prov*"}}]), False),
        (detail(missing=[{"anything-but": "x"}]), False),
        (detail(ModelPackageVersion=[{"numeric": [">", 2, "<=", 3]}]), True),
        (detail(ModelPackageVersion=[{"numeric": ["=", 4]}]), False),
        (detail(ModelApprovalStatus=[{"numeric": [">", 0]}]), False),
        (detail(address=[{"cidr": "10.0.0.0/16"}]), True),
        (detail(address=[{"cidr": "10.1.0.0/16"}]), False),
        (detail(ModelApprovalStatus=[{"exists": True}]), True),
        (detail(missing=[{"exists": False}]), True),
        (detail(missing=[{"exists": True}]), False),
        (detail(containers={"image": ["b:2"]}), True),
        (detail(containers={"image": ["c:3"]}), False),
        (detail(missing={"deeper": ["x"]}), False),
        ({"$or": [{"source": ["aws.s3"]}, detail(ModelPackageVersion=[3])]}, True),
        ({"$or": [{"source": ["aws.s3"]}, {"source": ["aws.ec2"]}]}, False),
        (detail(ModelApprovalStatus=["Rejected", {"prefix": "App"}]), True),
    ],
)
def test_a_pattern_takes_what_it_describes(pattern: dict[str, Any], taken: bool) -> None:
    check(pattern)
    assert matches(pattern, EVENT) is taken


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ({}, "at least one member"),
        ({"source": "aws.sagemaker"}, "source must be an object, or a list"),
        ({"source": []}, "source must be an object, or a list"),
        ({"source": [{"starts-with": "aws"}]}, "There is no operator 'starts-with'"),
        ({"source": [{"prefix": "a", "suffix": "b"}]}, "must hold one operator"),
        ({"source": [{"prefix": 3}]}, "3 must be a text"),
        ({"detail": {"n": [{"numeric": [">", "3"]}]}}, "numeric cannot compare with '>' '3'"),
        ({"detail": {"n": [{"numeric": [">"]}]}}, "numeric takes one comparison or two"),
        ({"detail": {"n": [{"anything-but": {"cidr": "10.0.0.0/8"}}]}}, "anything-but takes values, or one of"),
        ({"detail": {"n": [{"cidr": "ten"}]}}, "cidr takes a network"),
        ({"$or": [{"source": ["a"]}]}, "$or takes a list of two patterns or more"),
    ],
)
def test_a_wrong_pattern_is_refused(pattern: dict[str, Any], message: str) -> None:
    with pytest.raises(PatternError, match=re.escape(message)):
        check(pattern)


def test_a_function_without_rules_takes_nothing() -> None:
    assert not any_matches((), EVENT)

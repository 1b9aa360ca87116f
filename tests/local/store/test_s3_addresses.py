from __future__ import annotations

import pytest

from local.store.objects import s3_uri


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("https://mine.s3.us-east-1.amazonaws.com/a/model.tar.gz", "s3://mine/a/model.tar.gz"),
        ("https://mine.s3-us-west-2.amazonaws.com/a/model.tar.gz", "s3://mine/a/model.tar.gz"),
        ("https://mine.s3.amazonaws.com/model.tar.gz", "s3://mine/model.tar.gz"),
        ("https://s3.us-east-1.amazonaws.com/mine/a/model.tar.gz", "s3://mine/a/model.tar.gz"),
        ("https://s3-us-west-2.amazonaws.com/mine/model.tar.gz", "s3://mine/model.tar.gz"),
        ("s3://mine/model.tar.gz", "s3://mine/model.tar.gz"),
        ("https://elsewhere.com/model.tar.gz", "https://elsewhere.com/model.tar.gz"),
    ],
)
def test_an_objects_https_address_is_its_s3_address(address: str, uri: str) -> None:
    assert s3_uri(address) == uri

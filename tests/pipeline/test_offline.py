from __future__ import annotations

import gc
import logging
import os

import pytest

from pipeline.offline import NoServices, offline


def test_the_sdk_sees_no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "secret")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", "/somewhere")
    before = dict(os.environ)
    with offline("eu-west-1"):
        seen = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "SAGEMAKER_"))}
        assert {"secret", "/somewhere"}.isdisjoint(seen.values())
        assert {"AWS_PROFILE", "AWS_SESSION_TOKEN"}.isdisjoint(seen)
        assert seen["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert dict(os.environ) == before


def test_everything_is_put_back_after_a_failure() -> None:
    before = (dict(os.environ), gc.isenabled(), logging.root.manager.disable)
    with pytest.raises(RuntimeError, match="stop"), offline("eu-west-1"):
        raise RuntimeError("stop")
    assert (dict(os.environ), gc.isenabled(), logging.root.manager.disable) == before


def test_using_a_client_is_a_mistake_that_names_the_call() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = NoServices("eu-west-1").client("s3").put_object
    assert str(caught.value) == "The SageMaker SDK wanted s3.put_object, but a definition is built without AWS."

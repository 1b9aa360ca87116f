from __future__ import annotations

import pytest

from pipeline.lean_sdk import SDK_CONFIG, lean_sdk
from pipeline.offline import offline


def test_the_sdk_finds_our_configuration_valid() -> None:
    with offline("eu-west-1"):
        from sagemaker.core.config.config import validate_sagemaker_config  # noqa: PLC0415 - only inside ``offline``

        validate_sagemaker_config(SDK_CONFIG)


def test_a_configuration_is_validated_once_and_a_wrong_one_still_refused() -> None:
    with offline("eu-west-1"):
        from sagemaker.core.config.config_manager import SageMakerConfig  # noqa: PLC0415 - only inside ``offline``

        with lean_sdk():
            for _ in range(2):
                SageMakerConfig.validate_sagemaker_config({"SchemaVersion": "1.0"})
                with pytest.raises(Exception, match="5 is not of type 'object'"):
                    SageMakerConfig.validate_sagemaker_config({"SchemaVersion": "1.0", "SageMaker": 5})


def test_the_sdk_is_left_as_it_was_found() -> None:
    with offline("eu-west-1"):
        from sagemaker.core.config.config_manager import SageMakerConfig  # noqa: PLC0415 - only inside ``offline``
        from sagemaker.core.helper import session_helper  # noqa: PLC0415
        from sagemaker.core.local.local_session import LocalSagemakerClient  # noqa: PLC0415

        places = (SageMakerConfig, session_helper, LocalSagemakerClient)
        before = [dict(vars(place)) for place in places]
        with pytest.raises(RuntimeError, match="stop"), lean_sdk():
            raise RuntimeError("stop")
        assert [dict(vars(place)) for place in places] == before

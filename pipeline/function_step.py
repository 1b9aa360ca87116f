"""Lambda steps: a deployed function, invoked with arguments."""

from __future__ import annotations

from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline.calling_step import CallingStep


class FunctionStep(CallingStep):
    """A Lambda step; its placeholder stands for the function's ARN.

    The SDK's own, ``LambdaStep``, is made to create and change functions, and warns when it is not to.
    """

    step_type_of_kind = StepTypeEnum.LAMBDA
    called = "FunctionArn"

"""Callback steps: a message with a token to a queue, and a wait until somebody answers the token."""

from __future__ import annotations

from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline.calling_step import CallingStep


class CallbackStep(CallingStep):
    """A Callback step; its placeholder stands for the queue's URL.

    The SDK's own wants to know the queue's URL, and whether it is one.
    """

    step_type_of_kind = StepTypeEnum.CALLBACK
    called = "SqsQueueUrl"

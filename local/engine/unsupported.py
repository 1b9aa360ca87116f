"""The step types that nothing on a laptop stands for, each with what it needs and what to do instead."""

from __future__ import annotations

_REASONS = {
    "EMR": "which runs on an Amazon EMR cluster; run its script in a Processing step to try it here",
    "EMRServerless": "which runs on an EMR Serverless application; run its script in a Processing step to try it here",
    "InferenceComponent": "which places a model on an endpoint's shared instances; use an Endpoint step here",
    "Job": "which starts one of SageMaker's managed jobs (CreateJob); their algorithms exist in AWS alone",
    "NotebookJob": "which runs a notebook in an image of its own; run its code in a Processing step here",
    "Athena": "which queries Amazon Athena; give its result as a file in S3 here",
}


def sentence(step_type: str) -> str:
    """Return, without its subject, what is said of a step of a type that the laptop does not run."""
    reason = _REASONS.get(step_type)
    return f"is of type {step_type}, {reason}." if reason else f"is of type {step_type}, which the laptop does not run."

"""`python build_v3.py CODE`: builds the pipeline with SDK v3, as anybody would, and starts it; prints the execution.

The SDK talks to the AWS of its environment (AWS_ENDPOINT_URL), which holds the data and takes the code.
"""

from __future__ import annotations

import sys

import boto3
from sagemaker.core.processing import FrameworkProcessor, ScriptProcessor
from sagemaker.core.shapes import (
    ProcessingInput,
    ProcessingOutput,
    ProcessingS3Input,
    ProcessingS3Output,
)
from sagemaker.core.workflow.conditions import ConditionLessThanOrEqualTo
from sagemaker.core.workflow.functions import JsonGet
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode

REGISTRY = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"
ROOT = "/opt/ml/processing"
BUCKET = "snails"


def main(code: str) -> None:
    """Build, upsert, start."""
    session = PipelineSession(boto_session=boto3.Session(), default_bucket=BUCKET)
    data = ParameterString(name="InputDataUrl", default_value=f"s3://{BUCKET}/dataset/snails.csv")
    prepare = _prepare(session, code, data)
    train = _train(session, code, prepare)
    report = PropertyFile(name="Report", output_name="evaluation", path="evaluation.json")
    evaluate = _evaluate(session, code, prepare, train, report)
    error = JsonGet(step_name="Evaluate", property_file=report, json_path="regression_metrics.mse.value")
    gate = ConditionStep(
        name="Gate",
        conditions=[ConditionLessThanOrEqualTo(left=error, right=6.0)],
        if_steps=[],
        else_steps=[FailStep(name="TooBad", error_message="The error is too high.")],
    )
    pipeline = Pipeline(
        name="snails-v3", parameters=[data], steps=[prepare, train, evaluate, gate], sagemaker_session=session
    )
    pipeline.upsert(role_arn=ROLE)
    print(pipeline.start().arn)


def _prepare(session: PipelineSession, code: str, data: ParameterString) -> ProcessingStep:
    processor = FrameworkProcessor(
        image_uri=f"{REGISTRY}/sagemaker-scikit-learn:1.2-1-cpu-py3", command=["python3"], **_processor(session)
    )
    request = processor.run(
        code="preprocess.py",
        source_dir=code,
        arguments=["--input-data", data],
        outputs=[_output(name, name) for name in ("train", "validation", "test")],
    )
    return ProcessingStep("Prepare", step_args=request)


def _train(session: PipelineSession, code: str, prepare: ProcessingStep) -> TrainingStep:
    trainer = ModelTrainer(
        sagemaker_session=session,
        role=ROLE,
        base_job_name="snails",
        training_image=f"{REGISTRY}/sagemaker-xgboost:3.2-0",
        source_code=SourceCode(source_dir=code, entry_script="train.py", requirements="requirements.txt"),
        compute=Compute(instance_type="ml.m5.large", instance_count=1),
        hyperparameters={"num_round": 20, "params": {"eta": 0.3, "objective": "reg:squarederror", "seed": 1}},
        input_data_config=[
            InputData(channel_name=name, data_source=_prepared(prepare, name)) for name in ("train", "validation")
        ],
    )
    return TrainingStep("Train", step_args=trainer.train())


def _evaluate(
    session: PipelineSession, code: str, prepare: ProcessingStep, train: TrainingStep, report: PropertyFile
) -> ProcessingStep:
    processor = ScriptProcessor(
        image_uri=f"{REGISTRY}/sagemaker-xgboost:3.2-0", command=["python3"], **_processor(session)
    )
    request = processor.run(
        code=f"{code}/evaluate.py",
        inputs=[
            _input("model", train.properties.ModelArtifacts.S3ModelArtifacts),
            _input("test", _prepared(prepare, "test")),
        ],
        outputs=[_output("evaluation", "evaluation")],
    )
    return ProcessingStep("Evaluate", step_args=request, property_files=[report])


def _processor(session: PipelineSession) -> dict[str, object]:
    return {"role": ROLE, "instance_count": 1, "instance_type": "ml.m5.large", "sagemaker_session": session}


def _prepared(prepare: ProcessingStep, name: str) -> object:
    return prepare.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def _input(name: str, uri: object) -> ProcessingInput:
    source = ProcessingS3Input(s3_uri=uri, local_path=f"{ROOT}/{name}", s3_data_type="S3Prefix", s3_input_mode="File")
    return ProcessingInput(input_name=name, s3_input=source)


def _output(name: str, folder: str) -> ProcessingOutput:
    place = ProcessingS3Output(
        s3_uri=f"s3://{BUCKET}/outputs/{name}", local_path=f"{ROOT}/{folder}", s3_upload_mode="EndOfJob"
    )
    return ProcessingOutput(output_name=name, s3_output=place)


if __name__ == "__main__":
    main(sys.argv[1])

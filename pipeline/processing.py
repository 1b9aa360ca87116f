"""What all processing steps share: the code bundle, isolation, encryption, outputs below the execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker.core.network import NetworkConfig
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline import placeholders
from pipeline.arguments import BOOTSTRAP, BOOTSTRAP_OLD
from pipeline.placeholders import mark, mark_address
from pipeline.site import Site

INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"


@dataclass(frozen=True)
class Program:
    """A module of the code bundle with its arguments, inputs (name → address) and outputs (names).

    On several hosts the objects of the inputs in `sharded` are dealt out; every host gets all of the others. The
    addresses of the inputs in `manifests` are of lists of objects. With `old_image` it runs in that image, an older one
    than the pipeline's.
    """

    module: str
    arguments: Sequence[Any]
    inputs: Mapping[str, Any]
    outputs: Sequence[str]
    hosts: int = 1
    sharded: Sequence[str] = ()
    manifests: Sequence[str] = ()
    old_image: str | None = None


def processing_step(
    site: Site,
    name: str,
    program: Program,
    *,
    display_name: str,
    description: str,
    property_files: Sequence[PropertyFile] = (),
    depends_on: Sequence[Any] | None = None,
) -> ProcessingStep:
    """Return a step that runs a program of the code bundle in a processing job."""
    inputs = {"code": mark_address(placeholders.CODE_URI), **program.inputs}
    archive = f"{INPUT}/code/{mark(placeholders.CODE_FILE)}"
    request = _processor(site, program).run(
        inputs=[_input(program, name, uri) for name, uri in inputs.items()],
        outputs=[_output(site, name, output) for output in program.outputs],
        arguments=[archive, program.module, *program.arguments],
    )
    return ProcessingStep(
        name,
        step_args=request,
        display_name=display_name,
        description=description,
        property_files=list(property_files),
        cache_config=site.cache,
        depends_on=depends_on,
    )


def _processor(site: Site, program: Program) -> Processor:
    return Processor(
        role=mark(placeholders.PROCESSING_ROLE_ARN),
        image_uri=program.old_image or site.image,
        entrypoint=["python3", "-c", BOOTSTRAP_OLD if program.old_image else BOOTSTRAP],
        instance_count=program.hosts,
        instance_type=site.environment.instances.processing,
        volume_size_in_gb=site.environment.volume_gib,
        volume_kms_key=site.key,
        output_kms_key=site.key,
        max_runtime_in_seconds=60 * site.environment.max_runtime_minutes,
        sagemaker_session=site.session,
        tags=site.tags,
        network_config=NetworkConfig(
            enable_network_isolation=True,
            encrypt_inter_container_traffic=True,
            security_group_ids=site.security_groups,
            subnets=site.subnets,
        ),
    )


def _input(program: Program, name: str, uri: Any) -> ProcessingInput:
    distribution = {"s3_data_distribution_type": "ShardedByS3Key"} if name in program.sharded else {}
    return ProcessingInput(
        input_name=name,
        s3_input=ProcessingS3Input(
            s3_uri=uri,
            local_path=f"{INPUT}/{name}",
            s3_data_type="ManifestFile" if name in program.manifests else "S3Prefix",
            s3_input_mode="File",
            **distribution,
        ),
    )


def _output(site: Site, step: str, name: str) -> ProcessingOutput:
    return ProcessingOutput(
        output_name=name,
        s3_output=ProcessingS3Output(
            s3_uri=site.destination(step, name), local_path=f"{OUTPUT}/{name}", s3_upload_mode="EndOfJob"
        ),
    )

"""The code of jobs and endpoints, published beside the templates under a name that is its content."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from pipeline.bundle import build_bundle


class CodeBundle(Construct):
    """The code bundle in the bucket that ``cdk bootstrap`` made; ``cdk deploy`` uploads it where it is not there yet.

    Attributes:
        uri: Its address on S3.
        file_name: Its name in the channel that delivers it to a job: the last part of that address.
    """

    def __init__(self, scope: Construct, id_: str, *, root: Path, folder: Path) -> None:
        super().__init__(scope, id_)
        bundle = build_bundle(root)
        file = folder / bundle.file_name
        _write(file, bundle.content)
        # A file, not a folder: the CDK would make a zip of that, which script mode does not unpack.
        asset = s3_assets.Asset(self, "File", path=str(file))
        self.uri = f"s3://{asset.s3_bucket_name}/{asset.s3_object_key}"
        self.file_name = asset.s3_object_key.rpartition("/")[2]


def _write(file: Path, content: bytes) -> None:
    """Write a file, whole or not at all; where it is there, its name says that it holds the same."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".bundle-")
    with os.fdopen(handle, "wb") as open_file:
        open_file.write(content)
    Path(name).replace(file)

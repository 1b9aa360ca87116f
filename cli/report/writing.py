"""Writing a report so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.report import values
from cli.report.card import markdown
from cli.report.material import Material, ObjectReader, collect
from cli.report.page import render

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


def write(s3: ObjectReader, execution: Mapping[str, Any], path: Path, sagemaker: SageMakerClient | None = None) -> Path:
    """Write the report of an execution (the content of its `execution.json`) to `path` and return that path.

    Where the execution has registered a model, and there is a client to ask about it, its model card is written beside.
    """
    material = collect(s3, execution, sagemaker)
    _replace(path, render(material))
    if sagemaker is not None:
        _write_card(material, card_path(path), sagemaker)
    return path


def card_path(report: Path) -> Path:
    """Return where the model card stands beside a report."""
    return report.with_name(f"{report.stem}-model-card.md")


def _write_card(material: Material, path: Path, sagemaker: SageMakerClient) -> None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded by whoever made the client

    package = values.text(material.execution.get("model_package"))
    if not package:
        return
    try:
        described = sagemaker.describe_model_package(ModelPackageName=package)
    except (ClientError, BotoCoreError):
        return  # The version was deleted, or may not be read: the report stands without its card.
    _replace(path, markdown(material, described))


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise

"""Writing a report so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.report.material import ObjectReader, collect
from cli.report.page import render

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


def write(s3: ObjectReader, execution: Mapping[str, Any], path: Path, sagemaker: SageMakerClient | None = None) -> Path:
    """Write the report of an execution (the content of its `execution.json`) to `path` and return that path."""
    page = render(collect(s3, execution, sagemaker)).encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path

"""What serving scripts import of the images' toolkits, where the toolkits are not installed.

`from sagemaker_xgboost_container import encoder`, `from sagemaker_containers.beta.framework import worker, encoders`
and `from sagemaker_inference import decoder` stand in many public inference scripts.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from local.hosting.attributes import HEADER
from local.hosting.worker import answers, encoding, flask_request, matrices


class Response(answers.Answer):
    """The toolkits' response: a body and its type."""

    def __init__(
        self,
        response: Any = b"",
        accept: str | None = None,
        status: int = 200,
        headers: Any = None,
        mimetype: str | None = None,
    ) -> None:
        body = response.encode() if isinstance(response, str) else bytes(response or b"")
        given = {str(name).lower(): str(value) for name, value in dict(headers or {}).items()}
        # The service passes no further header on.
        super().__init__(body, mimetype or accept or answers.JSON, status, given.get(HEADER.lower(), ""))


def install() -> None:
    """Make the toolkits' modules importable; packages that are really there are left alone."""
    types: dict[str, Any] = {"CSV": answers.CSV, "JSON": answers.JSON, "NPY": answers.NPY, "ANY": answers.ANY}
    types |= {"UTF8_TYPES": list(answers.TEXT_TYPES)}
    codec = {"decode": encoding.decode, "encode": encoding.encode}
    matrix = {
        "csv_to_dmatrix": matrices.csv_to_dmatrix,
        "decode": matrices.decode,
        "libsvm_to_dmatrix": matrices.libsvm_to_dmatrix,
    }
    errors = {"UnsupportedFormatError": answers.UnsupportedFormatError}
    framework = {"content_types": types, "encoders": codec, "errors": errors, "worker": {"Response": Response}}
    packages: tuple[tuple[str, dict[str, dict[str, Any]]], ...] = (
        ("sagemaker_containers.beta.framework", framework),
        ("sagemaker_inference", {"content_types": types, "decoder": codec, "encoder": codec, "errors": errors}),
        ("sagemaker_xgboost_container", {"encoder": matrix}),
    )
    for package, modules in packages:
        if find_spec(package.partition(".")[0]) is None:
            for name, members in modules.items():
                _module(f"{package}.{name}", members)
    flask_request.install()


def _module(name: str, members: dict[str, Any]) -> None:
    made = ModuleType(name)
    made.__dict__.update(members)
    parts = name.split(".")
    for depth in range(1, len(parts)):
        parent = sys.modules.setdefault(".".join(parts[:depth]), ModuleType(".".join(parts[:depth])))
        parent.__dict__.setdefault("__path__", [])
        if depth > 1:
            setattr(sys.modules[".".join(parts[: depth - 1])], parts[depth - 1], parent)
    sys.modules[name] = made
    setattr(sys.modules[".".join(parts[:-1])], parts[-1], made)

"""What a notebook instance does when it starts: the programs of infra/workbench and their settings, as one script."""

from __future__ import annotations

import ast
import base64
import shlex
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

PROGRAMS = Path(__file__).parents[1] / "workbench"
FOLDER = "/opt/sageline"
MOST_CHARACTERS = 16_384
"""What SageMaker takes of a script, encoded."""
# A reference to another stack is longer in place than as it is written here.
_REFERENCE = 63

_END = "END-OF-FILE"


class NotebookLifecycle(Construct):
    """The lifecycle configuration of notebook instances.

    A change of it comes into force when a notebook starts the next time.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Mapping[str, str]) -> None:
        super().__init__(scope, id_)
        hook = sagemaker.CfnNotebookInstanceLifecycleConfig.NotebookInstanceLifecycleHookProperty(
            content=cdk.Fn.base64(script(settings))
        )
        self.configuration = sagemaker.CfnNotebookInstanceLifecycleConfig(self, "Configuration", on_start=[hook])

    @property
    def name(self) -> str:
        """Its name, which is CloudFormation's choice."""
        return self.configuration.attr_notebook_instance_lifecycle_config_name


def script(settings: Mapping[str, str], folder: str = FOLDER) -> str:
    """Return the script, which writes the programs and their settings to a folder and starts the first of them.

    Comments and docstrings are left out: they are in the repository, and SageMaker takes 16,384 characters.

    Raises:
        ValueError: where it is longer than that.
    """
    lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(settings.items()))
    files = {"settings.sh": lines}
    for path in sorted(PROGRAMS.iterdir()):
        if path.suffix in (".py", ".sh"):
            text = path.read_text(encoding="utf-8")
            files[path.name] = _without_comments(text, _texts(text) if path.suffix == ".py" else set())
    parts = ["#!/bin/bash", "set -euo pipefail", f"mkdir -p {folder}"]
    for name, text in files.items():
        parts.append(f"cat > {folder}/{name} << '{_END}'\n{text}{_END}")
    whole = "\n".join([*parts, f"exec /bin/bash {folder}/start.sh", ""])
    characters = len(base64.b64encode(whole.encode())) + _REFERENCE
    if characters > MOST_CHARACTERS:
        raise ValueError(f"The lifecycle script has {characters:,} characters; SageMaker takes {MOST_CHARACTERS:,}.")
    return whole


def _without_comments(text: str, also: set[int]) -> str:
    """Leave out lines that are empty or only a comment, and those with the numbers in ``also``."""
    lines = enumerate(text.splitlines(keepends=True), start=1)
    kept = [line for number, line in lines if number not in also and line.strip() and not line.lstrip().startswith("#")]
    return "".join(kept)


def _texts(program: str) -> set[int]:
    """Return the numbers of the lines of a program's docstrings."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found

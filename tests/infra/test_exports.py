"""What an environment has been given can be taken away again.

CloudFormation refuses to drop an export that another stack still imports, and the stack that exports is deployed first.
So an export that comes with an option must not go with it.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.stacks import Template, changed

#: Everything that an environment can do without.
LEAST = {"problems": ["digits"], "serving": {}, "monitoring.audit": False, "monitoring.dashboards": False}


def exports(templates: list[Template], environment: str) -> set[str]:
    """The names of what is exported, without the environment's."""
    return {
        output["Export"]["Name"].removeprefix(f"sageline-{environment}-")
        for template in templates
        for output in template.get("Outputs", {}).values()
        if "Export" in output
    }


def test_every_export_of_an_environment_with_every_option_is_there_without_them(
    templates: dict[str, Template], tmp_path: Path
) -> None:
    from infra.application import build, new_app  # noqa: PLC0415 - starts Node

    app = new_app(outdir=str(tmp_path))
    build(app, [changed({"name": "least", **LEAST})])
    app.synth()
    least = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.rglob("*.template.json")]
    full = [each for name, each in templates.items() if name.startswith("everything")]
    assert len(full) > len(least) > 5
    assert exports(full, "everything") - exports(least, "least") == set()

"""ExportForNeo: the candidate's trees as the model file of XGBoost 1.3, the newest that SageMaker Neo reads.

It runs in the image that still has XGBoost 1.3, whose Python is 3.7, and lets that read the file and predict with it.
Elsewhere the same file is written, and the report says that no XGBoost 1.3 was there to read it. To run it by hand:

    python -m processing_scripts.export_for_neo --input in --output out

`in/candidate/model.tar.gz` is read; `out/neo/model.tar.gz` and `out/neo/export.json` are written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tarfile
from pathlib import Path
from typing import Any, Sequence

from inference.neo import binary, export, packing, proof
from inference.neo.trees import NeoError, Trees

REPORT = "export.json"


def main(argv: Sequence[str] | None = None) -> None:
    """Write the archive and the report; a model that Neo cannot be given ends the job with a sentence."""
    parser = argparse.ArgumentParser(description="Write a model for SageMaker Neo.")
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args(argv)
    try:
        run(options.input / "candidate" / packing.ARCHIVE, options.output / "neo")
    except (NeoError, tarfile.TarError, OSError, EOFError) as error:
        print(f"The model cannot be exported for Neo. {error}", file=sys.stderr)
        raise SystemExit(1) from None


def run(archive: Path, folder: Path) -> None:
    """Export the model in an archive of ours into a folder."""
    text = packing.model_json(archive)
    if text is None:
        raise NeoError(f"{archive.name} has no model.json: Neo compiles models of XGBoost. Remove `compile:`.")
    model = export.from_json(text)
    content = binary.write(model)
    if binary.write(binary.read(content)) != content:
        raise NeoError("The exported model cannot be read back as it was written. Please report this.")
    checked = proof.version()
    rows = proof.prove(model, content) if checked is not None else 0
    folder.mkdir(parents=True, exist_ok=True)
    packing.pack(content, folder / packing.ARCHIVE)
    found = report(model, content, checked, rows)
    (folder / REPORT).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    by = (
        f"read and used by XGBoost {checked} on {rows} rows" if checked else "not read by any XGBoost 1.3, none is here"
    )
    print(f"Exported {len(model.trees)} trees of {model.objective} ({len(content):,} bytes), {by}.")


def report(model: Trees, content: bytes, checked: str | None, rows: int) -> dict[str, Any]:
    """Return what was written, and how it was checked."""
    return {
        "format": "XGBoost 1.3 binary",
        "file": packing.FILE,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "objective": model.objective,
        "trees": len(model.trees),
        "features": model.features,
        "classes": model.classes,
        "checked_by": checked,
        "rows_checked": rows,
    }


if __name__ == "__main__":
    main()

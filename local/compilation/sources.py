"""The model in an archive that is to be compiled, as the compiler reads it."""

from __future__ import annotations

from pathlib import Path

from inference.compiler.errors import CompileError
from inference.neo import as_json, binary
from inference.neo.trees import NeoError

JSON = "model.json"


def readable(folder: Path) -> Path:
    """Return a folder whose model the compiler reads, made of an unpacked archive.

    What Neo takes of XGBoost is exactly one `*.model` in the binary format of old: it becomes JSON. Archives of our
    own, with a model as JSON or a linear one, and text models of LightGBM are read as they are. Raises CompileError
    where there is no such model.
    """
    found = sorted(path for path in folder.rglob("*.model") if path.is_file())
    if not found:
        return folder
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise CompileError(f"the archive has {len(found)} files *.model ({names}), and must have one.")
    try:
        text = as_json.to_json(binary.read(found[0].read_bytes()))
    except NeoError as error:
        raise CompileError(f"{found[0].name} cannot be compiled: {error}") from error
    converted = folder / "converted"
    converted.mkdir(exist_ok=True)
    (converted / JSON).write_text(text, encoding="utf-8")
    return converted

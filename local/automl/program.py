"""How the programs of an AutoML job start, and end with a sentence in a file where they fail."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from inference.columns import FeaturesError
from inference.job import JobError

_ROOT = Path(__file__).resolve().parents[2]


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs `main` of a module of this package; the project need not be installed."""
    start = f"import sys;sys.path.insert(0,{str(_ROOT)!r});from local.automl.{module} import main;main(sys.argv[1:])"
    return [sys.executable, "-c", start, *arguments]


def run(work: Callable[[], None], failure: Path) -> None:
    """Do the work; a mistake of the data's is a sentence in the file, anything else a traceback in the log too."""
    try:
        work()
    except (JobError, FeaturesError) as error:
        failure.write_text(str(error), encoding="utf-8")
        sys.exit(1)
    except MemoryError:
        failure.write_text("The memory was not enough.", encoding="utf-8")
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - whatever it is, the job's reason names it
        traceback.print_exc()
        failure.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
        sys.exit(1)

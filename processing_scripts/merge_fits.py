"""The MergeFits step: puts together what the hosts of FitShards have found, and fits on the training rows of all.

By hand, on the parts of all hosts:
    python -m processing_scripts.merge_fits --input parts --output out --target income --metric auc
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from inference.job import run
from processing_scripts.preparing.fitted import Fitted, fit
from processing_scripts.preparing.options import Options, parse
from processing_scripts.preparing.splitting import SPLITS
from processing_scripts.preparing.writing import SAMPLE_ROWS, Outputs, plain_row
from processing_scripts.sharding.extract import Extracts
from processing_scripts.sharding.plan import write_plan


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("MergeFits", argv, lambda arguments: merge_fits(parse(arguments)))


def merge_fits(options: Options) -> None:
    """Decide, split and fit as Prepare does on one host; raises JobError where the data does not allow it."""
    extracts = Extracts(options.input, options)
    if extracts.inspection is not None:
        extracts.inspection.judge()
    fitted = fit(extracts, options, *extracts.survey(options.missing))
    with Outputs(options.output) as outputs:
        fitted.write(outputs, _samples(extracts, fitted))
        write_plan(outputs, extracts.parts, fitted)
    fitted.say()


def _samples(extracts: Extracts, fitted: Fitted) -> list[dict[str, Any]]:
    """The first raw validation rows, without the target."""
    found: list[dict[str, Any]] = []
    validation = SPLITS.index("validation")
    for start, batch in extracts.batches():
        rows = np.flatnonzero(fitted.splits[start : start + batch.num_rows] == validation)[: SAMPLE_ROWS - len(found)]
        found += batch.take(pa.array(rows)).to_pylist()
        if len(found) == SAMPLE_ROWS:
            break
    return [plain_row(row, fitted.features.target) for row in found]


if __name__ == "__main__":
    main()

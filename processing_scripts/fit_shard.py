"""The FitShards step, on one of its hosts: reads this host's files and says what their columns hold.

By hand, on one host's share of the files:
    python -m processing_scripts.fit_shard --input data --output out --target income --metric auc
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inference.job import run
from processing_scripts.preparing.options import Options, parse
from processing_scripts.preparing.source import Source
from processing_scripts.preparing.writing import Outputs
from processing_scripts.sharding.extract import write_extract
from processing_scripts.tables import table_files


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("FitShards", argv, lambda arguments: fit_shard(parse(arguments)))


def fit_shard(options: Options) -> None:
    """Leave an extract of every file; a host that was given none leaves nothing."""
    files = table_files(options.input)
    with Outputs(options.output) as outputs:
        for path in files:
            file = path.relative_to(options.input).as_posix()
            rows = write_extract(Source(replace(options, input=path)), file, options, outputs)
            print(f"{file}: {rows} rows.")
    if not files:
        print("There are fewer files than hosts, and none for this one.")


if __name__ == "__main__":
    main()

"""Raw rows in, predictions out: our server, the stack of AWS's image, FastAPI, and a constant reply; one worker each.

    python -m benchmarks.serving [SECONDS] [--keep FOLDER] [--image-server CHECKOUT] [--mlserver ENVIRONMENT]
    python -m benchmarks.serving --minutes MINUTES

Every server gets the same rows of 12 numeric and 8 text columns as CSV. The peers prepare them with scikit-learn and
score with XGBoost, ours serves the archive that a pipeline would have registered. `make bench-peers` installs the
peers. AWS's own server and MLServer join where they are named, with what docs/benchmarks.md says. With --minutes there
is mixed load on our server alone instead, every answer of which is checked.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contenders import PEERS, Contender, Running, constant, ours, peers, running
from benchmarks.load import Load, generator, load
from benchmarks.named_contenders import image_server, mlserver
from benchmarks.serving_model import body, prepared, table, trained
from benchmarks.soak import soak
from benchmarks.timing import machine, run_process

CSV = "text/csv"
MIB = 1 << 20


@dataclass
class Measured:
    """What was measured of one server, in several rounds."""

    name: str
    memory: float
    ready: float
    many: list[Load] = field(default_factory=list)
    one: list[Load] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Seconds of processor time for each request."""
    large: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)


def _none(folder: Path) -> list[Contender]:  # noqa: ARG001
    return []


def main(
    seconds: float = 2.0, rounds: int = 3, kept: Path | None = None, named: Callable[[Path], list[Contender]] = _none
) -> str:
    """Measure all and return the table; models that are in the folder `kept` already are not trained again.

    `named` gives further servers, of the peers' model in a folder.
    """
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = kept or Path(name)
        model = trained(folder / "ours")
        features = ours(prepared(folder / "prepared", model), "ours, prepared rows", "prepared/prepared.csv")
        contenders = [constant(), ours(model), features, *_peers(folder), *named(folder / "peers")]
        (folder / "row.csv").write_bytes(body(1, seed=5))
        (folder / "large.csv").write_bytes(body(26_000, seed=6)[: 6 * MIB].rpartition(b"\n")[0])
        # All of them run at once and are asked in turn, so that a machine whose speed drifts treats them alike.
        servers = [stack.enter_context(running(contender)) for contender in contenders]
        found = [_first(contender, server, folder) for contender, server in zip(contenders, servers, strict=True)]
        for _ in range(rounds):
            for contender, server, measured in zip(contenders, servers, found, strict=True):
                _round(contender, server, measured, folder, seconds)
        for contender, server, measured in zip(contenders, servers, found, strict=True):
            if contender.reads_tables:
                _large(server, measured, folder)
    lines = [f"{machine()}; load by {generator()}; medians of {rounds} rounds of {seconds:g} s", _table(found)]
    if len(found) == 3:
        lines.append("The peers are not installed: `make bench-peers` installs them in an environment of their own.")
    return "\n".join(lines)


def _peers(folder: Path) -> list[Contender]:
    if not PEERS.exists():
        return []
    script = Path(__file__).parent / "serving_peers" / "model.py"
    if not (folder / "peers" / "prepared.csv").is_file():
        run_process([str(PEERS / "python"), str(script), str(table(folder)), str(folder / "peers")])
    return peers(folder / "peers")


def _first(contender: Contender, server: Running, folder: Path) -> Measured:
    load(server.url, folder / contender.row, contender.type, 4, 1)  # warms up
    return Measured(contender.name, server.memory(), server.ready)


def _round(contender: Contender, server: Running, measured: Measured, folder: Path, seconds: float) -> None:
    row = folder / contender.row
    before = server.cpu()
    many = load(server.url, row, contender.type, 16, seconds)
    measured.processor.append((server.cpu() - before) / max(many.requests * seconds, 1))
    one = load(server.url, row, contender.type, 1, seconds)
    if many.errors or one.errors:
        raise SystemExit(f"{contender.name} answered {many.errors + one.errors} requests with errors.")
    measured.many.append(many)
    measured.one.append(one)


def _large(server: Running, measured: Measured, folder: Path) -> None:
    """Time 6 MiB of CSV, three times alone and three times with small requests beside them, which are timed too."""
    large, small = (folder / "large.csv").read_bytes(), (folder / "row.csv").read_bytes()
    measured.large += [_post(server.url, large) for _ in range(3)]
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            measured.beside.append(_post(server.url, small))

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(3):
        _post(server.url, large)
    over.set()
    asking.join()


def _post(url: str, content: bytes) -> float:
    asked = urllib.request.Request(url, content, {"Content-Type": CSV})  # noqa: S310 - our own server
    began = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=120) as reply:  # noqa: S310
        reply.read()
    return time.perf_counter() - began


def _table(found: list[Measured]) -> str:
    mine = found[1]
    width = max(len(each.name) for each in found)
    heads = (
        "16: req/s",
        "ours is",
        "p50 ms",
        "p99 ms",
        "1: p50 ms",
        "p99 ms",
        "cpu us/req",
        "ours is",
        "MB",
        "ready s",
    )
    lines = [" " * width + "".join(f"{head:>11}" for head in (*heads, "6 MiB s", "beside ms"))]
    for each in found:
        rate, processor = _median([one.requests for one in each.many]), _median(each.processor)
        cells = [
            f"{rate:.0f}",
            f"{_median([one.requests for one in mine.many]) / rate:.1f} x",
            *(_ms(loads, name) for loads in (each.many, each.one) for name in ("p50", "p99")),
            f"{processor * 1e6:.0f}",
            f"{processor / _median(mine.processor):.1f} x",
            f"{each.memory:.0f}",
            f"{each.ready:.2f}",
            f"{_median(each.large):.2f}",
            f"{max(each.beside, default=float('nan')) * 1e3:.0f}",
        ]
        lines.append(f"{each.name:<{width}}" + "".join(f"{cell:>11}" for cell in cells))
    return "\n".join(lines)


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def _ms(loads: list[Load], name: str) -> str:
    return f"{_median([getattr(each, name) for each in loads]) * 1e3:.3f}"


def _named(options: argparse.Namespace, folder: Path) -> list[Contender]:
    found = [image_server(options.image_server.resolve(), folder)] if options.image_server else []
    return [*found, mlserver(options.mlserver.resolve(), folder)] if options.mlserver else found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("seconds", nargs="?", type=float, default=2.0, help="of each load")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the models, which the next run then finds")
    parser.add_argument("--image-server", type=Path, metavar="CHECKOUT", help="of aws/sagemaker-xgboost-container")
    parser.add_argument("--mlserver", type=Path, metavar="ENVIRONMENT", help="that has MLServer and XGBoost")
    parser.add_argument("--minutes", type=float, help="of mixed load on our server alone, its answers checked")
    return parser.parse_args()


if __name__ == "__main__":
    _given = _options()
    if _given.minutes is None:
        print(main(_given.seconds, kept=_given.keep, named=lambda folder: _named(_given, folder)))
        sys.exit()
    _told, _wrong = soak(_given.minutes)
    print(_told)
    sys.exit(1 if _wrong else 0)

"""Raw rows in, predictions out: our server, the stack of AWS's image, FastAPI, and a constant reply; one worker each.

    python -m benchmarks.serving [SECONDS] [--minutes MINUTES]

Every server gets the same rows of 12 numeric and 8 text columns as CSV. The peers prepare them with scikit-learn and
score with XGBoost, ours serves the archive that a pipeline would have registered. `make bench-peers` installs the
peers. With --minutes there is mixed load on our server alone instead, every answer of which is checked.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import PEERS, Contender, Running, constant, ours, peers, running
from benchmarks.load import Load, generator, load
from benchmarks.serving_model import body, table, trained
from benchmarks.soak import soak
from benchmarks.timing import machine, run_process

CSV = "text/csv"
MIB = 1 << 20


@dataclass(frozen=True)
class Measured:
    """What was measured of one server."""

    name: str
    many: Load
    one: Load
    memory: float
    ready: float
    large: float = float("nan")
    beside: float = float("nan")


def main(seconds: float = 3.0) -> str:
    """Measure all and return the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contenders = [constant(), ours(trained(folder / "ours")), *_peers(folder)]
        row, large = folder / "row.csv", folder / "large.csv"
        row.write_bytes(body(1, seed=5))
        large.write_bytes(body(26_000, seed=6)[: 6 * MIB].rpartition(b"\n")[0])
        found = [_measure(contender, folder, seconds) for contender in contenders]
    lines = [f"{machine()}; load by {generator()}", _table(found)]
    if len(found) == 2:
        lines.append("The peers are not installed: `make bench-peers` installs them in an environment of their own.")
    return "\n".join(lines)


def _peers(folder: Path) -> list[Contender]:
    if not PEERS.exists():
        return []
    script = Path(__file__).parent / "serving_peers" / "model.py"
    run_process([str(PEERS / "python"), str(script), str(table(folder)), str(folder / "peers")])
    return peers(folder / "peers")


def _measure(contender: Contender, folder: Path, seconds: float) -> Measured:
    row = folder / ("peers/prepared.csv" if contender.prepared else "row.csv")
    with running(contender) as server:
        load(server.url, row, CSV, 4, 1)  # warms up
        memory = server.memory()
        many = load(server.url, row, CSV, 16, seconds)
        one = load(server.url, row, CSV, 1, seconds)
        if many.errors or one.errors:
            raise SystemExit(f"{contender.name} answered {many.errors + one.errors} requests with errors.")
        if contender.prepared or "constant" in contender.name:
            return Measured(contender.name, many, one, memory, server.ready)
        took, beside = _large(server, folder)
        return Measured(contender.name, many, one, memory, server.ready, took, beside)


def _large(server: Running, folder: Path) -> tuple[float, float]:
    """The seconds that 6 MiB of CSV take (the median of three), and the slowest of the small requests beside them."""
    large, small = (folder / "large.csv").read_bytes(), (folder / "row.csv").read_bytes()
    took, beside, over = list[float](), list[float](), threading.Event()

    def ask() -> None:
        while not over.is_set():
            beside.append(_post(server.url, small))

    took.extend(_post(server.url, large) for _ in range(3))
    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(3):
        _post(server.url, large)
    over.set()
    asking.join()
    return statistics.median(took), max(beside)


def _post(url: str, content: bytes) -> float:
    asked = urllib.request.Request(url, content, {"Content-Type": CSV})  # noqa: S310 - our own server
    began = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=120) as reply:  # noqa: S310
        reply.read()
    return time.perf_counter() - began


def _table(found: list[Measured]) -> str:
    mine = found[1]
    head = "req/s, 16 conn.  ours is  p50 ms  p99 ms | 1 conn. p50 ms  p99 ms |    MB  ready s | 6 MiB s  beside ms"
    width = max(len(each.name) for each in found)
    lines = [f"{'':<{width}}  {head}"]
    lines += [
        f"{each.name:<{width}}  {each.many.requests:15.0f}  {mine.many.requests / each.many.requests:6.1f} x"
        f"  {each.many.p50 * 1e3:6.2f}  {each.many.p99 * 1e3:6.2f}"
        f" |  {each.one.p50 * 1e3:13.3f}  {each.one.p99 * 1e3:6.2f}"
        f" | {each.memory:5.0f}  {each.ready:7.2f} | {each.large:7.2f}  {each.beside * 1e3:9.0f}"
        for each in found
    ]
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("seconds", nargs="?", type=float, default=3.0, help="of each load")
    parser.add_argument("--minutes", type=float, help="of mixed load on our server alone, its answers checked")
    return parser.parse_args()


if __name__ == "__main__":
    _given = _options()
    if _given.minutes is None:
        print(main(_given.seconds))
        sys.exit()
    _told, _wrong = soak(_given.minutes)
    print(_told)
    sys.exit(1 if _wrong else 0)

"""How long sizes, problems and costs take after one edit, by the size of the network.

    uv run python -m benchmarks.inference [--nodes 100 1000 5000] [--edits 40] [--json]

For every edit (those of benchmarks/edits.py, and undoing them, in turn) three things are timed:
what every edit waits for (sizes, and the problems that follow from them), and what the cost panel
adds while it can be seen (memory and receptive fields of every node). `anew` is the same for a
project that has just been opened, without anything to build on. Sizes that equal layers share are
forgotten before every edit. The aim is one frame, 16 ms, at 1,000 nodes.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import statistics
import time
from collections.abc import Callable

from benchmarks.edits import FRAME, chain, edits, nested, varied
from graph.check import check_project
from graph.cost import CostCounter
from graph.document import Document
from graph.inference import shared_layer_result
from graph.state import MAIN, Project


def measure(project: Project, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every edit, by what was done after it."""
    document, counter = Document(project), CostCounter()
    counter.count(document.state, document.result())
    times: dict[str, list[float]] = {"sizes and problems": [], "costs": []}
    sorts = [edit for name, edit in edits(project).items() if name != "move"]
    gc.collect()
    for edit in itertools.islice(itertools.cycle(sorts), rounds):
        for state in (edit(project), project):
            shared_layer_result.cache_clear()
            after = state
            times["sizes and problems"].append(_timed(lambda s=after: document.set_state(s)))
            times["costs"].append(
                _timed(lambda: counter.count(document.state, document.result(MAIN)))
            )
    return times


def anew(project: Project, rounds: int) -> list[float]:
    """Milliseconds of everything from scratch."""

    def everything() -> None:
        shared_layer_result.cache_clear()
        check_project(project)
        CostCounter().count(project, Document(project).result(MAIN))

    return [_timed(everything) for _ in range(rounds)]


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    if not options.json:
        print(f"{'network':8}{'nodes':>6}  {'after an edit':22}{'median':>10}{'worst':>10}  (ms)")
    for make in (chain, varied, nested):
        for nodes in options.nodes:
            project = make(nodes)
            times = measure(project, options.edits) | {"anew": anew(project, 3)}
            for what, measured in times.items():
                row = {
                    "network": make.__name__,
                    "nodes": nodes,
                    "what": what,
                    "median_ms": round(statistics.median(measured), 2),
                    "worst_ms": round(max(measured), 2),
                }
                rows.append(row)
                if not options.json:
                    late = "  more than a frame" if row["median_ms"] > FRAME else ""
                    late = "" if what == "anew" else late
                    print(
                        f"{make.__name__:8}{nodes:6}  {what:22}{row['median_ms']:10.2f}"
                        f"{row['worst_ms']:10.2f}{late}",
                        flush=True,
                    )
    if options.json:
        print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

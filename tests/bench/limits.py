"""What the figures may be, and the table that compares them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.load import ACTIONS, Round

#: How many times the floor an action may cost; the second figure is for 64 students at once where it differs.
RATIO = {"start": 4.0, "page": 4.0, "save": 2.5, "finish": 6.0, "results": 4.0}
RATIO_OF_MANY = {**RATIO, "save": 3.5}
MANY = 64
TAIL = 5.0
PAGE_BYTES = 15 * 1024
STATEMENTS = {"start": 8, "page": 6, "save": 5, "finish": 10, "report": 12}


def percentile(times: Sequence[float], share: float) -> float:
    """The smallest time that at least this share of all calls did not exceed."""
    return sorted(times)[math.ceil(share * len(times)) - 1]


def figure(rounds: Sequence[Round], at_once: int) -> dict[str, Any]:
    """The figures of one action at so many students at once, over its rounds."""
    ratios = [one.ratio(at_once) for one in rounds]
    times = [time for one in rounds for time in one.block.times]
    median, slow = statistics.median(times), percentile(times, 0.99)
    return {
        "ratio": round(statistics.median(ratios), 2),
        "ratio_lowest": round(min(ratios), 2),
        "ratio_highest": round(max(ratios), 2),
        "calls": len(times),
        "per_second": round(statistics.median(one.block.rate for one in rounds)),
        "p50_ms": round(1000 * median, 1),
        "p99_ms": round(1000 * slow, 1),
        "p99_by_p50": round(slow / median, 1),
    }


def judge(figures: Mapping[int, Mapping[str, Any]], page_bytes: int, counted: Mapping[str, Any]) -> list[str]:
    """Every limit that was missed, in words."""
    missed = []
    for at_once, by_action in figures.items():
        limits = RATIO_OF_MANY if at_once >= MANY else RATIO
        for action in ACTIONS:
            found = by_action[action]
            if found["ratio"] > limits[action]:
                missed.append(f"{action} at {at_once}: {found['ratio']} times the floor, limit {limits[action]}")
            if found["p99_by_p50"] > TAIL:
                missed.append(f"{action} at {at_once}: p99 is {found['p99_by_p50']} times the median, limit {TAIL}")
    if page_bytes > PAGE_BYTES:
        missed.append(f"page: {page_bytes} bytes, limit {PAGE_BYTES}")
    for action, limit in STATEMENTS.items():
        if counted[action]["statements"] > limit:
            missed.append(f"{action}: {counted[action]['statements']} statements, limit {limit}")
    for name, found in counted.items():
        action, _comma, longer = name.partition(", ")
        if longer and found["statements"] != counted[action]["statements"]:
            missed.append(
                f"{name}: {found['statements']} statements, and {counted[action]['statements']} with fewer items"
            )
    return missed


def table(figures: Mapping[int, Mapping[str, Any]]) -> str:
    """The figures for people."""
    lines = [
        f"{'':<10}{'at once':>8}{'times the floor':>24}{'limit':>7}{'per s':>8}{'p50 ms':>9}{'p99 ms':>9}{'p99/p50':>9}"
    ]
    for at_once, by_action in figures.items():
        floor = by_action["floor"]
        lines.append(
            f"{'floor':<10}{at_once:>8}{'':>31}{floor['per_second']:>8}{floor['p50_ms']:>9}{floor['p99_ms']:>9}"
            f"{floor['p99_by_p50']:>9}"
        )
        for action in ACTIONS:
            found = by_action[action]
            limit = (RATIO_OF_MANY if at_once >= MANY else RATIO)[action]
            mark = "*" if found["ratio"] > limit else " "
            spread = f"({found['ratio_lowest']} to {found['ratio_highest']})"
            lines.append(
                f"{action:<10}{at_once:>8}{found['ratio']:>9}{mark}{spread:>14}{limit:>7}{found['per_second']:>8}"
                f"{found['p50_ms']:>9}{found['p99_ms']:>9}{found['p99_by_p50']:>9}"
            )
    return "\n".join(lines)


def counts(counted: Mapping[str, Any]) -> str:
    """Statements, bytes and processor time for people."""
    lines = [f"{'':<20}{'statements':>12}{'writes':>8}{'savepoints':>12}{'limit':>7}{'bytes':>9}{'CPU ms':>9}"]
    for name, found in counted.items():
        cpu = "" if found["cpu_ms"] is None else found["cpu_ms"]
        lines.append(
            f"{name:<20}{found['statements']:>12}{found['writes']:>8}{found['savepoints']:>12}"
            f"{STATEMENTS.get(name, ''):>7}{found['bytes']:>9}{cpu:>9}"
        )
    return "\n".join(lines)

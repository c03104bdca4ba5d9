"""Puts the JSON lines of a run into one table: medians, ratios, targets."""

import json
import statistics
import sys

# Figure: (least or most, target, whether the target is a ratio to the peer)
TARGETS = {
    "durable turns": (">=", 2000, False),
    "turn p99 at 1000/s": ("<", 10, False),
    "encrypted round trips, 1 KB": (">=", 8, True),
    "encrypted round trips, 1 KB, 16 in flight": (">=", 8, True),
    "cold start to first healthy answer": ("<", 100, False),
    "idle memory, resident": ("<", 40, False),
    "stripped binary": ("<", 40, False),
    "policy decision p99": ("<", 0.2, False),
    "guard, full analysis p50": ("<", 60, False),
    "guard, full analysis p99": ("<", 250, False),
    "shell parser": (">=", 20, False),
    "secret scanner, clean text": (">=", 100, False),
}


def show(value: float | None) -> str:
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def main(path: str) -> int:
    values: dict[str, dict[str, list[float]]] = {}
    units: dict[str, str] = {}
    with open(path) as lines:
        for line in lines:
            entry = json.loads(line)
            values.setdefault(entry["figure"], {}).setdefault(entry["side"], []).append(entry["value"])
            units[entry["figure"]] = entry["unit"]
    rows = [("figure", "unit", "ours", "peer", "ratio", "target", "met")]
    missed = 0
    for name, sides in values.items():
        ours = statistics.median(sides["ours"]) if "ours" in sides else None
        peer = statistics.median(sides["peer"]) if "peer" in sides else None
        # Better is always above one.
        ratio = None
        if ours and peer:
            ratio = ours / peer if units[name] == "1/s" else peer / ours
        target, met = "", ""
        if TARGETS.get(name):
            relation, bound, is_ratio = TARGETS[name]
            target = f"{relation} {bound:,}{'x' if is_ratio else ''}"
            measured = ratio if is_ratio else ours
            if measured is not None:
                is_met = measured >= bound if relation == ">=" else measured < bound
                met = "yes" if is_met else "NO"
                missed += not is_met
        rows.append((name, units[name], show(ours), show(peer), f"{show(ratio)}x" if ratio else "-", target, met))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for index, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if index == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return missed


if __name__ == "__main__":
    missed = main(sys.argv[1])
    print(f"\nmissed targets: {missed}")

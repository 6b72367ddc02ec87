"""The chart of `bench.growth`: milliseconds of queries against the number of articles, both logarithmic."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

WIDTH, HEIGHT = 8.0, 5.5
"""Inches, at 100 pixels each."""


def draw_chart(sizes: Sequence[int], lines: Mapping[str, Sequence[float]], path: Path) -> None:
    """Write a PNG with a line for each of `lines`, named in a legend."""
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.subplots()
    for name, milliseconds in lines.items():
        axes.plot(sizes, milliseconds, marker="o", markersize=4, label=name)
    axes.set(xscale="log", yscale="log", xlabel="articles", ylabel="milliseconds of CPU, not cached")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", fontsize="small", frameon=False)
    figure.savefig(path, dpi=100, metadata={"Software": None})

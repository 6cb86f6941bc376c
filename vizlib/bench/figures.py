"""Draws the slide of bench_test.go with matplotlib and with vizlib, in the same run, and prints the times.

    make bench-figures

Both draw to memory; each time is the median of as many runs as fit into two seconds, after one to warm up.
"""

import io
import re
import statistics
import subprocess
import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Ellipse

SECONDS = 2.0


def bell(x, m, s):
    return np.exp(-0.5 * ((x - m) / s) ** 2) / (s * np.sqrt(2 * np.pi))


def slide():
    """The picture of panels() in bench_test.go: three panels, seven curves, a split histogram, labels."""
    fig = plt.figure(figsize=(16, 9))
    fig.text(0.04, 0.935, "Two bumps, one sweep at a time", fontsize=24, weight="bold")
    fig.text(0.04, 0.88, "sweep 2 · q(c) moved", fontsize=17, weight="bold")
    fig.text(0.97, 0.88, "−87.81 nats", fontsize=17, ha="right")
    x = np.linspace(-5, 5, 200)
    top = fig.add_axes([0.04, 0.48, 0.56, 0.36])
    top.fill_between(x, bell(x, -1.5, 0.5), alpha=0.5, color="#0072b2")
    top.plot(x, bell(x, -1.5, 0.5), lw=6, color="#0072b2")
    top.fill_between(x, bell(x, 2, 0.5), alpha=0.2, color="#d55e00", hatch="//")
    top.plot(x, bell(x, 2, 0.5), lw=3, ls="--", color="#d55e00")
    top.plot(x, bell(x, 0, 2), lw=3, color="#555555")
    for text, at in (("q(μ₁)", (-1.4, 0.8)), ("q(μ₂)", (2.1, 0.8)), ("p", (0, 0.22))):
        top.annotate(text, at, fontsize=15)
    low = fig.add_axes([0.04, 0.1, 0.56, 0.34], sharex=top)
    data = -4 + 8 * np.arange(60) / 60
    share = np.arange(60) / 60
    low.hist([data, data], bins=18, weights=[(1 - share) / 60, share / 60], stacked=True, alpha=0.75, color=["#0072b2", "#d55e00"])
    low.plot(x, bell(x, -1.5, 1), lw=3, color="#0072b2")
    low.plot(x, bell(x, 2, 1), lw=3, ls="--", color="#d55e00")
    low.set_xlabel("x", fontsize=15)
    side = fig.add_axes([0.7, 0.1, 0.27, 0.74])
    side.add_patch(Ellipse((0, 0), 6, 2, angle=40, alpha=0.4, color="#555555"))
    side.add_patch(Ellipse((0, 0), 2, 2, fill=False, lw=5, color="#0072b2"))
    side.plot(data, data, "o", mfc="white", color="#d55e00")
    side.set(xlim=(-5, 5), ylim=(-5, 5))
    side.set_xlabel("θ₁", fontsize=15)
    side.set_ylabel("θ₂", fontsize=15)
    for axes in (top, low, side):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=15)
    return fig


def matplotlib_ms(kind):
    times = []
    start = time.perf_counter()
    while time.perf_counter() - start < SECONDS or len(times) < 3:
        begin = time.perf_counter()
        fig = slide()
        fig.savefig(io.BytesIO(), format=kind, dpi=100)  # 1600×900
        plt.close(fig)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times[1:])


def vizlib_ms():
    out = subprocess.run(
        ["go", "test", "./vizlib", "-run", "xxx", "-bench", "^Benchmark(SVG|PDF|PNG)$", "-benchtime", "0.5s", "-count", "5"],
        check=True, capture_output=True, text=True,
    ).stdout
    found = {}
    for kind, ns in re.findall(r"^Benchmark(\w+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op", out, re.M):
        found.setdefault(kind.lower(), []).append(float(ns) / 1e6)
    return {kind: statistics.median(v) for kind, v in found.items()}


def main():
    ours = vizlib_ms()
    print(f"one slide of three panels, ms (matplotlib {matplotlib.__version__}, Python {sys.version.split()[0]})")
    print(f"{'':6}{'vizlib':>10}{'matplotlib':>12}{'ratio':>8}")
    for kind in ("svg", "pdf", "png"):
        theirs = matplotlib_ms(kind)
        print(f"{kind:6}{ours[kind]:10.1f}{theirs:12.1f}{theirs / ours[kind]:8.1f}")


if __name__ == "__main__":
    main()

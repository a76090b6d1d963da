"""Plots of docs/performance.md from what was measured."""

from pathlib import Path

from training.plots.canvas import COLOURS, figure

WIDTH, HEIGHT = 9.0, 3.6


def latency(result: dict, out: Path) -> None:
    """Latency over load, as parts of the most that the server takes."""
    with figure(out, 1, 1, WIDTH, HEIGHT) as axes:
        drawing = axes[0, 0]
        loads = [entry["part"] for entry in result["rates"]]
        for colour, (key, name) in zip(COLOURS, (("p50", "median"), ("p95", "95 %"), ("p99", "99 %"))):
            values = [entry["figures"][key] for entry in result["rates"]]
            drawing.plot(loads, values, marker="o", color=colour, label=name)
        drawing.set(xlabel="load, as a part of the most", ylabel="ms from due to answered", ylim=(0, None))
        drawing.legend()
        drawing.grid(alpha=0.3)


def overload(result: dict, out: Path) -> None:
    """What becomes of arrivals before, during and after an overload, and how long the inspected ones take."""
    phases = [("before", "0.8"), ("over", "3.0"), ("after", "0.8 again")]
    names = [name for _, name in phases]
    with figure(out, 1, 2, WIDTH, HEIGHT) as axes:
        bars, times = axes[0]
        bottom = [0.0] * len(phases)
        for colour, outcome in zip((COLOURS[2], COLOURS[3]), ("inspected", "refused")):
            heights = [result[key][outcome] / result[key]["seconds"] for key, _ in phases]
            bars.bar(names, heights, bottom=bottom, color=colour, label=outcome)
            bottom = [low + height for low, height in zip(bottom, heights)]
        bars.set(xlabel="load", ylabel="calls a second")
        bars.legend()
        for colour, (key, name) in zip(COLOURS, (("p50", "median"), ("p99", "99 %"))):
            times.plot(names, [result[phase][key] for phase, _ in phases], marker="o", color=colour, label=name)
        times.set(xlabel="load", ylabel="ms from due to answered", ylim=(0, None))
        times.legend()
        times.grid(alpha=0.3)


ALL = {function.__name__: function for function in (latency, overload)}

"""Learning curves and precision-recall curves."""

import json
from pathlib import Path

import numpy as np
from matplotlib.ticker import NullFormatter

from .canvas import COLOURS, figure

CURVE_COLUMNS = 3


def read_log(path: Path) -> dict[str, np.ndarray]:
    """The columns of a training run's log.jsonl by name. Raises `ValueError` where it has no lines."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if not lines:
        raise ValueError(f"{path}: no lines")
    # A run that started over went back to its last checkpoint: the later line of a step holds.
    by_step = {line["step"]: line for line in lines}
    return {name: np.array([by_step[step][name] for step in sorted(by_step)]) for name in lines[-1]}


def draw_learning_curves(runs: dict[str, Path], out: Path) -> None:
    """Every loss over the steps, one picture per loss, one line per run."""
    logs = {label: read_log(path) for label, path in runs.items()}
    losses = []
    for log in logs.values():
        losses += [name for name in log if name not in ("step", "minutes", "learning_rate", *losses)]
    rows = -(-len(losses) // CURVE_COLUMNS)
    with figure(out, rows, CURVE_COLUMNS, 4 * CURVE_COLUMNS, 2.6 * rows) as axes:
        for axis, name in zip(axes.flat, losses):
            for colour, (label, log) in zip(COLOURS, logs.items()):
                if name in log:
                    axis.plot(log["step"], log[name], color=colour, label=label, linewidth=1)
            axis.set_title(name.replace("_", " "), fontsize=10)
            axis.set_yscale("log")
            # Plain numbers, between the powers of ten where there is room: within one decade powers say nothing.
            axis.yaxis.set_major_formatter("{x:g}")
            few = axis.get_ylim()[1] < 6 * axis.get_ylim()[0]
            axis.yaxis.set_minor_formatter("{x:g}" if few else NullFormatter())
            axis.set_xlabel("step")
            axis.grid(alpha=0.3)
        for axis in axes.flat[len(losses) :]:
            axis.set_visible(False)
        axes.flat[0].legend(fontsize=8)


def draw_precision_recall(models: dict[str, Path], out: Path) -> None:
    """Precision over recall at IoU 0.5, one picture per class, a full line per model for boxes and a dashed for masks."""
    curves = {label: json.loads(path.read_text(encoding="utf-8")) for label, path in models.items()}
    classes = list(next(iter(curves.values()))["box"])
    rows = -(-len(classes) // CURVE_COLUMNS)
    with figure(out, rows, CURVE_COLUMNS, 4 * CURVE_COLUMNS, 3 * rows) as axes:
        for axis, name in zip(axes.flat, classes):
            for colour, (label, curve) in zip(COLOURS, curves.items()):
                for kind, style in (("box", "-"), ("mask", "--")):
                    values = (curve[kind] or {}).get(name)
                    if values is not None:
                        axis.plot(curve["recall"], values, style, color=colour, label=f"{label}, {kind}", linewidth=1.2)
            axis.set_title(name, fontsize=10)
            axis.set(xlabel="recall", ylabel="precision", xlim=(0, 1.01), ylim=(0, 1.03))
            axis.grid(alpha=0.3)
        for axis in axes.flat[len(classes) :]:
            axis.set_visible(False)
        axes.flat[0].legend(fontsize=8, loc="lower left")

"""How all figures look."""

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402 - the backend is chosen first

DOTS_PER_INCH = 110
COLOURS = ("#0b6e99", "#d1495b", "#3c8d40", "#e09f3e", "#6d597a", "#444444")
"""Of the models, in their order; and of the six classes."""


@contextmanager
def figure(out: Path, rows: int, columns: int, width: float, height: float) -> Iterator[np.ndarray]:
    """A grid of axes [rows, columns] of width x height inches in all; written to `out` at the end."""
    drawing, axes = pyplot.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="constrained")
    try:
        yield axes
        out.parent.mkdir(parents=True, exist_ok=True)
        # No date and version inside, so that the same figure is the same file.
        drawing.savefig(out, dpi=DOTS_PER_INCH, metadata={"Software": None})
    finally:
        pyplot.close(drawing)

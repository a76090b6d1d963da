"""Draws the figures of docs/accuracy.md.

    python3 -m training.figures learning --run LABEL=LOG.jsonl … --out learning.png
    python3 -m training.figures precision-recall --model LABEL=CURVES.json … --out precision-recall.png
    python3 -m training.figures small-objects --model LABEL=FIGURES.json … --out small-objects.png
    python3 -m training.figures panels --image SAMPLE.png --predictions FILE.jsonl --min-score T --out panels.png

LOG is a training run's log.jsonl; CURVES and FIGURES are what `training.evaluate --curves` and `--details --out` write;
the predictions are lines of `ymasknet inspect --json`.
"""

import argparse
import sys
from pathlib import Path

from training.plots.curves import draw_learning_curves, draw_precision_recall
from training.plots.panels import draw_panels
from training.plots.small_objects import draw_small_objects


def labelled_path(text: str) -> tuple[str, Path]:
    """LABEL=PATH of a command line."""
    label, separator, path = text.partition("=")
    if not (label and separator and path):
        raise argparse.ArgumentTypeError(f"{text} is not LABEL=PATH")
    return label, Path(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="training.figures", description="Draws the figures of docs/accuracy.md.")
    figures = parser.add_subparsers(dest="figure", required=True)
    for name, option, meaning in (
        ("learning", "--run", "log.jsonl of a training run"),
        ("precision-recall", "--model", "output of training.evaluate --curves"),
        ("small-objects", "--model", "output of training.evaluate --details --out"),
    ):
        figure = figures.add_parser(name)
        figure.add_argument(option, dest="inputs", type=labelled_path, action="append", required=True, help=meaning)
    panels = figures.add_parser("panels")
    panels.add_argument("--image", type=Path, action="append", required=True, help="picture that was inspected")
    panels.add_argument("--predictions", type=Path, required=True, help="JSON lines of `ymasknet inspect --json`")
    panels.add_argument("--min-score", type=float, required=True)
    for figure in figures.choices.values():
        figure.add_argument("--out", type=Path, required=True, help="PNG to write")
    return parser


def main() -> int:
    """Draws one figure; exit code 2 where its input cannot be used."""
    arguments = _parser().parse_args()
    try:
        if arguments.figure == "learning":
            draw_learning_curves(dict(arguments.inputs), arguments.out)
        elif arguments.figure == "precision-recall":
            draw_precision_recall(dict(arguments.inputs), arguments.out)
        elif arguments.figure == "small-objects":
            draw_small_objects(dict(arguments.inputs), arguments.out)
        else:
            draw_panels(arguments.image, arguments.predictions, arguments.min_score, arguments.out)
    except (OSError, ValueError, KeyError) as error:
        print(f"figures: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Writes the tables of docs/accuracy.md from measured figures.

    python3 -m training.tables --rows docs/accuracy/rows.json --document docs/accuracy.md

rows.json is a list of rows: `model` (its label), `kind` ("comparison", "shipped", "published" or "not run"), `note`, and
either `figures`, the name of a file beside rows.json that `training.measure` wrote, or `values`, figures that others
published. `data` is "boards" (where it is missing) or "tiles". `parameters` (millions), `megabytes` (of ONNX files) and
`milliseconds` (per image, through the server) come from the row or from its figures. Each table stands in the document
between `<!-- table: NAME -->` and `<!-- end -->`.
"""

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

NOTHING = "–"
KINDS = ("comparison", "shipped", "published", "not run")
COST = {"parameters": "parameters, M", "megabytes": "MB", "milliseconds": "ms an image"}
TABLES = {
    "detection": {
        "box_map50": "mAP@.5",
        "box_map50_95": "mAP@[.5:.95]",
        "precision": "precision",
        "recall": "recall",
        "f1": "F1",
        "deeppcb_map": "DeepPCB mAP",
        "deeppcb_f1": "DeepPCB F",
    },
    "segmentation": {
        "mask_map50": "mask mAP@.5",
        "mask_map50_95": "mask mAP@[.5:.95]",
        "mask_iou": "mask IoU",
        "mask_dice": "Dice",
    },
    "small-objects": {
        "small_box_map50": "mAP@.5",
        "small_box_map50_95": "mAP@[.5:.95]",
        "small_precision": "precision",
        "small_recall": "recall",
        "small_mask_iou": "mask IoU",
        "small_mask_dice": "Dice",
    },
    "tiles": {
        "iou.Blowhole": "IoU blowhole",
        "iou.Break": "break",
        "iou.Crack": "crack",
        "iou.Fray": "fray",
        "iou.Uneven": "uneven",
        "mean_iou": "mean IoU",
        "defect_dice": "Dice, defect or not",
        "free_marked": "sound tiles marked",
    },
}
"""Columns of each table: figure and heading."""
BOARDS, TILES = "boards", "tiles"
DATA = {"tiles": TILES}
"""What the images of a table show; boards where it is not here."""


class TableError(ValueError):
    """The rows or the document cannot be used; the message says which."""


@dataclass(frozen=True)
class Row:
    """One model of the tables."""

    model: str
    kind: str
    note: str
    data: str
    values: dict[str, float | None]
    intervals: dict[str, list[float] | None]
    cost: dict[str, float]

    def cell(self, figure: str) -> str:
        """The figure with its interval, where it has one."""
        value, interval = self.values.get(figure), self.intervals.get(figure)
        if value is None:
            return NOTHING
        bounds = f" ({fraction(interval[0])}–{fraction(interval[1])})" if interval else ""
        return fraction(value) + bounds


def fraction(value: float) -> str:
    """Three decimals, without the zero before the point."""
    return f"{value:.3f}".removeprefix("0")


def load_rows(path: Path) -> list[Row]:
    """The rows in their order. Raises `TableError`."""
    return [_row(entry, path.parent) for entry in json.loads(path.read_text(encoding="utf-8"))]


def _row(entry: dict, folder: Path) -> Row:
    if entry["kind"] not in KINDS:
        raise TableError(f"{entry['model']}: kind {entry['kind']} is not one of {', '.join(KINDS)}")
    values = entry.get("values", {})
    if "figures" in entry:
        values = json.loads((folder / entry["figures"]).read_text(encoding="utf-8"))
    cost = {name: (values | entry)[name] for name in COST if name in values | entry}
    return Row(entry["model"], entry["kind"], entry.get("note", ""), entry.get("data", BOARDS), values, values.get("intervals", {}), cost)


def table(name: str, rows: list[Row]) -> str:
    """One table in Markdown; the first one also has what a model costs. Rows stand in the tables of their own data, those
    that others published only where they have a figure."""
    columns = TABLES[name]
    costs = COST if name == next(iter(TABLES)) else {}
    headings = ["model", "kind", *columns.values(), *costs.values(), "note"]
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    for row in rows:
        if row.data != DATA.get(name, BOARDS):
            continue
        if row.kind == "published" and all(row.values.get(figure) is None for figure in columns):
            continue
        cells = [row.model, row.kind, *(row.cell(figure) for figure in columns)]
        cells += [f"{row.cost[key]:g}" if key in row.cost else NOTHING for key in costs]
        lines.append("| " + " | ".join([*cells, row.note]) + " |")
    return "\n".join(lines)


def fill(document: str, rows: list[Row]) -> str:
    """The document with its tables written anew. Raises `TableError` where a table has no place in it."""
    for name in TABLES:
        place = re.compile(rf"(<!-- table: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not place.search(document):
            raise TableError(f"the document has no place for the table {name}")
        document = place.sub(lambda match, name=name: f"{match[1]}{table(name, rows)}\n{match[2]}", document)
    return document


def main() -> int:
    """Exit code 1 with `--check` where the tables are no longer those of the figures, 2 where a file cannot be used."""
    parser = argparse.ArgumentParser(prog="training.tables", description="Writes the tables of docs/accuracy.md.")
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--document", type=Path, required=True)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    try:
        old = arguments.document.read_text(encoding="utf-8")
        new = fill(old, load_rows(arguments.rows))
    except (OSError, KeyError, ValueError) as error:
        print(f"tables: {error}", file=sys.stderr)
        return 2
    if arguments.check:
        return 0 if new == old else 1
    arguments.document.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

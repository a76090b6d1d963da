"""Writes the tables and plots of docs/performance.md from measured figures.

    python3 -m perf.measuring.report --figures docs/performance --document docs/performance.md

A table stands in the document between `<!-- table: NAME -->` and `<!-- end -->`, NAME.json being its figures; NAME-int8 are
those of the 8-bit networks.
"""

import argparse
import json
import re
from pathlib import Path

from perf.measuring import tables

PLACE = re.compile(r"(<!-- table: (\w+)(-int8)? -->\n).*?(<!-- end -->)", re.DOTALL)


def read(figures: Path, name: str) -> dict:
    """An experiment's figures."""
    return json.loads((figures / f"{name}.json").read_text(encoding="utf-8"))


def fill(document: str, figures: Path) -> str:
    """The document with its tables written anew."""

    def table(match: re.Match) -> str:
        name, suffix = match[2], match[3] or ""
        result = read(figures, name + suffix)
        return f"{match[1]}{tables.ALL[name](result)}\n\n{tables.machine(result)}\n{match[4]}"

    return PLACE.sub(table, document)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=Path, required=True)
    parser.add_argument("--document", type=Path, required=True)
    arguments = parser.parse_args()
    document = arguments.document.read_text(encoding="utf-8")
    arguments.document.write_text(fill(document, arguments.figures), encoding="utf-8")

    # Only plots need matplotlib.
    from perf.measuring import plots

    for name, draw in plots.ALL.items():
        draw(read(arguments.figures, name), arguments.figures / f"{name}.png")


if __name__ == "__main__":
    main()

"""Writes the tables and plots of docs/performance.md from measured figures.

    python3 -m perf.measuring.report --figures docs/performance --document docs/performance.md

A table stands in the document between `<!-- table: NAME -->` and `<!-- end -->`, NAME.json being its figures.
"""

import argparse
import json
import re
from pathlib import Path

from perf.measuring import plots, tables

PLACE = re.compile(r"(<!-- table: (\w+)(-int8)? -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=Path, required=True)
    parser.add_argument("--document", type=Path, required=True)
    arguments = parser.parse_args()

    def read(name: str) -> dict:
        return json.loads((arguments.figures / f"{name}.json").read_text())

    def fill(match: re.Match) -> str:
        name, suffix = match[2], match[3] or ""
        return f"{match[1]}{tables.ALL[name](read(name + suffix))}\n{match[4]}"

    arguments.document.write_text(PLACE.sub(fill, arguments.document.read_text()))
    for name, draw in plots.ALL.items():
        draw(read(name), arguments.figures / f"{name}.png")


if __name__ == "__main__":
    main()

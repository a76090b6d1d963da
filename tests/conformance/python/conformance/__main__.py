"""Runs the cases of a file with the Python client and prints one line of JSON for each.

    python3 -m conformance cases FILE
    python3 -m conformance soak ADDRESS MODEL PIXELS WIDTH HEIGHT FRAMES
    python3 -m conformance rate ADDRESS MODEL PIXELS WIDTH HEIGHT SECONDS
"""

import json
import sys
import traceback
from pathlib import Path

from conformance import load
from conformance.cases import Runner


def run_cases(path: Path) -> None:
    """Prints a line for each case: its name, and its lines or why there are none."""
    suite = json.loads(path.read_text(encoding="utf-8"))
    runner = Runner(suite["images"])
    for case in suite["cases"]:
        try:
            outcome = {"name": case["name"], "lines": runner.run(case)}
        except Exception:
            outcome = {"name": case["name"], "crashed": traceback.format_exc()}
        print(json.dumps(outcome), flush=True)
    runner.close()


def main() -> None:
    command, *arguments = sys.argv[1:]
    if command == "cases":
        run_cases(Path(arguments[0]))
        return
    address, model, pixels, width, height, amount = arguments
    if command == "soak":
        load.soak(address, model, Path(pixels), int(width), int(height), int(amount))
    elif command == "rate":
        load.rate(address, model, Path(pixels), int(width), int(height), float(amount))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()

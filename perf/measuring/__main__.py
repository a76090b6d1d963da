"""Measures the server on a machine that does nothing else.

    python3 -m perf.measuring --out docs/performance cpu lanes batches latency overload stream transport

The programs must have been built in Release. Pictures are the binary and grey 640 x 640 boards of `samples`, and the
same as JPEGs. Each experiment writes NAME.json; `python3 -m perf.measuring.report` makes tables and plots of them.
"""

import argparse
import json
import os
import platform
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2

from perf.measuring.experiments import ALL
from perf.measuring.processes import ROOT

MODEL = "pcb-ymasknet"
JPEG_QUALITY = 95


@dataclass(frozen=True)
class Setup:
    """What all experiments share."""

    models: Path
    package: Path
    precision: str
    images: dict[str, Path]
    seconds: float
    rounds: int

    @property
    def one_model(self) -> list[str]:
        """Options of a server that runs the measured precision."""
        return self.one_model_in(self.precision)

    def one_model_in(self, precision: str) -> list[str]:
        """Options of a server that runs a precision."""
        return ["--precision", f"auto,{MODEL}={precision}", "--default-model", MODEL]


def machine() -> dict:
    """The processor, its cores and memory."""
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"cpu": names[0] if names else platform.machine(), "cores": os.cpu_count(), "memory_gib": round(pages / 2**30)}


def write_images(folder: Path) -> dict[str, Path]:
    """The sample boards, as PNG and as JPEG."""
    folders = {form: folder / form for form in ("png", "jpeg")}
    for form in folders.values():
        form.mkdir()
    for sample in sorted((ROOT / "samples").glob("*.png")):
        pixels = cv2.imread(str(sample), cv2.IMREAD_UNCHANGED)
        if pixels.dtype != "uint8" or pixels.shape[:2] != (640, 640):
            continue
        shutil.copy(sample, folders["png"])
        cv2.imwrite(str(folders["jpeg"] / f"{sample.stem}.jpg"), pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return folders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiments", nargs="+", choices=ALL)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--precision", choices=("fp32", "int8"), default="fp32")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()

    versions = (arguments.models / MODEL).iterdir()
    package = max(versions, key=lambda version: int(version.name))
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(
            arguments.models, package, arguments.precision, write_images(Path(folder)), arguments.seconds, arguments.rounds
        )
        for name in arguments.experiments:
            result = {"machine": machine(), "precision": arguments.precision, **ALL[name](setup)}
            suffix = "" if arguments.precision == "fp32" else f"-{arguments.precision}"
            (arguments.out / f"{name}{suffix}.json").write_text(json.dumps(result, indent=1) + "\n")
            print(f"{name}: written", flush=True)


if __name__ == "__main__":
    main()

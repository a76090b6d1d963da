"""Which images the 8 bits are fitted to, and the run of `src/Calibration` over them."""

import json
import subprocess
import tempfile
from pathlib import Path

import onnx

from training.data.deeppcb import dataset_root, is_held_out
from training.data.tile_families import families, held_out
from training.data.tiles import tiles_root
from training.reference.manifest import Manifest

from .graph import observable
from .observations import Observations, load_observations

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PROJECT = REPOSITORY / "src" / "Calibration"


class CalibrationError(RuntimeError):
    """The run over the images failed; the message is the tool's."""


def data_root(manifest: Manifest) -> Path:
    """The folder of the data that the package learned from. Raises `CalibrationError`."""
    try:
        return tiles_root() if manifest.semantic else dataset_root()
    except RuntimeError as error:
        raise CalibrationError(str(error)) from error


def calibration_images(manifest: Manifest, count: int) -> list[Path]:
    """`count` training images, evenly spread over the annotation file: never a held-out one, never one for measuring."""
    root = data_root(manifest)
    if manifest.semantic:
        entries = json.loads((root / "train.json").read_text())
        family_of = families(entries)
        kept_back = held_out(entries, family_of)
        names = [entry["image"] for entry in entries if family_of[entry["image"]] not in kept_back]
    else:
        entries = json.loads((root / "train.json").read_text())["images"]
        names = [entry["file_name"] for entry in entries if not is_held_out(entry["file_name"])]
    return [root / "images" / name for name in evenly_spread(names, count)]


def evenly_spread(names: list[str], count: int) -> list[str]:
    """`count` of the names at equal distances, all of them where there are no more."""
    count = min(count, len(names))
    return [names[index * len(names) // count] for index in range(count)]


def observe(
    package: Path, networks: dict[str, onnx.ModelProto], images: list[Path], result: Path, threads: int
) -> Observations:
    """Runs the images through the C# pipeline, which writes down what it sees in the networks' tensors. Raises
    `CalibrationError`.

    networks: prepared, by role.
    """
    with tempfile.TemporaryDirectory() as folder:
        for role, model in networks.items():
            onnx.save(observable(model), str(Path(folder) / f"{role}.onnx"))
        listing = Path(folder) / "images.txt"
        listing.write_text("".join(f"{path}\n" for path in images), encoding="utf-8")
        command = ["dotnet", "run", "--project", str(PROJECT), "-c", "Release", "--", "observe"]
        command += ["--package", str(package), "--networks", folder, "--images", str(listing), "--out", str(result)]
        finished = subprocess.run([*command, "--threads", str(threads)], capture_output=True, text=True, check=False)
    if finished.returncode:
        raise CalibrationError((finished.stderr or finished.stdout).strip())
    return load_observations(result)

"""Adds 8-bit networks to a model package.

    YMASKNET_DATA=... python3 -m training.quantise --package models/pcb-ymasknet/1

Runs training images through the C# pipeline (`src/Calibration`; needs the .NET SDK) to see what values the networks'
tensors take, writes NAME.int8.onnx beside each network, enters them into model.json, writes the goldens of this precision,
and measures both precisions with the reference on the held-out boards and on test_open. To be run again after every
`training.release`. Which precision the server prefers is `--prefer`'s alone to say.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import onnx
import torch

from .golden import GOLDENS, SAMPLES
from .golden import write as write_goldens
from .packaging.manifest_file import read_manifest, sha256, write_manifest
from .quantisation.accuracy import Part, compare
from .quantisation.calibration import CalibrationError, calibration_images, data_root, observe
from .quantisation.graph import QuantisationError, prepare, quantise
from .quantisation.observations import ObservationError, Observations, load_observations
from .reference.manifest import PRECISIONS, Manifest, ManifestError, load_manifest

CALIBRATION_IMAGES = 150
PROVENANCE = "quantisation"
"""Key of what model.json says about the 8-bit networks' making."""


def prepared_networks(manifest: Manifest) -> dict[str, onnx.ModelProto]:
    """The float networks by role, as `quantise` takes them."""
    paths = {"stage1": manifest.stage1, "stage2": manifest.stage2}
    return {role: prepare(onnx.load(str(path))) for role, path in paths.items() if path}


def quantise_package(package: Path, observations: Observations, kept: frozenset[str] = frozenset()) -> None:
    """Writes the 8-bit networks and enters them into model.json; those of an earlier run are replaced. Raises
    `QuantisationError` and `ObservationError`."""
    manifest = load_manifest(package)
    networks = prepared_networks(manifest)
    names = {node.name for model in networks.values() for node in model.graph.node}
    if unknown := kept - names:
        raise QuantisationError(f"there is no node {', '.join(sorted(unknown))}")
    entries = []
    for role, model in networks.items():
        nodes = {node.name for node in model.graph.node}
        input_range = _input_range(manifest) if role == "stage1" else None
        quantised = quantise(model, observations.stages.get(role, {}), input_range, kept & nodes)
        path = package / f"{role}.int8.onnx"
        onnx.save(quantised, str(path))
        entries.append({"role": role, "precision": "int8", "path": path.name, "sha256": sha256(path)})
    document = read_manifest(package)
    document["files"] = [entry for entry in document["files"] if entry.get("precision", "fp32") != "int8"] + entries
    # The goldens of the networks before are no longer true.
    document["goldens"] = [entry for entry in document.get("goldens", []) if entry.get("precision", "fp32") != "int8"]
    document.setdefault("provenance", {})[PROVENANCE] = _provenance(observations, kept)
    write_manifest(package, document)


def set_preference(package: Path, precision: str) -> None:
    """Says in model.json which precision a server prefers where the processor suits it."""
    document = read_manifest(package)
    document.pop("preferredPrecision", None)
    if precision != "fp32":
        place = list(document).index("files") + 1
        entries = list(document.items())
        document = dict([*entries[:place], ("preferredPrecision", precision), *entries[place:]])
    write_manifest(package, document)


def note_accuracy(package: Path, part: Part, figures: dict[str, float]) -> None:
    """Notes figures of the 8-bit networks in model.json as `int8.PART.NAME`."""
    document = read_manifest(package)
    prefix = f"int8.{part.value}."
    accuracy = {name: value for name, value in document.get("accuracy", {}).items() if not name.startswith(prefix)}
    document["accuracy"] = accuracy | {f"{prefix}{name}": value for name, value in figures.items()}
    write_manifest(package, document)


def _input_range(manifest: Manifest) -> tuple[float, float]:
    """What the first network's input can hold: samples of 0 to 1, normalised."""
    ends = [((0 - mean) / std, (1 - mean) / std) for mean, std in zip(manifest.input.mean, manifest.input.std)]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _provenance(observations: Observations, kept: frozenset[str]) -> str:
    text = f"8-bit ranges from {observations.images} training images through the C# pipeline"
    return f"{text}; in float32: {', '.join(sorted(kept))}" if kept else text


def main() -> int:
    """Exit code 2 where the package or the observations cannot be used."""
    parser = argparse.ArgumentParser(prog="training.quantise", description="Adds 8-bit networks to a model package.")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    parser.add_argument("--images", type=int, default=CALIBRATION_IMAGES, help="training images to look at")
    parser.add_argument("--observations", type=Path, help="what was seen in them: read if it is there, else written")
    parser.add_argument("--keep", action="append", default=[], metavar="NODE", help="a node that stays float32")
    parser.add_argument("--prefer", choices=PRECISIONS, default="fp32", help="what servers prefer on a suitable processor")
    parser.add_argument("--no-test", action="store_true", help="measure on the held-out images alone")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        data_root(load_manifest(arguments.package))
        kept = frozenset(arguments.keep)
        quantise_package(arguments.package, _observations(arguments), kept)
        set_preference(arguments.package, arguments.prefer)
        write_goldens(arguments.package, SAMPLES, GOLDENS, "int8")
        for part in (Part.HELD_OUT,) if arguments.no_test else Part:
            figures = compare(arguments.package, part)
            _print(part, figures)
            if part is Part.TEST:
                note_accuracy(arguments.package, part, figures["int8"])
    except (CalibrationError, ManifestError, ObservationError, QuantisationError, OSError) as error:
        print(f"quantise: {error}", file=sys.stderr)
        return 2
    return 0


def _observations(arguments: argparse.Namespace) -> Observations:
    manifest = load_manifest(arguments.package)
    if arguments.observations and arguments.observations.exists():
        return load_observations(arguments.observations)
    images = calibration_images(manifest, arguments.images)
    with tempfile.TemporaryDirectory() as folder:
        result = (arguments.observations or Path(folder) / "observations.json").resolve()
        return observe(arguments.package.resolve(), prepared_networks(manifest), images, result, arguments.threads)


def _print(part: Part, figures: dict[str, dict[str, float]]) -> None:
    print(f"{part.value:34} {'fp32':>8} {'int8':>8} {'change':>8}")
    for name, value in figures["fp32"].items():
        quantised = figures["int8"].get(name, float("nan"))
        print(f"{name:34} {value:8.4f} {quantised:8.4f} {quantised - value:+8.4f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

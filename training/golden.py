"""Expected results of the committed samples, made by PyTorch from a package's weights.

    python3 -m training.golden --package models/pcb-ymasknet/1            writes them
    python3 -m training.golden --package models/pcb-ymasknet/1 --check    makes them again and compares

tests/goldens/NAME (of other precisions than fp32: NAME/PRECISION) holds one JSON line per image and task: the record of
`ymasknet inspect --json` with the SHA-256 of the image, the `minScore` and `maxDefects` it was made with, and for Segment
the `rois`. The images are the samples and, in tests/goldens/images, parts of them in other sizes and colours, which the
letterbox has to fit. The package itself gets one sample with its expected result, which the server checks before it says
that it is ready.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from .packaging.manifest_file import read_manifest, sha256, write_manifest
from .metrics.agreement import MASK_PART, MASK_PIXELS, Agreement, Tolerance, compare_image
from .metrics.predictions import to_instances
from .reference.__main__ import image_files
from .reference.manifest import PRECISIONS, load_manifest
from .reference.open import open_pipeline
from .reference.pipeline import Filter, Inspection, Pipeline, Region
from .reference.records import to_record
from .reference.semantic import SemanticInspection, SemanticPipeline

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLES = REPOSITORY / "samples"
GOLDENS = REPOSITORY / "tests" / "goldens"

LOW_FILTER = Filter(min_score=0.05, max_defects=300)
"""Far below the shipped thresholds: weak candidates exercise the pipeline as much as strong ones."""
SAME_WEIGHTS = Tolerance(box_pixels=0.01, score=1e-4, mask_part=1.0)
"""PyTorch with itself: only another processor's rounding is between the runs."""
DECIMALS = 6
DERIVED_SOURCE = "connectors-binary.png"
START_UP_SOURCE = "connectors-binary.png"
START_UP_TILE = "tiles/crack.png"
CORNER_REGION = Region((-8.0, -8.0, 40.0, 32.0))
"""A given box that reaches over the image's corner."""
SETTINGS = ("image", "sha256", "width", "height", "minScore", "maxDefects", "rois")
"""What a golden was made from."""


def golden_records(pipeline: Pipeline | SemanticPipeline, samples: Path, goldens: Path) -> dict[str, list[dict]]:
    """Records by task name: of a semantic model for the sample tiles, of any other for the boards and derived images."""
    model = pipeline.manifest.reference
    if isinstance(pipeline, SemanticPipeline):
        return {"segment": [_record(path, model, pipeline.segment(path)) for path in image_files([samples / "tiles"])]}
    rois = _rois(samples)
    tasks: dict[str, list[dict]] = {task: [] for task in pipeline.manifest.tasks}
    limits = {"minScore": LOW_FILTER.min_score, "maxDefects": LOW_FILTER.max_defects}
    for path in image_files([samples, goldens / "images"]):
        tasks["detect"].append(_record(path, model, pipeline.detect(path, LOW_FILTER)) | limits)
        if "detectAndSegment" not in tasks:
            continue
        tasks["detectAndSegment"].append(_record(path, model, pipeline.detect_and_segment(path, LOW_FILTER)) | limits)
        regions = [*rois.get(path.name, []), CORNER_REGION]
        given = [_roi(region) for region in regions]
        tasks["segment"].append(_record(path, model, pipeline.segment(path, regions)) | {"rois": given})
    return tasks


def write(package: Path, samples: Path, goldens: Path, precision: str = "fp32") -> None:
    """Writes the goldens of the samples, and the package's own."""
    pipeline = open_pipeline(load_manifest(package, precision))
    _write_derived_images(samples / DERIVED_SOURCE, goldens / "images")
    folder = _folder(goldens, package, precision)
    folder.mkdir(parents=True, exist_ok=True)
    for task, records in golden_records(pipeline, samples, goldens).items():
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{task}.jsonl").write_text(lines, encoding="utf-8")
    _write_start_up_golden(package, pipeline, samples)


def check(package: Path, samples: Path, goldens: Path, precision: str = "fp32") -> Agreement:
    """Makes all goldens again and compares them with the committed ones, the package's own too."""
    manifest = load_manifest(package, precision)
    pipeline = open_pipeline(manifest)
    result = Agreement(SAME_WEIGHTS)
    for task, records in golden_records(pipeline, samples, goldens).items():
        text = (_folder(goldens, package, precision) / f"{task}.jsonl").read_text(encoding="utf-8")
        _compare(task, [json.loads(line) for line in text.splitlines()], records, manifest.classes, result)
    own = [golden for golden in read_manifest(package)["goldens"] if golden.get("precision", "fp32") == precision]
    for golden in own:
        committed = json.loads((package / golden["expected"]).read_text(encoding="utf-8"))
        image = package / golden["image"]
        fresh = _record(image, manifest.reference, pipeline.best(image))
        _compare("start-up", [committed], [fresh], manifest.classes, result)
    return result


def _folder(goldens: Path, package: Path, precision: str) -> Path:
    folder = goldens / package.resolve().parent.name
    return folder if precision == "fp32" else folder / precision


def _write_derived_images(source: Path, folder: Path) -> None:
    """Parts of a sample: smaller and larger than the network's input, wide and tall, grey and in colour."""
    folder.mkdir(parents=True, exist_ok=True)
    board = Image.open(source).convert("L")
    board.crop((40, 60, 440, 330)).save(folder / "part-wide.png", optimize=True)
    board.crop((100, 20, 331, 620)).save(folder / "part-tall.png", optimize=True)
    board.resize((900, 900), Image.Resampling.BOX).save(folder / "larger.png", optimize=True)
    light, dark = np.array([214, 190, 96]), np.array([36, 71, 40])
    colour = np.where(np.asarray(board)[..., None] > 127, light, dark).astype(np.uint8)
    Image.fromarray(colour).save(folder / "colour.png", optimize=True)


def _compare(task: str, committed: list[dict], fresh: list[dict], classes, result: Agreement) -> None:
    heads = [[{key: record.get(key) for key in SETTINGS} for record in side] for side in (committed, fresh)]
    if heads[0] != heads[1]:
        result.failures.append(f"{task}: the goldens are of other images, settings or regions than there are now")
        return
    for old, new in zip(committed, fresh, strict=True):
        name = f"{task}/{old['image']}"
        if "regions" in old:
            _compare_regions(name, old["regions"], new["regions"], result)
            continue
        old_instances, new_instances = to_instances(old, classes), to_instances(new, classes)
        min_score, max_defects = old.get("minScore", 0.0), old.get("maxDefects", len(old["defects"]) + 1)
        compare_image(name, old_instances, new_instances, result, min_score, max_defects)


def _compare_regions(name: str, old: list[dict], new: list[dict], result: Agreement) -> None:
    """Regions come in a fixed order; another processor's rounding may turn over a pixel at an edge."""
    if [region["class"] for region in old] != [region["class"] for region in new]:
        result.failures.append(f"{name}: {len(new)} regions of other classes in place of {len(old)}")
        return
    for before, after in zip(old, new):
        result.matched += 1
        result.masks += 1
        difference = abs(before["area"] - after["area"])
        result.masks_agreeing += difference <= max(MASK_PIXELS, MASK_PART * before["area"])
        result.largest_mask_difference = max(result.largest_mask_difference, difference)


def _write_start_up_golden(package: Path, pipeline: Pipeline | SemanticPipeline, samples: Path) -> None:
    source = samples / (START_UP_TILE if isinstance(pipeline, SemanticPipeline) else START_UP_SOURCE)
    name = "tile" if isinstance(pipeline, SemanticPipeline) else "board"
    folder = package / "golden"
    folder.mkdir(exist_ok=True)
    image = folder / f"{name}.png"
    shutil.copyfile(source, image)
    record = _record(image, pipeline.manifest.reference, pipeline.best(image))
    precision = pipeline.manifest.precision
    expected = f"{name}.json" if precision == "fp32" else f"{name}.{precision}.json"
    (folder / expected).write_text(json.dumps(record) + "\n", encoding="utf-8")
    entry = {"image": f"golden/{name}.png", "expected": f"golden/{expected}"}
    document = read_manifest(package)
    others = [golden for golden in document.get("goldens", []) if golden.get("precision", "fp32") != precision]
    document["goldens"] = [*others, entry if precision == "fp32" else entry | {"precision": precision}]
    write_manifest(package, document)


def _rois(samples: Path) -> dict[str, list[Region]]:
    """Boxes to outline for each sample: its true boxes, every other one with its class."""
    document = json.loads((samples / "annotations.json").read_text(encoding="utf-8"))
    names = {category["id"]: category["name"] for category in document["categories"]}
    regions: dict[str, list[Region]] = {}
    for image in document["images"]:
        boxes = [entry for entry in document["annotations"] if entry["image_id"] == image["id"]]
        regions[Path(image["file_name"]).name] = [
            Region(_corners(entry["bbox"]), names[entry["category_id"]] if number % 2 == 0 else None)
            for number, entry in enumerate(boxes)
        ]
    return regions


def _corners(box: list[float]) -> tuple[float, float, float, float]:
    x, y, width, height = box
    return (float(x), float(y), float(x + width), float(y + height))


def _roi(region: Region) -> dict:
    x1, y1, x2, y2 = region.box
    return {"box": {"x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1}, "class": region.class_name}


def _record(path: Path, model: str, inspection: Inspection | SemanticInspection) -> dict:
    record = {"sha256": sha256(path)} | to_record(path.name, model, inspection)
    for defect in record.get("defects", []):
        defect["score"] = round(defect["score"], DECIMALS)
        defect["box"] = {key: round(value, DECIMALS) for key, value in defect["box"].items()}
    return record


def main() -> int:
    """Exit code 1 where the committed goldens are no longer what PyTorch computes."""
    parser = argparse.ArgumentParser(prog="training.golden", description="Writes or checks expected results.")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--goldens", type=Path, default=GOLDENS)
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32", help="which of the package's networks to run")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    if not arguments.check:
        write(arguments.package, arguments.samples, arguments.goldens, arguments.precision)
        return 0
    result = check(arguments.package, arguments.samples, arguments.goldens, arguments.precision)
    masks = f"{result.masks_agreeing} of {result.masks} masks"
    print(f"{result.matched} defects and {masks} equal, {len(result.failures)} failures")
    for failure in result.failures:
        print(failure)
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())

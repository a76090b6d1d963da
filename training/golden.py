"""Expected results of the committed samples, made by PyTorch from a package's weights.

    python3 -m training.golden --package models/pcb-ymasknet/1            writes them
    python3 -m training.golden --package models/pcb-ymasknet/1 --check    makes them again and compares

tests/goldens/NAME holds one JSON line per sample and task: the record of `ymasknet inspect --json` with the `minScore`
and `maxDefects` it was made with, and for Segment the `rois`. The package itself gets one sample with its expected
result, which the server checks before it says that it is ready.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

from .export import read_manifest, write_manifest
from .metrics.agreement import Agreement, Tolerance, compare_image
from .metrics.predictions import to_instances
from .reference.__main__ import image_files
from .reference.manifest import load_manifest
from .reference.pipeline import Filter, Inspection, Pipeline, Region
from .reference.records import to_record
from .reference.weights import from_package

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLES = REPOSITORY / "samples"
GOLDENS = REPOSITORY / "tests" / "goldens"

LOW_FILTER = Filter(min_score=0.05, max_defects=300)
"""Far below the shipped thresholds: weak candidates exercise the pipeline as much as strong ones."""
SAME_WEIGHTS = Tolerance(box_pixels=0.01, score=1e-4, mask_part=1.0)
"""PyTorch with itself: only another processor's rounding is between the runs."""
DECIMALS = 6
IMAGE_MARGIN = 8.0
"""Pixels by which one of the given boxes reaches over the image's corner."""


def golden_records(pipeline: Pipeline, samples: Path) -> "dict[str, list[dict]]":
    """Records by task name for every sample image."""
    model = pipeline.manifest.reference
    rois = _rois(samples)
    tasks: "dict[str, list[dict]]" = {"detect": [], "detectAndSegment": [], "segment": []}
    limits = {"minScore": LOW_FILTER.min_score, "maxDefects": LOW_FILTER.max_defects}
    for path in image_files([samples]):
        tasks["detect"].append(_record(path, model, pipeline.detect(path, LOW_FILTER)) | limits)
        tasks["detectAndSegment"].append(_record(path, model, pipeline.detect_and_segment(path, LOW_FILTER)) | limits)
        regions = rois[path.name]
        given = [_roi(region) for region in regions]
        tasks["segment"].append(_record(path, model, pipeline.segment(path, regions)) | {"rois": given})
    return tasks


def write(package: Path, samples: Path, goldens: Path) -> None:
    """Writes the goldens of the samples, and the package's own."""
    manifest = load_manifest(package)
    pipeline = Pipeline(from_package(manifest), manifest)
    folder = goldens / manifest.folder.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    for task, records in golden_records(pipeline, samples).items():
        (folder / f"{task}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    _write_start_up_golden(package, pipeline, samples)


def check(package: Path, samples: Path, goldens: Path) -> Agreement:
    """Makes all goldens again and compares them with the committed ones; also a task, image or RoI that is missing."""
    manifest = load_manifest(package)
    pipeline = Pipeline(from_package(manifest), manifest)
    result = Agreement(SAME_WEIGHTS)
    for task, records in golden_records(pipeline, samples).items():
        path = goldens / manifest.folder.parent.name / f"{task}.jsonl"
        committed = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        _compare(task, committed, records, manifest.classes, result)
    for golden in read_manifest(package)["goldens"]:
        committed = [json.loads((package / golden["expected"]).read_text(encoding="utf-8"))]
        image = package / golden["image"]
        fresh = [_record(image, manifest.reference, pipeline.detect_and_segment(image))]
        _compare("start-up", committed, fresh, manifest.classes, result)
    return result


def _compare(task: str, committed: "list[dict]", fresh: "list[dict]", classes, result: Agreement) -> None:
    heads = [[{key: record.get(key) for key in ("image", "width", "height", "minScore", "maxDefects", "rois")} for record in side] for side in (committed, fresh)]
    if heads[0] != heads[1]:
        result.failures.append(f"{task}: the goldens are of other images, settings or regions than the samples give now")
        return
    for old, new in zip(committed, fresh, strict=True):
        name = f"{task}/{old['image']}"
        old_instances, new_instances = to_instances(old, classes), to_instances(new, classes)
        compare_image(name, old_instances, new_instances, result, old.get("minScore", 0.0), old.get("maxDefects", 1 << 30))


def _write_start_up_golden(package: Path, pipeline: Pipeline, samples: Path) -> None:
    source = next(path for path in image_files([samples]) if path.suffix == ".png")
    folder = package / "golden"
    folder.mkdir(exist_ok=True)
    image = folder / "board.png"
    shutil.copyfile(source, image)
    record = _record(image, pipeline.manifest.reference, pipeline.detect_and_segment(image))
    (folder / "board.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
    document = read_manifest(package)
    document["goldens"] = [{"image": "golden/board.png", "expected": "golden/board.json"}]
    write_manifest(package, document)


def _rois(samples: Path) -> "dict[str, list[Region]]":
    """Boxes to outline for each sample: its true boxes, every other one with its class, and one over the corner."""
    document = json.loads((samples / "annotations.json").read_text(encoding="utf-8"))
    names = {category["id"]: category["name"] for category in document["categories"]}
    regions: "dict[str, list[Region]]" = {}
    for image in document["images"]:
        boxes = [entry for entry in document["annotations"] if entry["image_id"] == image["id"]]
        given = [
            Region(_corners(entry["bbox"]), names[entry["category_id"]] if number % 2 == 0 else None)
            for number, entry in enumerate(boxes)
        ]
        given.append(Region((-IMAGE_MARGIN, -IMAGE_MARGIN, 5 * IMAGE_MARGIN, 4 * IMAGE_MARGIN)))
        regions[Path(image["file_name"]).name] = given
    return regions


def _corners(box: "list[float]") -> "tuple[float, float, float, float]":
    x, y, width, height = box
    return (float(x), float(y), float(x + width), float(y + height))


def _roi(region: Region) -> dict:
    x1, y1, x2, y2 = region.box
    return {"box": {"x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1}, "class": region.class_name}


def _record(path: Path, model: str, inspection: Inspection) -> dict:
    record = to_record(path.name, model, inspection)
    for defect in record["defects"]:
        defect["score"] = round(defect["score"], DECIMALS)
        defect["box"] = {key: round(value, DECIMALS) for key, value in defect["box"].items()}
    return record


def main() -> int:
    """Exit code 1 where the committed goldens are no longer what PyTorch computes."""
    parser = argparse.ArgumentParser(prog="training.golden", description="Writes or checks expected results.")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--goldens", type=Path, default=GOLDENS)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    if not arguments.check:
        write(arguments.package, arguments.samples, arguments.goldens)
        return 0
    result = check(arguments.package, arguments.samples, arguments.goldens)
    print(f"{result.matched} defects compared, {len(result.failures)} failures, masks {result.masks_agreeing} of {result.masks}")
    for failure in result.failures:
        print(failure)
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())

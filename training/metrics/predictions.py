"""Predictions as `ymasknet inspect --json` and `training.reference` write them: one JSON object per image and line."""

import json
from pathlib import Path
from typing import Callable, TypeVar

import numpy as np

from . import masks
from .instances import Instances

Result = TypeVar("Result")


class PredictionFileError(ValueError):
    """A predictions file cannot be used; the message names the file and line."""


def load_predictions(path: Path, classes: tuple[str, ...]) -> dict[str, Instances]:
    """Predictions by image name without its extension. Raises `PredictionFileError`."""
    return load_by_image(path, lambda record: to_instances(record, classes))


def load_by_image(path: Path, convert: Callable[[dict], Result]) -> dict[str, Result]:
    """What `convert` makes of each record, by image name without its extension. Raises `PredictionFileError`."""
    results: dict[str, Result] = {}
    for number, record in read_records(path):
        name = Path(record["image"]).stem
        if name in results:
            raise PredictionFileError(f"{path}:{number}: image {name} stands twice")
        try:
            results[name] = convert(record)
        except (KeyError, TypeError, ValueError) as error:
            raise PredictionFileError(f"{path}:{number}: not a prediction: {error!r}") from error
    return results


def read_records(path: Path) -> list[tuple[int, dict]]:
    """Line numbers (from 1) and objects of a file; a line that reports a failed image is refused."""
    records = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise PredictionFileError(f"{path}:{number}: not JSON: {error}") from error
            if not isinstance(record, dict) or "image" not in record:
                raise PredictionFileError(f"{path}:{number}: no image is named")
            if "error" in record:
                raise PredictionFileError(f"{path}:{number}: image {record['image']} failed: {record['error']}")
            records.append((number, record))
    return records


def to_instances(record: dict, classes: tuple[str, ...]) -> Instances:
    """The defects of one record; masks only where every defect has one."""
    defects = record["defects"]
    class_index = {name: index for index, name in enumerate(classes)}
    boxes = [defect["box"] for defect in defects]
    corners = [[box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]] for box in boxes]
    with_masks = all(defect.get("mask") is not None for defect in defects)
    return Instances(
        np.array(corners, np.float64).reshape(-1, 4),
        np.array([class_index[defect["class"]] for defect in defects], np.int64),
        np.array([defect["score"] for defect in defects], np.float64),
        [_mask(defect["mask"], record) for defect in defects] if with_masks else None,
    )


def _mask(mask: dict, record: dict) -> masks.CroppedMask:
    height, width = mask["size"]
    if (width, height) != (record["width"], record["height"]):
        raise ValueError(f"a mask of {width} x {height} on an image of {record['width']} x {record['height']}")
    return masks.from_rle(mask["counts"], height, width)

"""Results as lines for people and as JSON lines, which have the form of the `ymasknet` tool's."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Dict, Optional, Sequence, TextIO, Type

import numpy as np

from ymasknet.enums import Task
from ymasknet.errors import InspectionError
from ymasknet.geometry import Box, ImageSize
from ymasknet.masks import Mask
from ymasknet.results import Defect, ModelReference, Region

_Record = Dict[str, Any]


class JsonLines(AbstractContextManager["JsonLines"]):
    """A report of one JSON object per image and line, and the lines for people, which give way where both go to one place."""

    def __init__(self, path: Optional[str]) -> None:
        self._takes_standard_output = path == "-"
        self._file: Optional[TextIO] = None
        if path is not None:
            self._file = sys.stdout if self._takes_standard_output else open(path, "w", encoding="utf-8")

    def write(self, record: _Record) -> None:
        """A line for programs."""
        if self._file is not None:
            print(json.dumps(record, ensure_ascii=False, separators=(",", ":")), file=self._file, flush=True)

    def show(self, line: str) -> None:
        """A line for people."""
        print(line, file=sys.stderr if self._takes_standard_output else sys.stdout, flush=True)

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._file is not None and not self._takes_standard_output:
            self._file.close()


def describe_found(defects: Sequence[Defect], regions: Sequence[Region]) -> str:
    """How many of which class."""
    counts = Counter([defect.class_name for defect in defects] + [region.class_name for region in regions])
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing found"


def describe_error(error: InspectionError) -> str:
    """A failure in one line."""
    return f"{error.reason or error.status.name}: {error.message}"


def inspected_record(
    name: str,
    size: ImageSize,
    model: ModelReference,
    defects: Sequence[Defect],
    regions: Sequence[Region],
    task: Task,
) -> _Record:
    """What was found on an image: boxes in image pixels, masks as compressed COCO run lengths over the whole image."""
    record: _Record = {"image": name, "width": size.width, "height": size.height, "model": str(model)}
    if task is Task.SEGMENT:
        record["regions"] = [_region_record(region) for region in regions]
    else:
        record["defects"] = [_defect_record(defect) for defect in defects]
    return record


def failed_record(name: str, error: InspectionError) -> _Record:
    """Why an image was not inspected."""
    return {"image": name, "error": {"status": error.status.name, "reason": error.reason, "message": error.message}}


def _defect_record(defect: Defect) -> _Record:
    record: _Record = {"class": defect.class_name, "score": _number(defect.score), "box": _box_record(defect.box)}
    if defect.mask is not None:
        record["mask"] = _mask_record(defect.mask)
    return record


def _region_record(region: Region) -> _Record:
    return {
        "class": region.class_name,
        "area": region.area,
        "box": _box_record(region.box),
        "centroid": {"x": _number(region.centroid.x), "y": _number(region.centroid.y)},
        "mask": _mask_record(region.mask),
    }


def _box_record(box: Box) -> _Record:
    return {"x": _number(box.x), "y": _number(box.y), "width": _number(box.width), "height": _number(box.height)}


def _mask_record(mask: Mask) -> _Record:
    return {"size": [mask.image_size.height, mask.image_size.width], "counts": mask.counts}


def _number(value: float) -> float:
    # The shortest decimal that is the same 32-bit number, as the server computed it.
    return float(str(np.float32(value)))

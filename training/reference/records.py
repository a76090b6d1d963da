"""Inspections as lines of JSON, in the format of `ymasknet inspect --json`."""

from training.metrics import masks, rle

from .pipeline import Defect, Inspection
from .semantic import FoundRegion, SemanticInspection


def to_record(image: str, model: str, inspection: Inspection | SemanticInspection) -> dict:
    """The JSON object of one image; masks are compressed COCO run lengths over the whole image."""
    head = {"image": image, "width": inspection.width, "height": inspection.height, "model": model}
    if isinstance(inspection, SemanticInspection):
        return head | {"regions": [_region(region, inspection) for region in inspection.regions]}
    return head | {"defects": [_defect(defect, inspection) for defect in inspection.defects]}


def _defect(defect: Defect, inspection: Inspection) -> dict:
    x1, y1, x2, y2 = defect.box
    entry = {
        "class": defect.class_name,
        "score": defect.score,
        "box": {"x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1},
    }
    if defect.mask is not None:
        entry["mask"] = _mask(defect.mask, inspection)
    return entry


def _region(region: FoundRegion, inspection: SemanticInspection) -> dict:
    height, width = region.mask.pixels.shape
    return {
        "class": region.class_name,
        "area": region.mask.area,
        "box": {"x": region.mask.x, "y": region.mask.y, "width": width, "height": height},
        "centroid": {"x": region.centroid[0], "y": region.centroid[1]},
        "mask": _mask(region.mask, inspection),
    }


def _mask(mask: masks.CroppedMask, inspection: Inspection | SemanticInspection) -> dict:
    runs = masks.to_rle(mask, inspection.height, inspection.width)
    return {"size": [inspection.height, inspection.width], "counts": rle.compress(runs)}

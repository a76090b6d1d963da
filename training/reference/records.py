"""Inspections as lines of JSON, in the format of `ymasknet inspect --json`."""

from training.metrics import masks, rle

from .pipeline import Defect, Inspection


def to_record(image: str, model: str, inspection: Inspection) -> dict:
    """The JSON object of one image; masks are compressed COCO run lengths over the whole image."""
    return {
        "image": image,
        "width": inspection.width,
        "height": inspection.height,
        "model": model,
        "defects": [_defect(defect, inspection) for defect in inspection.defects],
    }


def _defect(defect: Defect, inspection: Inspection) -> dict:
    x1, y1, x2, y2 = defect.box
    entry = {
        "class": defect.class_name,
        "score": defect.score,
        "box": {"x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1},
    }
    if defect.mask is not None:
        runs = masks.to_rle(defect.mask, inspection.height, inspection.width)
        entry["mask"] = {"size": [inspection.height, inspection.width], "counts": rle.compress(runs)}
    return entry

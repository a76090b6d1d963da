"""Masks: which pixels belong to a defect or a region."""

from ymasknet.masks.mask import CocoRle, Mask, MaskEncoding, PngPicture, Polygons

__all__ = ["CocoRle", "Mask", "MaskEncoding", "PngPicture", "Polygons"]

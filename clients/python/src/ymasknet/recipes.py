"""Recipes: which of the things that a model finds make a part fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Sequence

from ymasknet.geometry import Box
from ymasknet.v1 import geometry_pb2 as geometry_wire
from ymasknet.v1 import recipe_pb2 as wire


@dataclass(frozen=True)
class ClassRule:
    """When something found fails a frame: all that is set must hold."""

    ignored: bool = False
    """Never: the class is reported and does not count."""
    min_score: Optional[float] = None
    """Its score is at least this. Range: [0, 1]. Not for semantic models, whose regions have no scores."""
    min_area_pixels: Optional[float] = None
    """Its area, of the mask or for `Task.DETECT` of the box, is at least this. Unit: pixels. Range: finite, >= 0."""
    min_area_mm2: Optional[float] = None
    """The same in square millimetres; needs `Recipe.millimetres_per_pixel`. Not together with `min_area_pixels`."""

    def __post_init__(self) -> None:
        if self.min_area_pixels is not None and self.min_area_mm2 is not None:
            raise ValueError("A rule has one minimal area: min_area_pixels or min_area_mm2.")


@dataclass(frozen=True)
class Recipe:
    """Decides between PASS and FAIL. An empty recipe fails every frame on which anything is found."""

    default_rule: Optional[ClassRule] = None
    """The rule of classes that have none of their own. Default: everything fails."""
    class_rules: Mapping[str, ClassRule] = field(default_factory=dict)
    """Rules by name of the class."""
    millimetres_per_pixel: Optional[float] = None
    """Size of a pixel's side. Unit: millimetres. Range: finite, > 0. Needed where a rule has `min_area_mm2`."""
    ignored_areas: Sequence[Box] = ()
    """Where nothing fails a frame: something found is inside where the centre of its box is. At most 256."""


def to_message(recipe: Recipe) -> wire.Recipe:
    """A recipe as it goes over the wire."""
    message = wire.Recipe(
        class_rules=[
            wire.NamedClassRule(class_name=name, rule=_rule_message(rule)) for name, rule in recipe.class_rules.items()
        ],
        ignored_areas=[box_message(box) for box in recipe.ignored_areas],
    )
    if recipe.default_rule is not None:
        message.default_rule.CopyFrom(_rule_message(recipe.default_rule))
    if recipe.millimetres_per_pixel is not None:
        message.millimetres_per_pixel = recipe.millimetres_per_pixel
    return message


def box_message(box: Box) -> geometry_wire.Box:
    """A box as it goes over the wire."""
    return geometry_wire.Box(x=box.x, y=box.y, width=box.width, height=box.height)


def _rule_message(rule: ClassRule) -> wire.ClassRule:
    message = wire.ClassRule(ignored=rule.ignored)
    if rule.min_score is not None:
        message.min_score = rule.min_score
    if rule.min_area_pixels is not None:
        message.min_area_pixels = rule.min_area_pixels
    if rule.min_area_mm2 is not None:
        message.min_area_mm2 = rule.min_area_mm2
    return message

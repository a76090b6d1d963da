"""What each architecture learns from and by: its network, its batches, its losses."""

from typing import Callable

from training.recipes.maskrcnn import MaskRcnnRecipe
from training.recipes.recipe import Recipe
from training.recipes.unet import UNetRecipe
from training.recipes.ymasknet import YMaskNetRecipe
from training.recipes.yolov5 import Yolov5Recipe

RECIPES: dict[str, Callable[[dict], Recipe]] = {
    "ymasknet": YMaskNetRecipe,
    "yolov5": Yolov5Recipe,
    "maskrcnn": MaskRcnnRecipe,
    "unet": UNetRecipe,
}


def recipe_for(config: dict) -> Recipe:
    """The recipe of a training configuration's `architecture`. Raises `ValueError` for one that is not known."""
    architecture = config["architecture"]
    if architecture not in RECIPES:
        raise ValueError(f"architecture {architecture} is not one of {', '.join(sorted(RECIPES))}")
    return RECIPES[architecture](config)

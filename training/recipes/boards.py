"""Batches of DeepPCB boards, which every architecture for boards learns from."""

from pathlib import Path

from training.data.augmentation import Augmentation
from training.data.batches import BatchSource
from training.data.deeppcb import dataset_root, load_boards
from training.data.layouts import generated_layouts
from training.data.shapes import harvest


def board_source(config: dict, out: Path) -> BatchSource:
    """Views of the training boards and of generated layouts, as the configuration says."""
    boards = load_boards(dataset_root(), "train")
    layouts = generated_layouts(config["generated_layouts"], out / "layouts.npy", config["threads"])
    return BatchSource(
        boards + layouts,
        Augmentation(**config["augmentation"]),
        config["views"]["sizes"],
        config["optimizer"]["batch_size"],
        config["seed"],
        harvest(boards) if config["real_shapes"] else None,
    )

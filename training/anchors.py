"""Clusters the boxes of the training boards into anchors.

    YMASKNET_DATA=... python3 -m training.anchors --heads 2 --per-head 3

k-means in the measure that decides which anchor learns which defect: the ratio of widths and of heights, whichever is
farther from 1. Prints the anchors as the `network` section of a configuration takes them, small ones first.
"""

import argparse
import json

import numpy as np

from training.data.deeppcb import dataset_root, load_boards

ROUNDS = 100


def fit(sizes: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """How well each size [K, 2] fits each anchor [A, 2], float64 [K, A]: 1 for the same, less the farther apart."""
    ratio = sizes[:, None] / anchors[None]
    return np.minimum(ratio, 1 / ratio).min(2)


def cluster(sizes: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """`count` anchors [count, 2] for sizes [K, 2], by area: k-means with medians, which a few huge boxes do not pull."""
    rng = np.random.default_rng(seed)
    anchors = sizes[rng.choice(len(sizes), count, replace=False)].astype(np.float64)
    for _ in range(ROUNDS):
        nearest = fit(sizes, anchors).argmax(1)
        moved = np.array(
            [np.median(sizes[nearest == a], 0) if (nearest == a).any() else anchors[a] for a in range(count)]
        )
        if np.array_equal(moved, anchors):
            break
        anchors = moved
    return anchors[np.argsort(anchors.prod(1), kind="stable")]


def main() -> None:
    """Prints anchors of the training boards' boxes."""
    parser = argparse.ArgumentParser(prog="training.anchors", description="Clusters boxes into anchors.")
    parser.add_argument("--heads", type=int, default=2)
    parser.add_argument("--per-head", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    boards = load_boards(dataset_root(), "train")
    boxes = np.concatenate([board.boxes for board in boards])
    sizes = boxes[:, 2:] - boxes[:, :2]
    anchors = cluster(sizes, arguments.heads * arguments.per_head, arguments.seed)
    print(json.dumps(np.rint(anchors).astype(int).reshape(arguments.heads, arguments.per_head, 2).tolist()))
    print(f"mean best fit {fit(sizes, anchors).max(1).mean():.4f}")


if __name__ == "__main__":
    main()

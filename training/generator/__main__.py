"""Writes any number of boards with ground truth: python3 -m training.generator --count 200 --seed 5000 --out DIR"""

import argparse
import json
from pathlib import Path

from training.generator.boards import FIRST_TRAINING_SEED, Look, draw_board
from training.generator.coco import CocoFile, Encoding, image_suffix, write_image


def main() -> None:
    arguments = _parse()
    images = arguments.out / "images"
    images.mkdir(parents=True, exist_ok=True)
    look = None if arguments.look == "mixed" else Look(arguments.look)
    last = arguments.seed + arguments.count - 1
    annotations = CocoFile(f"Boards of seeds {arguments.seed} to {last}, drawn by training.generator")
    for index in range(arguments.count):
        board = draw_board(arguments.seed + index, look)
        as_jpeg = arguments.jpeg_every and (index + 1) % arguments.jpeg_every == 0
        encoding = Encoding.JPEG if as_jpeg else Encoding.PNG
        name = f"{board.seed:07d}{image_suffix(encoding)}"
        write_image(images / name, board, encoding)
        annotations.add(board, name)
    path = arguments.out / "annotations.json"
    path.write_text(json.dumps(annotations.content) + "\n")
    print(f"{arguments.count} boards, {len(annotations.content['annotations'])} defects: {path}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.generator", description="Draws boards with defects.")
    parser.add_argument("--count", type=int, default=200, help="boards to draw (default 200)")
    parser.add_argument(
        "--seed",
        type=int,
        default=5000,
        help=f"seed of the first board, the next ones follow (default 5000); {FIRST_TRAINING_SEED} and above is "
        "reserved for training",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for images/ and annotations.json")
    parser.add_argument("--look", choices=["mixed", "binary", "grey"], default="mixed", help="default: mixed")
    parser.add_argument("--jpeg-every", type=int, default=0, metavar="N", help="write every N-th board as JPEG")
    arguments = parser.parse_args()
    if arguments.count < 1:
        parser.error("--count must be at least 1")
    if arguments.seed < 0 or arguments.jpeg_every < 0:
        parser.error("--seed and --jpeg-every must not be negative")
    return arguments


if __name__ == "__main__":
    main()

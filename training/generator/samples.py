"""Writes the boards of samples/: python3 -m training.generator.samples --out samples"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from training.generator.boards import GeneratedBoard, Look, draw_board
from training.generator.coco import CocoFile, Encoding, write_image


@dataclass(frozen=True)
class Sample:
    """One committed board."""

    file_name: str
    seed: int
    look: Look
    encoding: Encoding

    def draw(self) -> GeneratedBoard:
        return draw_board(self.seed, self.look)


SAMPLES = (
    Sample("fine-pitch-binary.png", 7003, Look.BINARY, Encoding.PNG),
    Sample("connectors-binary.png", 7020, Look.BINARY, Encoding.PNG),
    Sample("plane-binary.png", 7024, Look.BINARY, Encoding.PNG),
    Sample("bus-binary.png", 7028, Look.BINARY, Encoding.PNG),
    Sample("bus-grey.png", 7005, Look.GREY, Encoding.PNG),
    Sample("dark-grey.png", 7010, Look.GREY, Encoding.PNG),
    Sample("bright-grey.jpg", 7027, Look.GREY, Encoding.JPEG),
    Sample("vias-grey-16-bit.png", 7007, Look.GREY, Encoding.PNG16),
)


def annotations_of(boards: list[GeneratedBoard]) -> dict:
    """The ground truth of `SAMPLES`, drawn in that order."""
    annotations = CocoFile("Sample boards, drawn by training.generator.samples")
    for sample, board in zip(SAMPLES, boards, strict=True):
        annotations.add(board, sample.file_name)
    return annotations.content


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.generator.samples", description="Draws the committed samples.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the images and annotations.json")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    boards = [sample.draw() for sample in SAMPLES]
    for sample, board in zip(SAMPLES, boards):
        write_image(out / sample.file_name, board, sample.encoding)
    (out / "annotations.json").write_text(json.dumps(annotations_of(boards)) + "\n")
    print(f"{len(boards)} samples: {out}")


if __name__ == "__main__":
    main()

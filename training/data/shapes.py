"""The shapes of real defects, as stamps for the generator."""

from training.data.deeppcb import Board
from training.generator.stamps import Stamp, StampLibrary, cut_stamp


def harvest(boards: list[Board]) -> StampLibrary:
    """The shapes of all defects of the boards, with the margins of their boxes."""
    stamps: dict[int, list[Stamp]] = {}
    for board in boards:
        for index, (box, kind) in enumerate(zip(board.boxes, board.classes)):
            stamp = cut_stamp(board.label_map == index + 1, box)
            if stamp is not None:
                stamps.setdefault(int(kind), []).append(stamp)
    return StampLibrary(stamps)

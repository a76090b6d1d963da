"""A small board with known defects for the tests."""

import numpy as np

from training.data.deeppcb import Board


def small_board(size: int = 160) -> Board:
    """Traces every 40 px; a mousebite at the top left, a spur and a piece of copper whose boxes overlap below right."""
    template = np.full((size, size), 255, np.uint8)
    for left in range(20, size, 40):
        template[:, left : left + 12] = 0
    image, label_map = template.copy(), np.zeros((size, size), np.uint8)
    image[20:26, 20:24], label_map[20:26, 20:24] = 255, 1
    image[100:106, 112:117], label_map[100:106, 112:117] = 0, 2
    image[112:118, 122:130], label_map[112:118, 122:130] = 0, 3
    boxes = np.array([[10, 10, 34, 36], [102, 90, 127, 116], [112, 102, 140, 128]], np.float32)
    return Board("small.png", image, template, label_map, boxes, np.array([2, 3, 4]))

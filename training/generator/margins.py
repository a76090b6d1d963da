"""What DeepPCB's boxes leave around a defect, side by side, and what becomes of it when a board is turned.

A box is the stroke that a defect was drawn with and a fixed margin, a pixel wider at the left and at the top. The stroke
encloses also what ran over material of its own colour and changed nothing, the excess: it is never negative, and larger
at the left than elsewhere, by the habit of the hands that drew. A turned board should have the box that the same hands would
have drawn there, or the network learns boxes that no side of a board has.
"""

from typing import Sequence

from training.generator.kinds import Defect

Margin = tuple[float, float, float, float]
"""Pixels from the changed pixels to the box: left, top, right, bottom."""

BOX_MARGIN: Margin = (10, 10, 9, 9)
EXCESS_BY_SIDE: dict[Defect, Margin] = {
    Defect.OPEN: (3.3, 1.9, 2.2, 1.4),
    Defect.SHORT: (3.4, 2.4, 2.5, 2.0),
    Defect.MOUSEBITE: (1.8, 1.0, 1.0, 0.8),
    Defect.SPUR: (2.3, 1.1, 1.0, 1.4),
    Defect.COPPER: (0.1, 0.1, 0.1, 0.1),
    Defect.PINHOLE: (0.2, 0.2, 0.2, 0.2),
}
"""Mean excess, measured on the training boards. Copper and pin-holes lie within one material: what little they show
is the same on all sides."""

Order = tuple[int, int, int, int]
"""A turn: for each side after it, in the order of a margin, the side that it was before."""
UNTURNED: Order = (0, 1, 2, 3)
MIRRORED: Order = (2, 1, 0, 3)
"""Left for right."""
QUARTER_TURNED: Order = (1, 2, 3, 0)
"""Counter-clockwise: what was at the right comes to the top."""


def then(first: Order, second: Order) -> Order:
    """One turn after another."""
    return tuple(first[side] for side in second)


def turned_margin(kind: int, margin: Sequence[float], order: Order) -> Margin:
    """The margin of a defect that was turned: every side has its own fixed part, and an excess in proportion to what is
    usual there. A box that lies closer than the fixed part, as at the edge of a board, stays as much closer."""
    usual = EXCESS_BY_SIDE[Defect(kind)]
    turned = []
    for side, before in enumerate(order):
        excess = margin[before] - BOX_MARGIN[before]
        if excess > 0:
            excess *= usual[side] / usual[before]
        turned.append(BOX_MARGIN[side] + excess)
    return tuple(turned)

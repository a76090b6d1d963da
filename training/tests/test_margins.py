import unittest

import numpy as np

from training.generator.kinds import Defect
from training.generator.margins import (
    BOX_MARGIN,
    EXCESS_BY_SIDE,
    MIRRORED,
    QUARTER_TURNED,
    UNTURNED,
    then,
    turned_margin,
)


class TurnedMarginTests(unittest.TestCase):
    def test_without_excess_every_turn_leaves_the_fixed_margin(self):
        for kind in Defect:
            for order in (UNTURNED, MIRRORED, QUARTER_TURNED, then(MIRRORED, QUARTER_TURNED)):
                self.assertEqual(turned_margin(kind, BOX_MARGIN, order), BOX_MARGIN)

    def test_excess_moves_in_proportion_to_what_is_usual_on_a_side(self):
        left, top, right, bottom = EXCESS_BY_SIDE[Defect.OPEN]
        margin = turned_margin(Defect.OPEN, (10 + 6.6, 10, 9, 9), MIRRORED)
        np.testing.assert_allclose(margin, (10, 10, 9 + 6.6 * right / left, 9))
        margin = turned_margin(Defect.OPEN, (10, 10, 9 + 4.4, 9), QUARTER_TURNED)
        np.testing.assert_allclose(margin, (10, 10 + 4.4 * top / right, 9, 9))
        self.assertGreater(left, bottom, "what was measured: the left leaves most")

    def test_a_box_that_is_cut_at_an_edge_stays_as_much_closer(self):
        self.assertEqual(turned_margin(Defect.SPUR, (3, 10, 9, 9), MIRRORED), (10, 10, 2, 9))

    def test_turns_there_and_back_change_nothing(self):
        margin = (14.0, 10.0, 11.0, 9.5)
        for kind in Defect:
            order = UNTURNED
            for _ in range(4):
                order = then(order, QUARTER_TURNED)
            self.assertEqual(order, UNTURNED)
            back = turned_margin(kind, turned_margin(kind, margin, MIRRORED), MIRRORED)
            np.testing.assert_allclose(back, margin)
            step = margin
            for _ in range(4):
                step = turned_margin(kind, step, QUARTER_TURNED)
            np.testing.assert_allclose(step, margin)

    def test_two_turns_in_a_row_are_their_order_at_once(self):
        margin = (14.0, 12.0, 11.0, 9.5)
        stepwise = turned_margin(Defect.SHORT, turned_margin(Defect.SHORT, margin, MIRRORED), QUARTER_TURNED)
        at_once = turned_margin(Defect.SHORT, margin, then(MIRRORED, QUARTER_TURNED))
        np.testing.assert_allclose(at_once, stepwise)


if __name__ == "__main__":
    unittest.main()

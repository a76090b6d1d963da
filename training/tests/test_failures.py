import unittest

import numpy as np

from training.failures import count_table, failure_table
from training.metrics.failures import Cause, failures_of
from training.metrics.instances import Instances

CLASSES = ("open", "short")
OPEN, SHORT = 0, 1


def instances(*rows: tuple[list[float], int, float]) -> Instances:
    boxes, classes, scores = zip(*rows) if rows else ((), (), ())
    return Instances(np.array(boxes, float).reshape(-1, 4), np.array(classes, int), np.array(scores, float))


def boxes_from(x: float) -> list[float]:
    return [x, 0, x + 10, 10]


class FailuresTests(unittest.TestCase):
    true = instances((boxes_from(0), OPEN, 1), (boxes_from(100), SHORT, 1))

    def causes(self, *predicted) -> list[tuple[Cause, str | None, str | None]]:
        failures = failures_of("board", instances(*predicted), self.true, CLASSES, 0.3)
        return [(failure.cause, failure.true_class, failure.predicted_class) for failure in failures]

    def test_what_is_found_is_no_mistake(self):
        self.assertEqual(self.causes((boxes_from(1), OPEN, 0.9), (boxes_from(101), SHORT, 0.4)), [])

    def test_what_scores_too_low_is_missed(self):
        found = self.causes((boxes_from(1), OPEN, 0.9), (boxes_from(101), SHORT, 0.2))
        self.assertEqual(found, [(Cause.MISSED, "short", None)])

    def test_each_cause(self):
        short = (boxes_from(100), SHORT, 0.5)
        # Of 10 x 10 boxes 5 pixels apart the IoU is 1/3, of such 1 pixel apart 9/11.
        cases = {
            Cause.POOR_BOX: [(boxes_from(5), OPEN, 0.9), short],
            Cause.WRONG_CLASS: [(boxes_from(1), SHORT, 0.9), short],
            Cause.DUPLICATE: [(boxes_from(0), OPEN, 0.9), (boxes_from(1), OPEN, 0.8), short],
            Cause.FALSE_ALARM: [(boxes_from(0), OPEN, 0.9), (boxes_from(50), OPEN, 0.8), short],
        }
        for cause, predicted in cases.items():
            found = self.causes(*predicted)
            self.assertEqual([failure[0] for failure in found], [cause], cause)

    def test_a_wrong_class_on_an_object_that_is_found_is_a_duplicate(self):
        found = self.causes((boxes_from(0), OPEN, 0.9), (boxes_from(0), SHORT, 0.5), (boxes_from(100), SHORT, 0.4))
        self.assertEqual(found, [(Cause.DUPLICATE, "open", "short")])

    def test_images_without_objects_or_predictions(self):
        nothing = instances()
        alarm = failures_of("board", instances((boxes_from(0), OPEN, 0.9)), nothing, CLASSES, 0.3)
        self.assertEqual([(failure.cause, failure.iou) for failure in alarm], [(Cause.FALSE_ALARM, 0.0)])
        missed = failures_of("board", nothing, self.true, CLASSES, 0.3)
        self.assertEqual([failure.cause for failure in missed], [Cause.MISSED, Cause.MISSED])
        self.assertEqual(missed[1].box, (100.0, 0.0, 110.0, 10.0))

    def test_tables(self):
        failures = failures_of("board", instances((boxes_from(50), OPEN, 0.8)), self.true, CLASSES, 0.3)
        self.assertIn("| nothing there | 1 | 0 | 1 |", count_table(failures, CLASSES))
        self.assertIn("| missed | 1 | 1 | 2 |", count_table(failures, CLASSES))
        self.assertIn("| board | 50, 0, 10, 10 | – | open | 0.80 | 0.00 | nothing there |", failure_table(failures))
        self.assertIn("| board | 100, 0, 10, 10 | short | – | – | 0.00 | missed |", failure_table(failures))


if __name__ == "__main__":
    unittest.main()

"""Precision-recall curves of weighted images, by hand."""

import unittest

import numpy as np

from training.metrics.curves import envelope_area, interpolated_precision
from training.metrics.matches import FALSE_POSITIVE, IGNORED, TRUE_POSITIVE


def curve(outcome, positives, weights=None):
    """Area under the envelope and mean over the recall points."""
    outcome = np.array(outcome, np.int8)
    weights = np.ones((1, len(outcome)), np.int64) if weights is None else np.array([weights])
    positives = np.array([positives])
    area = envelope_area(outcome, weights, positives)[0]
    return area, interpolated_precision(outcome, weights, positives)[0].sum() / 101


class CurveTest(unittest.TestCase):
    def test_a_false_one_between_two_true_ones(self):
        area, mean = curve([TRUE_POSITIVE, FALSE_POSITIVE, TRUE_POSITIVE], 2)
        # Precision 1 up to recall 1/2, then 2/3: 51 of the 101 points lie at 1/2 or below.
        self.assertAlmostEqual(area, (1 + 2 / 3) / 2)
        self.assertAlmostEqual(mean, (51 + 50 * 2 / 3) / 101)

    def test_a_later_better_precision_holds_before_it_too(self):
        # Precision 1/2 at recall 1/3 and 2/3 at recall 2/3; the third object is never found.
        area, mean = curve([FALSE_POSITIVE, TRUE_POSITIVE, TRUE_POSITIVE], 3)
        self.assertAlmostEqual(area, 2 / 3 * 2 / 3)
        self.assertAlmostEqual(mean, 67 * 2 / 3 / 101)

    def test_ignored_detections_are_not_there(self):
        ignored = [IGNORED, TRUE_POSITIVE, IGNORED, FALSE_POSITIVE, TRUE_POSITIVE]
        self.assertEqual(curve(ignored, 2), curve([TRUE_POSITIVE, FALSE_POSITIVE, TRUE_POSITIVE], 2))

    def test_no_detection_gives_nothing_and_no_object_has_no_curve(self):
        self.assertEqual(curve([], 2), (0.0, 0.0))
        self.assertEqual(curve([FALSE_POSITIVE], 2), (0.0, 0.0))
        self.assertTrue(np.isnan(curve([FALSE_POSITIVE], 0)).all())

    def test_a_weight_is_a_number_of_copies(self):
        outcome, copies = [TRUE_POSITIVE, FALSE_POSITIVE, TRUE_POSITIVE, FALSE_POSITIVE, TRUE_POSITIVE], [0, 1, 3, 2, 2]
        np.testing.assert_allclose(curve(outcome, 6, copies), curve(np.repeat(outcome, copies), 6), rtol=1e-14)

    def test_resamples_do_not_touch_each_other(self):
        outcome = np.array([TRUE_POSITIVE, FALSE_POSITIVE, TRUE_POSITIVE], np.int8)
        weights, positives = np.array([[1, 1, 1], [0, 1, 1], [1, 1, 1], [0, 0, 0]]), np.array([2, 1, 0, 1])
        np.testing.assert_allclose(envelope_area(outcome, weights, positives), [5 / 6, 1 / 2, np.nan, 0])
        means = interpolated_precision(outcome, weights, positives).mean(1)
        np.testing.assert_allclose(means, [(51 + 50 * 2 / 3) / 101, 1 / 2, np.nan, 0])


if __name__ == "__main__":
    unittest.main()

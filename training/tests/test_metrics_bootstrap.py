"""Bootstrap intervals: a weighting of the images must give what the images give when they are listed so often."""

import unittest

import numpy as np

from training.metrics import bootstrap
from training.metrics.average_precision import average_precision
from training.metrics.figures import detail_figures, main_figures
from training.metrics.ground_truth import GroundTruth
from training.metrics.instances import Instances
from training.metrics.masks import from_box
from training.metrics.measurement import Measurement
from training.tests.objects import instances

CLASSES = ("open", "short")


def filled(boxes, classes, scores=None) -> Instances:
    boxes = np.array(boxes).reshape(-1, 4)
    return instances(boxes, classes, scores, [from_box(box, 200, 200) for box in boxes])


def random_images(count: int) -> tuple[list[Instances], list[Instances]]:
    """Predictions and true objects, some images without either; scores tie across images, not within one."""
    rng = np.random.default_rng(7)
    predictions, truths = [], []
    for _ in range(count):
        low = rng.uniform(0, 120, (int(rng.integers(0, 6)), 2))
        boxes = np.concatenate([low, low + rng.uniform(15, 60, (len(low), 2))], 1)
        classes = rng.integers(0, 2, len(boxes))
        rows = np.repeat(np.arange(len(boxes)), rng.integers(0, 4, len(boxes)))
        noisy = boxes[rows] + rng.normal(0, 4, (len(rows), 4))
        flipped = np.where(rng.random(len(rows)) < 0.2, 1 - classes[rows], classes[rows])
        truths.append(filled(boxes, classes))
        predictions.append(filled(noisy, flipped, rng.permutation(20)[: len(rows)] / 20))
    return predictions, truths


def measure(predictions: list[Instances], truths: list[Instances]) -> Measurement:
    names = [str(index) for index in range(len(truths))]
    truth = GroundTruth(
        CLASSES, dict(zip(names, truths)), dict.fromkeys(names, (200, 200)), {name: f"{name}.png" for name in names}
    )
    return Measurement(dict(zip(names, predictions)), truth, 0.5)


class WeightingTest(unittest.TestCase):
    def test_weighted_figures_equal_those_of_the_listed_images(self):
        predictions, truths = random_images(20)
        measurement = measure(predictions, truths)
        weights = bootstrap.resample(20, 8)
        for figures in (main_figures, detail_figures):
            weighted = figures(measurement, weights)
            for row, copies in enumerate(weights):
                chosen = np.repeat(np.arange(20), copies)
                listed = measure([predictions[image] for image in chosen], [truths[image] for image in chosen])
                for name, value in figures(listed, listed.each_once).items():
                    np.testing.assert_allclose(weighted[name][row], value[0], rtol=1e-12, err_msg=name)
        self.assertGreater(np.ptp(main_figures(measurement, weights)["box_map50_95"]), 0.01)

    def test_average_precision_is_the_same_to_the_last_bit(self):
        predictions, truths = random_images(20)
        copies = bootstrap.resample(20, 1)
        chosen = np.repeat(np.arange(20), copies[0])
        listed = average_precision([predictions[image] for image in chosen], [truths[image] for image in chosen], 2)
        weighted = main_figures(measure(predictions, truths), copies)
        self.assertEqual(weighted["box_map50"][0], listed.at_50)
        self.assertEqual(weighted["box_map50_95"][0], listed.mean)

    def test_a_resample_without_a_class_leaves_it_out(self):
        box = [0, 0, 40, 40]
        truths = [filled([box], [0]), filled([box], [1])]
        predictions = [filled([box], [0], [0.9]), filled([], [])]
        figures = main_figures(measure(predictions, truths), np.array([[1, 1], [2, 0], [0, 2], [0, 0]]))
        np.testing.assert_allclose(figures["box_map50"], [0.5, 1, 0, np.nan])
        np.testing.assert_allclose(figures["box_ap50.open"], [1, 1, np.nan, np.nan])
        np.testing.assert_allclose(figures["deeppcb_map"], [0.5, 1, 0, np.nan])
        np.testing.assert_allclose(figures["mask_iou"], [1, 1, np.nan, np.nan])


class IntervalTest(unittest.TestCase):
    def test_a_resample_draws_as_many_images_as_there_are(self):
        weights = bootstrap.resample(30, 200)
        self.assertEqual(weights.shape, (200, 30))
        np.testing.assert_array_equal(weights.sum(1), 30)
        self.assertAlmostEqual(weights.mean(), 1.0)
        # An image is left out of a resample with probability (1 - 1/30) ** 30.
        self.assertAlmostEqual((weights == 0).mean(), (29 / 30) ** 30, delta=0.02)

    def test_the_same_seed_gives_the_same_intervals(self):
        def first(weights):
            return {"share": weights[:, 0] / 30}

        self.assertEqual(bootstrap.intervals(first, 30, 100), bootstrap.intervals(first, 30, 100))
        np.testing.assert_array_equal(bootstrap.resample(30, 5), bootstrap.resample(30, 5))
        self.assertTrue((bootstrap.resample(30, 5, seed=1) != bootstrap.resample(30, 5)).any())

    def test_the_ends_are_percentiles_of_the_resamples_in_any_block(self):
        resamples = 2 * bootstrap.BLOCK + 1
        shares = bootstrap.resample(30, resamples)[:, :10].sum(1) / 30
        low, high = bootstrap.intervals(lambda weights: {"share": weights[:, :10].sum(1) / 30}, 30, resamples)["share"]
        self.assertAlmostEqual(low, np.percentile(shares, 2.5))
        self.assertAlmostEqual(high, np.percentile(shares, 97.5))
        self.assertLess(low, 1 / 3)
        self.assertGreater(high, 1 / 3)

    def test_a_mean_over_images_has_the_textbook_interval(self):
        # Of 400 images 80 are faulty: 0.2, give or take 1.96 * sqrt(0.2 * 0.8 / 400) = 0.039.
        low, high = bootstrap.intervals(lambda weights: {"rate": weights[:, :80].sum(1) / 400}, 400)["rate"]
        self.assertAlmostEqual(low, 0.161, delta=0.006)
        self.assertAlmostEqual(high, 0.239, delta=0.006)

    def test_resamples_without_a_value_are_left_out(self):
        def figures(weights):
            return {"never": np.full(len(weights), np.nan), "some": np.where(weights[:, 0] > 0, 0.25, np.nan)}

        self.assertEqual(bootstrap.intervals(figures, 5, 50), {"never": None, "some": (0.25, 0.25)})

    def test_no_images_cannot_be_resampled(self):
        with self.assertRaisesRegex(ValueError, "no images"):
            bootstrap.resample(0, 10)


if __name__ == "__main__":
    unittest.main()

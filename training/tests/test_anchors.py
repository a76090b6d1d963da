import unittest

import numpy as np

from training.anchors import cluster, fit


class AnchorTests(unittest.TestCase):
    def test_fit_is_the_worse_of_both_ratios(self):
        sizes = np.array([[20.0, 30.0], [40.0, 30.0]])
        np.testing.assert_allclose(fit(sizes, np.array([[20.0, 30.0], [10.0, 40.0]])), [[1, 0.5], [0.5, 0.25]])

    def test_separate_groups_give_their_medians_by_area(self):
        rng = np.random.default_rng(0)
        groups = np.array([[60.0, 20.0], [20.0, 22.0], [44.0, 52.0]])
        sizes = (groups[:, None] + rng.uniform(-1, 1, (3, 101, 2))).reshape(-1, 2)
        best = max((cluster(sizes, 3, seed) for seed in range(5)), key=lambda anchors: fit(sizes, anchors).max(1).mean())
        np.testing.assert_allclose(best, groups[[1, 0, 2]], atol=0.5)

    def test_the_same_seed_gives_the_same_anchors(self):
        sizes = np.random.default_rng(1).uniform(10, 80, (300, 2))
        np.testing.assert_array_equal(cluster(sizes, 6, 4), cluster(sizes, 6, 4))


if __name__ == "__main__":
    unittest.main()

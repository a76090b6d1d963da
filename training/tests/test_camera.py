import unittest

import numpy as np

from training.generator.camera import GRADIENT_DEPTH, illumination, line_gain, photograph


def half_copper(size=120):
    board = np.full((size, size), 255, np.uint8)
    board[:, : size // 2] = 0
    return board


class CameraTests(unittest.TestCase):
    def test_picture_is_grey_and_keeps_copper_darker(self):
        for seed in range(20):
            grey = photograph(half_copper(), np.random.default_rng(seed))
            self.assertEqual((grey.dtype, grey.shape), (np.uint8, (120, 120)))
            self.assertGreater(grey[:, 70:].mean() - grey[:, :50].mean(), 30)

    def test_edges_stay_where_they_are(self):
        for seed in range(20):
            profile = photograph(half_copper(), np.random.default_rng(seed)).mean(0)
            middle = (profile[:50].mean() + profile[70:].mean()) / 2
            self.assertLessEqual(abs(int(np.argmax(profile > middle)) - 60), 1)

    def test_same_seed_gives_the_same_picture(self):
        pictures = [photograph(half_copper(), np.random.default_rng(9)) for _ in range(2)]
        np.testing.assert_array_equal(*pictures)

    def test_pictures_differ_in_level_blur_and_noise(self):
        pictures = [photograph(half_copper(), np.random.default_rng(seed)).astype(int) for seed in range(12)]
        self.assertGreater(np.ptp([p[:, :50].mean() for p in pictures]), 30)
        self.assertGreater(np.ptp([np.diff(p[:, 20], 1).std() for p in pictures]), 2)
        steepness = [np.abs(np.diff(p.mean(0))).max() / (p[:, 70:].mean() - p[:, :50].mean()) for p in pictures]
        self.assertGreater(np.ptp(steepness), 0.1)

    def test_board_is_left_alone(self):
        board = half_copper()
        photograph(board, np.random.default_rng(0))
        np.testing.assert_array_equal(board, half_copper())

    def test_illumination_is_a_plane_around_one(self):
        gain = illumination((60, 80), np.random.default_rng(2))
        self.assertLessEqual(np.abs(gain - 1).max(), GRADIENT_DEPTH + 1e-6)
        self.assertAlmostEqual(float(gain.mean()), 1, places=5)
        np.testing.assert_allclose(np.diff(gain, 2, axis=1), 0, atol=1e-6)

    def test_line_gain_is_near_one(self):
        gain = line_gain(1000, np.random.default_rng(4))
        self.assertAlmostEqual(float(gain.mean()), 1, delta=0.01)
        self.assertGreater(gain.std(), 0)


if __name__ == "__main__":
    unittest.main()

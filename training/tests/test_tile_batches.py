import unittest

import numpy as np
import torch

from training.data.batches import stream
from training.data.drawn_tiles import drawn_tiles
from training.data.tile_batches import Sampling, TileSource, spread
from training.data.tile_views import TileAugmentation
from training.data.tiles import IGNORED
from training.generator.tiles import FIRST_TRAINING_SEED, draw_tile
from training.tests.tiles import small_tile

STILL = TileAugmentation(
    added_probability=0.0,
    transplant_share=0.0,
    crop_probability=0.0,
    smallest_crop=1.0,
    log_stretch=0.0,
    turn_probability=0.0,
    most_turned=0.0,
    exposure_probability=0.0,
)
LIVELY = TileAugmentation(
    added_probability=0.5,
    transplant_share=0.5,
    crop_probability=0.5,
    smallest_crop=0.5,
    log_stretch=0.2,
    turn_probability=0.5,
    most_turned=0.1,
    exposure_probability=0.8,
)


def tiles():
    return [small_tile(kind, name=f"{kind}-{index}") for kind in (0, 1, 3) for index in range(3)]


def source(augmentation=LIVELY, batch_size=4):
    return TileSource(tiles(), [], (64, 96), augmentation, Sampling(0.5, 0.0), batch_size, seed=11)


class TileSourceTests(unittest.TestCase):
    def test_a_batch_has_samples_in_one_and_labels(self):
        batch = source()[0]
        self.assertEqual((batch.images.shape, batch.images.dtype), ((4, 1, 96, 64), torch.float32))
        self.assertEqual((batch.labels.shape, batch.labels.dtype), ((4, 96, 64), torch.uint8))
        self.assertTrue(0 <= batch.images.min() and batch.images.max() <= 1)

    def test_a_step_draws_the_same_batch_whenever_it_is_asked(self):
        first, second = source()[7], source()[7]
        self.assertTrue(torch.equal(first.images, second.images))
        self.assertTrue(torch.equal(first.labels, second.labels))
        self.assertFalse(torch.equal(first.images, source()[8].images))

    def test_stream_resumes_where_it_is_told(self):
        batches = stream(source(), range(3, 100), workers=0)
        self.assertTrue(torch.equal(next(batches).images, source()[3].images))
        self.assertTrue(torch.equal(next(batches).images, source()[4].images))

    def test_half_of_a_batch_is_defective_and_the_kinds_are_equally_often(self):
        batches = [source(STILL, 8)[step] for step in range(40)]
        kinds = torch.cat([batch.labels.masked_fill(batch.labels == IGNORED, 0).amax((1, 2)) for batch in batches])
        counts = torch.bincount(kinds.long(), minlength=4).tolist()
        self.assertEqual(counts[0], 160)
        self.assertAlmostEqual(counts[1], 80, delta=25)

    def test_a_tile_that_was_taken_often_is_not_seen_more_often(self):
        often = [small_tile(1, name="often") for _ in range(9)]
        rare = small_tile(1, name="rare")
        rare.image[:] = 255
        both = TileSource([small_tile(0), *often, rare], [], (64, 96), STILL, Sampling(1.0, 0.0), 8, seed=1)
        seen = torch.cat([both[step].images.amin((1, 2, 3)) > 0.4 for step in range(20)])
        self.assertAlmostEqual(seen.float().mean().item(), 0.5, delta=0.15)

    def test_show_whole_images_ends_the_crops(self):
        shown = source(TileAugmentation(**(vars(LIVELY) | {"crop_probability": 1.0, "exposure_probability": 0.0})))
        shown.show_whole_images()
        # A tile of 90 x 120 pixels fills 64 x 85 of 64 x 96.
        for step in range(5):
            self.assertEqual((shown[step].labels != IGNORED).sum((1, 2)).tolist(), [64 * 85] * 4)

    def test_training_needs_both_sorts_of_tiles(self):
        for kinds in ((0,), (1,)):
            with self.assertRaisesRegex(ValueError, "with defects and without"):
                TileSource([small_tile(kind) for kind in kinds], [], (64, 96), STILL, Sampling(0.5, 0.0), 4, 1)

    def test_spread_takes_the_kinds_in_turn(self):
        self.assertEqual([tile.name for tile in spread(tiles(), 5)], ["0-0", "1-0", "3-0", "0-1", "1-1"])
        self.assertEqual(len(spread(tiles(), 0)), 9)


class DrawnTileTests(unittest.TestCase):
    def test_they_are_those_of_the_training_seeds(self):
        first, second = drawn_tiles(2)
        np.testing.assert_array_equal(second.image, draw_tile(FIRST_TRAINING_SEED + 1, None).image)
        self.assertEqual((first.kind, first.label.any()), (0, False))


if __name__ == "__main__":
    unittest.main()

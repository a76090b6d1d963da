import unittest
from dataclasses import replace

import numpy as np

from training.data.tile_exposure import expose
from training.data.tile_transplants import TransplantLibrary, cut_out, set_in
from training.data.tile_views import (
    LETTERBOX_VALUE,
    TileAugmentation,
    draw_frame,
    fit,
    network_input,
    random_view,
    whole_frame,
    with_defects,
)
from training.data.tiles import IGNORED
from training.reference.letterbox import place
from training.tests.tiles import small_tile

SIZE = WIDTH, HEIGHT = 128, 96
SETTINGS = TileAugmentation(
    added_probability=0.0,
    transplant_share=0.5,
    crop_probability=0.5,
    smallest_crop=0.4,
    log_stretch=0.3,
    turn_probability=0.7,
    most_turned=0.2,
    exposure_probability=0.0,
)
LIBRARY = TransplantLibrary([small_tile(1)])


class ViewTests(unittest.TestCase):
    def views(self, settings, kind=1, whole=False, count=30):
        for seed in range(count):
            yield random_view(small_tile(kind), SIZE, settings, np.random.default_rng(seed), LIBRARY, whole)

    def test_label_follows_the_image(self):
        for view in self.views(SETTINGS):
            known = view.label != IGNORED
            bright = view.image[known] > 125
            defect = view.label[known] == 1
            # Interpolated borders may go either way.
            self.assertLess((bright != defect).mean(), 0.02)
            self.assertTrue(defect.any())

    def test_around_the_fitted_image_there_is_nothing_to_learn(self):
        for view in self.views(SETTINGS):
            rows, columns = np.nonzero(view.label != IGNORED)
            self.assertTrue((view.image[view.label == IGNORED] == LETTERBOX_VALUE).all())
            size = np.ptp(rows) + 1, np.ptp(columns) + 1
            self.assertEqual(len(rows), size[0] * size[1])
            self.assertTrue(size[0] == HEIGHT or size[1] == WIDTH)

    def test_whole_views_are_the_servers_letterbox(self):
        tile = replace(small_tile(), image=np.random.default_rng(0).integers(0, 256, (120, 90)).astype(np.uint8))
        content, label, letterbox = fit(tile, whole_frame(tile), SIZE)
        samples = tile.image[None].astype(np.float32) / 255
        expected = place(samples, letterbox, network_input(*SIZE))[0, 0].numpy() * 255
        window = expected[letterbox.top : letterbox.top + HEIGHT, letterbox.left : letterbox.left + letterbox.width]
        np.testing.assert_allclose(content, window, atol=1e-3)
        # 120 x 90 pixels become 96 x 72: the label's block 30 x 24 at (20, 10) becomes 24 x 19 at (16, 8).
        rows, columns = np.nonzero(label)
        self.assertEqual((rows.min(), rows.max(), columns.min(), columns.max()), (16, 39, 8, 26))

    def test_flipped_whole_views_show_the_block_in_its_four_corners(self):
        corners = {
            tuple(int(side.mean() > middle) for side, middle in zip(np.nonzero(view.label == 1), (48, 64)))
            for view in self.views(SETTINGS, whole=True)
        }
        self.assertEqual(len(corners), 4)

    def test_crops_show_some_of_the_defect_and_stay_on_the_tile(self):
        tile, settings = small_tile(), replace(SETTINGS, crop_probability=1.0, turn_probability=0.0)
        for seed in range(50):
            frame = draw_frame(tile, settings, np.random.default_rng(seed))
            self.assertTrue(0 <= frame.left and frame.left + frame.width <= 90.001)
            self.assertTrue(0 <= frame.top and frame.top + frame.height <= 120.001)
            self.assertLess(max(frame.left, 10), min(frame.left + frame.width, 34))
            self.assertLess(max(frame.top, 20), min(frame.top + frame.height, 50))

    def test_an_uneven_tile_is_kept_whole(self):
        settings = replace(SETTINGS, crop_probability=1.0)
        frame = draw_frame(small_tile(5), settings, np.random.default_rng(0))
        self.assertEqual(frame[:4], (0, 0, 90, 120))

    def test_same_seed_same_view(self):
        settings = replace(SETTINGS, added_probability=1.0, exposure_probability=1.0)
        for first, second in zip(self.views(settings, 0, count=5), self.views(settings, 0, count=5)):
            np.testing.assert_array_equal(first.image, second.image)
            np.testing.assert_array_equal(first.label, second.label)

    def test_defects_come_to_sound_tiles_alone(self):
        settings = replace(SETTINGS, added_probability=1.0, crop_probability=0.0)
        kinds = set()
        for view in self.views(settings, 0):
            found = set(np.unique(view.label)) - {0, IGNORED}
            self.assertLessEqual(len(found), 1)
            kinds |= found
        self.assertGreaterEqual(len(kinds), 4)
        for view in self.views(settings, 1):
            self.assertEqual(set(np.unique(view.label)) - {0, IGNORED}, {1})


class TransplantTests(unittest.TestCase):
    def test_a_defect_is_set_in_with_its_own_mask(self):
        sound = small_tile(0)
        for seed in range(20):
            tile = with_defects(sound, 1.0, np.random.default_rng(seed), LIBRARY)
            if tile.kind == 1:
                areas = int((tile.label == 1).sum())
                self.assertTrue(720 <= areas <= 2 * 720)
                self.assertGreater(tile.image[tile.label == 1].mean(), 150)
        self.assertFalse(sound.label.any())
        self.assertEqual(int(sound.image.max()), 50)

    def test_brightness_follows_the_place(self):
        (transplant,) = cut_out(small_tile())
        for level in (20, 50, 60):
            image, mask = set_in(np.full((120, 90), level, np.uint8), transplant, np.random.default_rng(1))
            middle = image[mask].max()
            self.assertAlmostEqual(int(middle), 4 * level, delta=1)
            self.assertTrue((image[~mask] >= level).all())

    def test_what_lies_at_an_edge_stays_at_an_edge(self):
        tile = small_tile()
        tile.label[:], tile.label[0:12, 30:40] = 0, 2
        (transplant,) = cut_out(replace(tile, kind=2))
        self.assertEqual(transplant.edges, (True, False, False, False))
        for upside_down, row in ((False, 0), (True, -1)):
            mask = set_in(tile.image, transplant.mirrored(upside_down, False), np.random.default_rng(0))[1]
            self.assertEqual(int(mask[row].sum()), 10)

    def test_what_is_too_large_is_refused(self):
        (transplant,) = cut_out(small_tile())
        self.assertIsNone(set_in(np.zeros((30, 90), np.uint8), transplant, np.random.default_rng(0)))

    def test_uneven_tiles_give_nothing(self):
        self.assertIsNone(TransplantLibrary([small_tile(5)]).draw(5, np.random.default_rng(0)))


class ExposureTests(unittest.TestCase):
    def test_grey_values_change_and_stay_grey_values(self):
        grey = small_tile().image.astype(np.float32)
        for seed in range(20):
            seen = expose(grey, np.random.default_rng(seed))
            self.assertEqual((seen.dtype, seen.shape), (np.float32, grey.shape))
            self.assertTrue(0 <= seen.min() and seen.max() <= 255)
            self.assertGreater(seen[20:50, 10:34].mean(), seen[60:].mean() + 20)
        self.assertEqual(grey[0, 0], 50)


if __name__ == "__main__":
    unittest.main()

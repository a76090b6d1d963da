import unittest

import torch

from training.data.augmentation import Augmentation
from training.data.batches import BatchSource, collate, stream
from training.tests.boards import small_board

SETTINGS = Augmentation(repair_probability=0.2, most_added=60, camera_probability=0.5)


def source():
    return BatchSource([small_board() for _ in range(5)], SETTINGS, [96], 2, seed=11)


class BatchTests(unittest.TestCase):
    def test_collate_numbers_images_and_instances(self):
        batch = collate([small_board(), small_board()])
        self.assertEqual((batch.images.shape, batch.images.dtype), ((2, 1, 160, 160), torch.float32))
        self.assertEqual((batch.images.min().item(), batch.images.max().item()), (0, 1))
        self.assertEqual(batch.targets.image.tolist(), [0, 0, 0, 1, 1, 1])
        self.assertEqual(batch.targets.instance.tolist(), [1, 2, 3, 1, 2, 3])
        self.assertEqual(batch.targets.classes.tolist(), [2, 3, 4, 2, 3, 4])
        self.assertEqual(batch.targets.boxes.shape, (6, 4))

    def test_a_step_draws_the_same_batch_whenever_it_is_asked(self):
        first, second = source()[7], source()[7]
        self.assertTrue(torch.equal(first.images, second.images))
        self.assertTrue(torch.equal(first.targets.boxes, second.targets.boxes))
        self.assertFalse(torch.equal(first.images, source()[8].images))

    def test_stream_resumes_where_it_is_told(self):
        batches = stream(source(), range(3, 100), workers=0)
        self.assertTrue(torch.equal(next(batches).images, source()[3].images))
        self.assertTrue(torch.equal(next(batches).images, source()[4].images))

    def test_show_whole_images_ends_the_crops(self):
        boards = source()
        self.assertEqual(boards[0].images.shape[-1], 96)
        boards.show_whole_images()
        self.assertEqual(boards[0].images.shape[-1], 160)


if __name__ == "__main__":
    unittest.main()

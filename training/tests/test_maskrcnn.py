import unittest

import numpy as np
import torch

from training.data.batches import collate
from training.recipes.maskrcnn import torchvision_targets
from training.reference.maskrcnn import to_inspection
from training.tests.boards import small_board


class TorchvisionTargetsTests(unittest.TestCase):
    def test_each_image_gets_its_own_defects(self):
        board = small_board()
        first, second = torchvision_targets(collate([board, board]))
        for target in (first, second):
            np.testing.assert_array_equal(target["boxes"], board.boxes)
            self.assertEqual(target["labels"].tolist(), (board.classes + 1).tolist())
            for index, mask in enumerate(target["masks"]):
                np.testing.assert_array_equal(mask.numpy() > 0, board.label_map == index + 1)


class ToInspectionTests(unittest.TestCase):
    def test_labels_start_from_one_and_masks_are_thresholded(self):
        mask = torch.zeros(1, 1, 6, 8)
        mask[0, 0, 2:4, 3:7], mask[0, 0, 0, 0] = 0.9, 0.5
        found = {"boxes": torch.tensor([[2.5, 1.0, 7.0, 5.0]]), "labels": torch.tensor([2]), "masks": mask}
        defect = to_inspection(found | {"scores": torch.tensor([0.75])}, ["open", "short"], 8, 6).defects[0]
        self.assertEqual((defect.class_name, defect.score, defect.box), ("short", 0.75, (2.5, 1.0, 7.0, 5.0)))
        self.assertEqual((defect.mask.x, defect.mask.y, defect.mask.pixels.shape, defect.mask.area), (3, 2, (2, 4), 8))


if __name__ == "__main__":
    unittest.main()

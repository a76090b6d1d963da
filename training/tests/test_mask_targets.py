import unittest

import torch
from torchvision.ops import roi_align

from training.learning.mask_targets import mask_targets


class MaskTargetTests(unittest.TestCase):
    def test_equals_roi_align_of_the_instance_mask(self):
        torch.manual_seed(3)
        label_maps = torch.randint(0, 4, (2, 40, 50), dtype=torch.uint8)
        corners = torch.rand(12, 2, 2) * torch.tensor([50.0, 40.0])
        low, high = corners.amin(1), corners.amax(1) + 0.5
        high = torch.minimum(high, torch.tensor([50.0, 40.0]))
        images = torch.tensor([0, 1] * 6)
        regions = torch.cat([images[:, None].float(), low, high], 1)
        instances = torch.randint(1, 4, (12,))

        actual = mask_targets(label_maps, regions, instances, 28)

        masks = torch.stack([(label_maps[image] == k).float() for image, k in zip(images, instances)])[:, None]
        regions[:, 0] = torch.arange(12)
        expected = roi_align(masks, regions, 28, 1.0, sampling_ratio=2, aligned=True)[:, 0]
        torch.testing.assert_close(actual, expected, atol=1e-5, rtol=0)

    def test_other_defects_in_the_region_do_not_count(self):
        label_map = torch.zeros(1, 20, 20, dtype=torch.uint8)
        label_map[0, :, :10] = 1
        label_map[0, :, 10:] = 2
        coverage = mask_targets(label_map, torch.tensor([[0.0, 0, 0, 20, 20]]), torch.tensor([2]), 4)
        self.assertEqual(coverage[0, 0].tolist(), [0, 0, 1, 1])

    def test_no_regions_give_no_targets(self):
        coverage = mask_targets(torch.zeros(1, 8, 8, dtype=torch.uint8), torch.zeros(0, 5), torch.zeros(0).long(), 28)
        self.assertEqual(coverage.shape, (0, 28, 28))


if __name__ == "__main__":
    unittest.main()

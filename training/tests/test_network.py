import unittest

import torch
import torch.nn.functional as F

from training.networks.blocks import InvertedResidual
from training.networks.ymasknet import Stage1, Stage2, YMaskNet, region_features
from training.networks.yolov5 import Yolov5

ANCHORS = [[[33, 27], [31, 32]], [[40, 34], [61, 34]]]


class NetworkTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)

    def test_stage1_shapes(self):
        stage1 = Stage1(ANCHORS, class_count=3).eval()
        heads, features = stage1(torch.rand(2, 1, 96, 64))
        self.assertEqual([h.shape for h in heads], [(2, 2 * 8, 12, 8), (2, 2 * 8, 6, 4)])
        self.assertEqual(features.shape, (2, 32, 24, 16))

    def test_stage1_starts_with_rare_objects(self):
        heads, _ = Stage1(ANCHORS, class_count=3).eval()(torch.rand(1, 1, 64, 64))
        objectness = heads[0].view(1, 2, 8, 8, 8)[:, :, 4].sigmoid()
        self.assertLess(objectness.mean().item(), 0.05)

    def test_stage2_shapes_and_no_refinement_at_first(self):
        masks, classes, deltas = Stage2(class_count=3).eval()(torch.rand(5, 48, 14, 14))
        self.assertEqual((masks.shape, classes.shape), ((5, 3, 28, 28), (5, 4)))
        self.assertEqual(deltas.tolist(), torch.zeros(5, 4).tolist())

    def test_enlargement_is_a_transposed_convolution(self):
        stage2 = Stage2(class_count=3, width=4)
        convolution = stage2.enlarge[0]
        kernel = convolution.weight.view(4, 2, 2, 4).permute(3, 0, 1, 2)
        x = torch.rand(2, 4, 14, 14)
        expected = F.conv_transpose2d(x, kernel, stride=2)
        expected = expected + convolution.bias.view(1, 4, 2, 2).repeat(1, 1, 14, 14)
        torch.testing.assert_close(stage2.enlarge(x), expected)

    def test_region_features_take_the_image_under_the_region(self):
        image = torch.zeros(2, 1, 128, 128)
        image[1, 0, 32:88, 16:72] = torch.rand(56, 56)
        features = torch.zeros(2, 32, 32, 32)
        features[1] = 3.0
        region = torch.tensor([[1.0, 16, 32, 72, 88]])
        result = region_features(features, image, region)
        self.assertEqual(result.shape, (1, 48, 14, 14))
        torch.testing.assert_close(result[0, :32], torch.full((32, 14, 14), 3.0))
        # A region of 56 x 56 pixels is sampled pixel by pixel.
        torch.testing.assert_close(F.pixel_shuffle(result[:, 32:], 4)[0, 0], image[1, 0, 32:88, 16:72])

    def test_mobile_blocks_give_the_same_shapes_with_far_fewer_weights(self):
        settings = {"anchors": ANCHORS, "classes": ["a", "b", "c"], "widths": [16, 32, 64, 96], "depths": [1, 1, 2, 1]}
        full, mobile = (Stage1.from_config(settings | {"blocks": blocks}).eval() for blocks in ("full", "mobile"))
        image = torch.rand(1, 1, 96, 64)
        for one, other in zip([*full(image).heads, full(image).features], [*mobile(image).heads, mobile(image).features]):
            self.assertEqual(one.shape, other.shape)
        counts = [sum(weight.numel() for weight in stage1.parameters()) for stage1 in (full, mobile)]
        self.assertLess(counts[1], 0.6 * counts[0])

    def test_inverted_residual_adds_its_input_where_it_can(self):
        same, other = InvertedResidual(4, 4).eval(), InvertedResidual(4, 6).eval()
        for block in (same, other):
            torch.nn.init.zeros_(block.project[0].weight)
        features = torch.rand(1, 4, 5, 5)
        torch.testing.assert_close(same(features), features)
        torch.testing.assert_close(other(features), torch.zeros(1, 6, 5, 5))

    def test_a_detector_alone_has_no_features_and_no_weights_for_them(self):
        settings = {"anchors": ANCHORS, "classes": ["a"], "widths": [8, 8, 16, 16], "depths": [1, 1, 1, 1]}
        network = Yolov5.from_config(settings)
        self.assertIsNone(network.stage1(torch.rand(1, 1, 64, 64)).features)
        self.assertFalse([name for name, _ in network.named_parameters() if "lateral" in name and "fine" in name])
        self.assertEqual(len(network(torch.rand(1, 1, 64, 64))), 2)

    def test_from_config_builds_both_stages(self):
        network = YMaskNet.from_config(
            {"anchors": ANCHORS, "classes": ["a", "b"], "widths": [16, 16, 32, 32], "depths": [1, 1, 1, 1]}
        )
        self.assertEqual(network.stage1.class_count, 2)
        self.assertEqual(network.stage2.classes.out_features, 3)


if __name__ == "__main__":
    unittest.main()

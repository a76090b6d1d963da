import math
import unittest

import torch

from training.data.tiles import IGNORED
from training.learning.semantic_losses import DICE_SMOOTHING, semantic_losses


def logits_of(*planes: torch.Tensor) -> torch.Tensor:
    """Logits [N, C, H, W] of the probabilities [N, H, W] of each class."""
    return torch.stack(planes, 1).clamp(min=1e-12).log()


def halves(left: int, right: int) -> torch.Tensor:
    """A label map of 8 x 16 pixels, 64 on either side: uint8 [1, 8, 16]."""
    label = torch.full((1, 8, 16), left, dtype=torch.uint8)
    label[..., 8:] = right
    return label


class CrossEntropyTests(unittest.TestCase):
    def value(self, logits, labels, weights, log_priors=(0, 0)):
        return semantic_losses(logits, labels, weights, log_priors)["cross_entropy"].item()

    def test_logits_that_are_priors_alone_say_nothing(self):
        log_priors = [0.0, math.log(1 / 100)]
        logits = torch.tensor(log_priors).view(1, 2, 1, 1).repeat(1, 1, 8, 16)
        self.assertAlmostEqual(self.value(logits, halves(0, 1), [1, 1], log_priors), math.log(2), places=5)

    def test_pixels_weigh_as_their_class(self):
        logits = torch.tensor([0.0, math.log(3)]).view(1, 2, 1, 1).repeat(1, 1, 1, 2)
        labels = torch.tensor([[[0, 1]]], dtype=torch.uint8)
        # A quarter for the background, three quarters for the defect.
        self.assertAlmostEqual(self.value(logits, labels, [1, 1]), (math.log(4) + math.log(4 / 3)) / 2, places=5)
        self.assertAlmostEqual(self.value(logits, labels, [1, 3]), (math.log(4) + 3 * math.log(4 / 3)) / 4, places=5)

    def test_a_class_weighs_alike_however_few_pixels_it_has(self):
        logits = torch.zeros(1, 2, 1, 4)
        logits[0, 1] = math.log(3)
        labels = torch.tensor([[[0, 0, 0, 1]]], dtype=torch.uint8)
        self.assertAlmostEqual(self.value(logits, labels, [1, 1]), (math.log(4) + math.log(4 / 3)) / 2, places=5)
        self.assertAlmostEqual(self.value(logits, labels, [2, 1]), (2 * math.log(4) + math.log(4 / 3)) / 3, places=5)

    def test_images_weigh_alike_however_many_pixels_are_known(self):
        logits = torch.zeros(2, 2, 8, 16)
        logits[1, 1] = math.log(3)
        labels = torch.cat([halves(0, 0), halves(IGNORED, 1)])
        self.assertAlmostEqual(self.value(logits, labels, [1, 1]), (math.log(2) + math.log(4 / 3)) / 2, places=5)

    def test_an_image_of_ignored_pixels_costs_nothing(self):
        self.assertEqual(self.value(torch.randn(1, 2, 8, 16), halves(IGNORED, IGNORED), [1, 1]), 0)


class DiceTests(unittest.TestCase):
    def value(self, logits, labels):
        return semantic_losses(logits, labels, [1.0] * logits.shape[1], [0.0] * logits.shape[1])["dice"].item()

    def setUp(self):
        self.half = torch.full((1, 8, 16), 0.5)

    def test_half_sure_of_every_pixel(self):
        # 32 of 64 in common, 64 predicted: (2 * 32 + 64) / (64 + 64 + 64), for all defects and for their only kind.
        self.assertEqual(DICE_SMOOTHING, 64)
        self.assertAlmostEqual(self.value(logits_of(self.half, self.half), halves(0, 1)), 1 / 3, places=5)

    def test_a_perfect_answer_costs_nothing(self):
        defect = halves(0, 1).float()
        self.assertAlmostEqual(self.value(logits_of(1 - defect, defect), halves(0, 1)), 0, places=5)

    def test_the_right_place_and_the_wrong_kind(self):
        defect = halves(0, 1).float()
        logits = logits_of(1 - defect, torch.zeros_like(defect), defect)
        # Nothing for all defects together, 1 - 64 / (0 + 64 + 64) for the kind that is there.
        self.assertAlmostEqual(self.value(logits, halves(0, 1)), (0 + 0.5) / 2, places=5)

    def test_what_is_marked_on_a_sound_image_costs(self):
        self.assertAlmostEqual(self.value(logits_of(self.half, self.half), halves(0, 0)), 1 - 64 / 128, places=5)

    def test_ignored_pixels_do_not_count(self):
        sure = torch.ones(1, 8, 16)
        logits = logits_of(1 - sure, sure)
        self.assertAlmostEqual(self.value(logits, halves(1, IGNORED)), 0, places=5)

    def test_each_image_counts_alike_whatever_it_shows(self):
        defect = torch.zeros(2, 64, 64)
        defect[0], defect[1, :8, :8] = 1, 1
        found = defect.clone()
        found[1] = 0
        # The small defect is missed and costs the same as if it were alone: 1 - 64 / (64 + 64), both ways.
        self.assertAlmostEqual(self.value(logits_of(1 - found, found), defect.to(torch.uint8)), 0.5 / 2, places=5)

    def test_a_missed_small_defect_is_learned(self):
        logits = torch.zeros(1, 2, 64, 64)
        logits[:, 0] = 4
        logits.requires_grad_()
        labels = torch.zeros(1, 64, 64, dtype=torch.uint8)
        labels[0, :8, :8] = 1
        semantic_losses(logits, labels, [1, 1], [0, 0])["dice"].backward()
        self.assertLess(logits.grad[0, 1, :8, :8].max().item(), 0)
        self.assertGreater(logits.grad[0, 1, 8:, 8:].min().item(), 0)


if __name__ == "__main__":
    unittest.main()

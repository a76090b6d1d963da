import unittest

import torch

from training.data.targets import Targets
from training.learning.roi_sampling import clip, draw_per_image, jitter, sample_regions
from training.networks.boxes import pairwise_iou

HEIGHT, WIDTH = 200, 300


def two_images():
    """Three defects on image 0, none on image 1."""
    boxes = torch.tensor([[10.0, 10, 40, 40], [100, 100, 140, 130], [260, 160, 300, 200]])
    return Targets(torch.zeros(3, dtype=torch.long), boxes, torch.tensor([0, 1, 2]), torch.arange(1, 4))


class RoiSamplingTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(5)

    def test_proposals_that_found_a_defect_carry_it_and_those_that_missed_carry_none(self):
        found = torch.tensor([[12.0, 10, 42, 40], [101, 100, 141, 130]])
        missed = torch.tensor([[200.0, 10, 230, 40], [50, 150, 80, 190]])
        proposals = torch.stack([torch.cat([found, missed]), torch.cat([missed, missed])])

        samples = sample_regions(proposals, two_images(), 4, 2, HEIGHT, WIDTH)

        by_target = {tuple(r[1:].tolist()): t for r, t in zip(samples.regions, samples.target.tolist())}
        self.assertEqual(by_target[(12, 10, 42, 40)], 0)
        self.assertEqual(by_target[(101, 100, 141, 130)], 1)
        background = samples.regions[samples.target < 0]
        self.assertEqual(sorted(background[:, 0].tolist()), [0, 0, 1, 1])
        self.assertTrue(set(map(tuple, background[:, 1:].tolist())) <= set(map(tuple, missed.tolist())))

    def test_true_boxes_fill_up_where_proposals_found_nothing(self):
        nothing = torch.tensor([[[200.0, 10, 230, 40]], [[200, 10, 230, 40]]])
        samples = sample_regions(nothing, two_images(), 4, 2, HEIGHT, WIDTH)
        self.assertEqual(sorted(samples.target.tolist()), [-1, -1, 0, 1, 2])
        positive = samples.target >= 0
        iou = pairwise_iou(samples.regions[positive, 1:], two_images().boxes)
        own = iou.gather(1, samples.target[positive][:, None])
        self.assertTrue((own > 0.4).all())
        self.assertTrue((samples.regions[positive, 0] == 0).all())

    def test_half_the_positives_at_most_are_proposals(self):
        proposals = torch.tensor([[10.0, 10, 40, 40]]).repeat(1, 8, 1)
        targets = two_images()
        samples = sample_regions(proposals, targets, 4, 2, HEIGHT, WIDTH)
        exact = (samples.regions[:, 1:] == targets.boxes[0]).all(1)
        self.assertEqual(int(exact.sum()), 2)
        self.assertEqual(len(samples.target), 4)

    def test_neither_near_nor_far_proposals_are_used(self):
        # IoU 0.4 with the first defect: too little for positive, too much for background.
        between = torch.tensor([[[10.0, 10, 40, 22]]])
        samples = sample_regions(between, two_images(), 2, 2, HEIGHT, WIDTH)
        self.assertTrue((samples.target >= 0).all())
        self.assertFalse((samples.regions[:, 1:] == between[0, 0]).all(1).any())

    def test_defects_of_another_image_do_not_match(self):
        proposals = torch.tensor([[[200.0, 10, 230, 40]], [[10, 10, 40, 40]]])
        samples = sample_regions(proposals, two_images(), 2, 2, HEIGHT, WIDTH)
        on_second = samples.regions[:, 0] == 1
        self.assertEqual(samples.target[on_second].tolist(), [-1])

    def test_slivers_are_passed_over(self):
        sliver = torch.tensor([[[200.0, 10, 203, 40]]])
        samples = sample_regions(sliver, two_images(), 2, 2, HEIGHT, WIDTH)
        self.assertTrue((samples.target >= 0).all())

    def test_batch_without_defects_gives_background_only(self):
        empty = Targets(torch.zeros(0).long(), torch.zeros(0, 4), torch.zeros(0).long(), torch.zeros(0).long())
        samples = sample_regions(torch.tensor([[[0.0, 0, 30, 30]]]), empty, 4, 2, HEIGHT, WIDTH)
        self.assertEqual(samples.target.tolist(), [-1])

    def test_draw_per_image_keeps_to_the_limit_and_to_what_is_eligible(self):
        image = torch.tensor([0, 1, 0, 1, 0, 2, 0])
        eligible = torch.tensor([True, True, True, True, False, False, True])
        drawn = draw_per_image(image, eligible, 3, 2)
        self.assertEqual(len(set(drawn.tolist())), len(drawn))
        self.assertTrue(eligible[drawn].all())
        self.assertEqual(torch.bincount(image[drawn], minlength=3).tolist(), [2, 2, 0])

    def test_draw_per_image_takes_a_limit_per_image(self):
        image = torch.tensor([0, 0, 0, 1, 1, 1])
        drawn = draw_per_image(image, torch.ones(6, dtype=torch.bool), 2, torch.tensor([3, 1]))
        self.assertEqual(torch.bincount(image[drawn]).tolist(), [3, 1])

    def test_draw_per_image_gives_every_candidate_its_chance(self):
        image, eligible = torch.zeros(4, dtype=torch.long), torch.ones(4, dtype=torch.bool)
        seen = {int(draw_per_image(image, eligible, 1, 1)) for _ in range(100)}
        self.assertEqual(seen, {0, 1, 2, 3})

    def test_jitter_changes_boxes_within_its_limits(self):
        boxes = torch.tensor([[100.0, 100, 140, 120]]).repeat(500, 1)
        moved = jitter(boxes)
        shift = ((moved[:, :2] + moved[:, 2:]) / 2 - torch.tensor([120.0, 110.0])).abs() / torch.tensor([40.0, 20.0])
        self.assertLessEqual(shift.max().item(), 0.1201)
        self.assertGreater(shift.max().item(), 0.1)
        self.assertTrue(((moved[:, 2:] - moved[:, :2]) > 0).all())

    def test_clip_cuts_at_the_edges(self):
        box = torch.tensor([[-5.0, -6, 400, 500]])
        self.assertEqual(clip(box, HEIGHT, WIDTH).tolist(), [[0, 0, WIDTH, HEIGHT]])


if __name__ == "__main__":
    unittest.main()

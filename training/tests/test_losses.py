import math
import unittest

import torch

from training.data.targets import Targets
from training.learning.losses import complete_iou, detection_losses, joint_loss, mask_loss, refinement_losses
from training.networks.boxes import to_corners
from training.networks.ymasknet import Stage1, Stage2Output

ANCHORS = [[[32, 32]], [[64, 64]]]


def targets(boxes, classes):
    count = len(boxes)
    return Targets(
        torch.zeros(count, dtype=torch.long),
        torch.tensor(boxes, dtype=torch.float32).view(-1, 4),
        torch.tensor(classes, dtype=torch.long),
        torch.arange(1, count + 1),
    )


class CompleteIouTests(unittest.TestCase):
    def test_equal_boxes_give_one(self):
        box = torch.tensor([[50.0, 40, 20, 30]])
        ciou, iou = complete_iou(box, box)
        torch.testing.assert_close(ciou, torch.ones(1), atol=1e-5, rtol=0)
        torch.testing.assert_close(iou, torch.ones(1), atol=1e-5, rtol=0)

    def test_shift_costs_iou_and_distance_but_no_aspect(self):
        ciou, iou = complete_iou(torch.tensor([[5.0, 5, 10, 10]]), torch.tensor([[10.0, 5, 10, 10]]))
        self.assertAlmostEqual(iou.item(), 50 / 150, places=5)
        # Centers 5 apart; the enclosing box is 15 x 10.
        self.assertAlmostEqual(ciou.item(), 50 / 150 - 25 / (15**2 + 10**2), places=5)

    def test_aspect_costs_though_the_center_agrees(self):
        ciou, iou = complete_iou(torch.tensor([[0.0, 0, 20, 10]]), torch.tensor([[0.0, 0, 10, 20]]))
        expected_iou = 100 / 300
        aspect = 4 / math.pi**2 * (math.atan(0.5) - math.atan(2)) ** 2
        self.assertAlmostEqual(iou.item(), expected_iou, places=5)
        self.assertAlmostEqual(ciou.item(), expected_iou - aspect**2 / (1 - expected_iou + aspect), places=5)

    def test_boxes_apart_still_have_a_gradient(self):
        box = torch.tensor([[0.0, 0, 10, 10]], requires_grad=True)
        ciou, _ = complete_iou(box, torch.tensor([[100.0, 0, 10, 10]]))
        ciou.sum().backward()
        self.assertGreater(box.grad[0, 0].item(), 0)


class DetectionLossTests(unittest.TestCase):
    def setUp(self):
        self.stage1 = Stage1(ANCHORS, class_count=2)

    def heads(self):
        return [torch.zeros(1, 7, 8, 8), torch.zeros(1, 7, 4, 4)]

    def test_empty_image_has_objectness_loss_only(self):
        losses = detection_losses(self.stage1, self.heads(), targets([], []), 2.2)
        self.assertEqual(losses["box"].item(), 0)
        self.assertEqual(losses["class"].item(), 0)
        # Every cell says 0.5 where 0 is right, and the heads weigh 4 and 1.
        self.assertAlmostEqual(losses["objectness"].item(), 5 * math.log(2), places=5)

    def test_box_decoded_onto_its_target_has_little_box_loss(self):
        # Cell (3, 3) of stride 8 at its center (28, 28), the anchor's own size: raw zeros decode to it exactly. The two
        # neighbours that learn it too are half a cell (8 px) off.
        losses = detection_losses(self.stage1, self.heads(), targets([[12, 12, 44, 44]], [1]), 1.5)
        near_iou = 24 / 40
        neighbour = 1 - (near_iou - 64 / (40**2 + 32**2))
        self.assertAlmostEqual(losses["box"].item(), 2 * neighbour / 3, places=4)
        self.assertAlmostEqual(losses["class"].item(), math.log(2), places=5)

    def test_objectness_learns_the_iou_that_is_reached(self):
        heads = self.heads()
        box = targets([[12, 12, 44, 44]], [0])
        uncertain = detection_losses(self.stage1, heads, box, 1.5)["objectness"].item()
        heads[0][0, 4] = -20.0
        heads[1][0, 4] = -20.0
        heads[0][0, 4, 3, 3] = 20.0
        certain = detection_losses(self.stage1, heads, box, 1.5)["objectness"].item()
        # Sure of every empty cell and of the exact box; wrong by 20 * 0.6 on the two neighbours among 64 cells.
        self.assertAlmostEqual(certain, 4 * 2 * 12 / 64, places=4)
        self.assertLess(certain, uncertain)

    def test_wrong_class_costs_more_than_the_right_one(self):
        box = targets([[12, 12, 44, 44]], [1])
        heads = self.heads()
        heads[0][0, 6] = 4.0
        right = detection_losses(self.stage1, heads, box, 1.5)["class"].item()
        heads[0][0, 6], heads[0][0, 5] = 0.0, 4.0
        self.assertLess(right, detection_losses(self.stage1, heads, box, 1.5)["class"].item())


class RefinementLossTests(unittest.TestCase):
    def test_mask_loss_of_zeros_against_a_quarter(self):
        target = torch.zeros(1, 4, 4)
        target[:, :2, :2] = 1
        dice = 1 - (2 * 0.5 * 4 + 1) / (0.5 * 16 + 4 + 1)
        self.assertAlmostEqual(mask_loss(torch.zeros(1, 4, 4), target).item(), math.log(2) + dice, places=5)

    def test_mask_loss_of_a_perfect_mask_is_almost_nothing(self):
        target = (torch.rand(3, 28, 28) > 0.5).float()
        self.assertLess(mask_loss((target * 2 - 1) * 20, target).item(), 1e-3)

    def test_only_the_true_class_learns_its_mask_and_background_none(self):
        output = Stage2Output(
            torch.zeros(2, 3, 28, 28, requires_grad=True), torch.zeros(2, 4), torch.zeros(2, 4, requires_grad=True)
        )
        region = torch.tensor([[10.0, 10.0, 50.0, 30.0]])
        # Its defect lies 12 to the right and 6 lower and is e^0.6 times as large: each delta is 3.
        size = torch.tensor([40.0, 20.0]) * math.exp(0.6)
        box = to_corners(torch.cat([torch.tensor([30.0 + 12.0, 20.0 + 6.0]), size])[None])
        losses = refinement_losses(output, torch.tensor([3, 1]), torch.ones(1, 28, 28), region, box)
        sum(losses.values()).backward()
        learned = output.mask_logits.grad.abs().sum((2, 3)) > 0
        self.assertEqual(learned.tolist(), [[False] * 3, [False, True, False]])
        self.assertEqual((output.box_deltas.grad.abs() > 0).all(1).tolist(), [False, True])
        self.assertAlmostEqual(losses["refined_class"].item(), math.log(4), places=5)
        self.assertAlmostEqual(losses["refined_box"].item(), 2.5, places=5)

    def test_background_alone_gives_zero_mask_and_box_loss(self):
        output = Stage2Output(torch.randn(2, 3, 28, 28), torch.zeros(2, 4), torch.randn(2, 4))
        nothing = torch.zeros(0, 4)
        losses = refinement_losses(output, torch.tensor([3, 3]), torch.zeros(0, 28, 28), nothing, nothing)
        self.assertEqual([losses[name].item() for name in ("mask", "refined_box", "refined_overlap")], [0, 0, 0])

    def test_refined_overlap_is_the_overlap_after_the_deltas(self):
        region = torch.tensor([[0.0, 0.0, 20.0, 20.0]])
        # Moved right by a quarter of its width it lies beside the box by 5 of 20: IoU 15 / 25, the centers 5 apart in an
        # enclosing box of 25 x 20, the same aspect.
        deltas = torch.tensor([[2.5, 0.0, 0.0, 0.0]])
        output = Stage2Output(torch.zeros(1, 3, 28, 28), torch.zeros(1, 4), deltas)
        losses = refinement_losses(output, torch.tensor([0]), torch.zeros(1, 28, 28), region, region)
        self.assertAlmostEqual(losses["refined_overlap"].item(), 1 - (0.6 - 25 / (25**2 + 20**2)), places=5)

    def test_joint_loss_weighs_each_loss(self):
        losses = {"box": torch.tensor(2.0), "mask": torch.tensor(3.0)}
        self.assertEqual(joint_loss(losses, {"box": 0.5, "mask": 10.0, "class": 1.0}).item(), 31.0)

    def test_joint_loss_without_a_weight_is_an_error(self):
        with self.assertRaises(KeyError):
            joint_loss({"box": torch.tensor(2.0)}, {})


if __name__ == "__main__":
    unittest.main()

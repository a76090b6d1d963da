"""The losses of whole-image segmentation."""

from typing import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from training.data.tiles import IGNORED

DICE_SMOOTHING = 64.0
"""Pixels added to both parts of the Dice fraction, about the smallest defect: without them a handful of uncertain
pixels on a tile without defects would count as much as a missed defect."""


def semantic_losses(
    logits: Tensor, labels: Tensor, class_weights: Sequence[float], log_priors: Sequence[float]
) -> dict[str, Tensor]:
    """Cross entropy and Dice of logits [N, C, H, W] against labels uint8 [N, H, W].

    Each image counts alike in both. Pixels of `IGNORED` do not count.

    log_priors: [C], logarithm of the part of a picture that a class takes where it occurs. A cross entropy that weighs
    classes alike asks for likelihoods and not for probabilities: a network that follows it calls far too many pixels
    defective, and Dice would pull the other way. So it is taken of the logits without the priors (Menon et al.,
    arXiv 2007.07314), and the logits themselves, of which the server takes the largest, have them in.
    """
    known = (labels != IGNORED).to(logits.dtype)
    one_hot = _one_hot(labels, logits)
    without_priors = logits - logits.new_tensor(log_priors).view(1, -1, 1, 1)
    return {
        "cross_entropy": cross_entropy(without_priors, one_hot, logits.new_tensor(class_weights)),
        "dice": dice(logits.softmax(1), one_hot, known),
    }


def cross_entropy(logits: Tensor, one_hot: Tensor, class_weights: Tensor) -> Tensor:
    """Softmax cross entropy: its mean over the pixels of each class of an image, of these the weighted mean over the
    classes that the image has, of these the mean over the images.

    Class by class, because a crack has one pixel where its tile has five hundred: in a mean over pixels nothing would be
    lost by never marking it.
    Softmax, and not a binary cross entropy per class: the server takes the class of the largest logit, so what has to
    be learned is which is the largest. A binary cross entropy trains each logit against zero and leaves that open.

    one_hot: [N, C, H, W], 0 at unknown pixels; class_weights: [C].
    """
    areas = one_hot.sum((2, 3))
    of_classes = -(logits.log_softmax(1) * one_hot).sum((2, 3)) / areas.clamp(min=1)
    weights = class_weights * (areas > 0)
    return ((of_classes * weights).sum(1) / weights.sum(1).clamp(min=1e-6)).mean()


def dice(probabilities: Tensor, one_hot: Tensor, known: Tensor) -> Tensor:
    """1 - Dice, softly: of all defects together and of each kind that an image has, meaned within the image and then
    over the images. Pooled over the batch, the large defects would hide the small ones.

    probabilities, one_hot: [N, C, H, W], one_hot 0 at unknown pixels; known: [N, H, W], 0 or 1. Class 0 is background.
    """
    predicted, true = probabilities[:, 1:] * known[:, None], one_hot[:, 1:]
    predicted_area, true_area = predicted.sum((2, 3)), true.sum((2, 3))
    common = (predicted * true).sum((2, 3))
    of_kinds = 1 - _dice_score(common, predicted_area, true_area)
    present = (true_area > 0).to(of_kinds.dtype)

    all_predicted, all_true = predicted.sum(1), true.sum(1)
    of_all = 1 - _dice_score((all_predicted * all_true).sum((1, 2)), predicted_area.sum(1), true_area.sum(1))
    return ((of_all + (of_kinds * present).sum(1)) / (1 + present.sum(1))).mean()


def _dice_score(common: Tensor, predicted_area: Tensor, true_area: Tensor) -> Tensor:
    return (2 * common + DICE_SMOOTHING) / (predicted_area + true_area + DICE_SMOOTHING)


def _one_hot(labels: Tensor, logits: Tensor) -> Tensor:
    # Compared class by class: an ignored pixel is none of them, and no [N, H, W, C] of 64-bit numbers comes to be.
    classes = torch.arange(logits.shape[1], dtype=labels.dtype, device=labels.device)
    return (labels[:, None] == classes.view(1, -1, 1, 1)).to(logits.dtype)

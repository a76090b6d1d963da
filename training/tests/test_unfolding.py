import copy
import unittest

import torch

from training.data.batches import collate
from training.learning.unfolding import unfold
from training.recipes import recipe_for
from training.reference.weights import fold_batch_norm
from training.tests.boards import small_board
from training.tests.test_export import shake_normalisation
from training.tests.test_training_run import CONFIG


class UnfoldTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        self.recipe = recipe_for(CONFIG)
        self.trained = self.recipe.network()
        shake_normalisation(self.trained)
        self.trained.eval()
        self.folded = fold_batch_norm(copy.deepcopy(self.trained))
        self.batch = collate([small_board(), small_board()])

    def test_in_evaluation_the_same_network_comes_back(self):
        fresh = self.recipe.network()
        unfold(self.folded, fresh, lambda network: self.recipe.losses(network, self.batch))
        fresh.eval()
        image, regions = torch.rand(1, 1, 96, 96), torch.rand(3, 48, 14, 14)
        with torch.no_grad():
            pairs = zip(
                [*self.trained.stage1(image).heads, *self.trained.stage2(regions)],
                [*fresh.stage1(image).heads, *fresh.stage2(regions)],
            )
        for before, after in pairs:
            torch.testing.assert_close(after, before, rtol=1e-3, atol=1e-3)

    def test_in_training_it_nearly_computes_the_same(self):
        fresh = self.recipe.network()
        unfold(self.folded, fresh, lambda network: self.recipe.losses(network, self.batch))
        fresh.train()
        with torch.no_grad():
            expected = self.folded.stage1(self.batch.images).heads[0]
            found = fresh.stage1(self.batch.images).heads[0]
            other = self.recipe.network().train().stage1(self.batch.images).heads[0]
        self.assertLess((found - expected).abs().mean(), 0.05 * (other - expected).abs().mean())

    def test_batches_that_miss_a_convolution_are_refused(self):
        with self.assertRaisesRegex(ValueError, "did not reach every convolution"):
            unfold(self.folded, self.recipe.network(), lambda network: network.stage1(self.batch.images))


if __name__ == "__main__":
    unittest.main()

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from training import train
from training.data.tile_batches import collate
from training.data.tile_views import TileAugmentation, random_view
from training.learning.schedule import Budget
from training.networks.unet import UNet
from training.recipes import recipe_for
from training.recipes import unet as recipe_module
from training.reference.weights import fold_batch_norm
from training.tests.tiles import small_tile

CONFIG = {
    "name": "tiny",
    "architecture": "unet",
    "seed": 3,
    "network": {"classes": ["background", "a", "b", "c", "d", "e"], "widths": [8, 16, 16], "width": 64, "height": 72},
    "data": "the small tile",
    "tiles": 0,
    "drawn_tiles": 1,
    "sampling": {"defect_share": 0.5, "drawn_share": 0.2},
    "augmentation": {
        "added_probability": 0.5,
        "transplant_share": 0.5,
        "crop_probability": 0.4,
        "smallest_crop": 0.5,
        "log_stretch": 0.2,
        "turn_probability": 0.3,
        "most_turned": 0.1,
        "exposure_probability": 0.5,
    },
    "views": {"whole_fraction": 0.5},
    "log_priors": [0, -6, -5, -5, -2, -1],
    "class_weights": [1, 2, 2, 2, 1, 1],
    "loss_weights": {"cross_entropy": 1.0, "dice": 1.0},
    "optimizer": {
        "learning_rate": 0.004,
        "final_learning_rate_factor": 0.02,
        "warmup_steps": 2,
        "weight_decay": 0.02,
        "betas": [0.9, 0.99],
        "gradient_norm_limit": 10.0,
        "batch_size": 4,
    },
    "ema_decay": 0.9,
    "checkpoint_minutes": 1000,
    "threads": 1,
    "workers": 0,
    "precision": "float32",
}
UNCHANGED = TileAugmentation(**dict.fromkeys(CONFIG["augmentation"], 0.0))


class NetworkTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)

    def test_logits_have_the_size_of_the_image(self):
        network = UNet(6, [4, 8, 12, 16, 20]).eval()
        self.assertEqual(network.stride, 32)
        self.assertEqual(network(torch.rand(2, 1, 96, 64)).shape, (2, 6, 96, 64))

    def test_it_starts_with_rare_defects(self):
        background = UNet(6, [4, 8]).eval()(torch.rand(1, 1, 32, 32)).softmax(1)[:, 0]
        self.assertGreater(background.min().item(), 0.6)

    def test_folding_the_normalisation_changes_nothing(self):
        network = UNet(3, [4, 8, 12])
        images = torch.rand(2, 1, 32, 48)
        for _ in range(3):
            network(images)
        expected = network.eval()(images)
        folded = fold_batch_norm(network)
        torch.testing.assert_close(folded(images), expected, atol=1e-4, rtol=1e-4)
        self.assertFalse(any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules()))

    def test_a_far_corner_is_in_view(self):
        network = UNet(2, [8, 8, 8, 8, 16]).eval()
        image = torch.rand(1, 1, 192, 192)
        other = image.clone()
        other[:, :, 160:, 160:] = 20
        self.assertFalse(torch.equal(network(image)[..., :8, :8], network(other)[..., :8, :8]))


class RecipeTests(unittest.TestCase):
    def setUp(self):
        views = [random_view(small_tile(kind), (64, 72), UNCHANGED, _Still(), None, True) for kind in (0, 1, 2, 5)]
        self.batch = collate(views)

    def learn(self, config: dict, steps: int) -> list[dict[str, float]]:
        torch.manual_seed(0)
        recipe = recipe_for(config)
        network = recipe.network()
        optimizer = train.make_optimizer(network, config["optimizer"])
        history = []
        for _ in range(steps):
            losses = recipe.losses(network, self.batch)
            optimizer.zero_grad()
            train.joint_loss(losses, config["loss_weights"]).backward()
            optimizer.step()
            history.append({name: value.item() for name, value in losses.items()})
        still = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
        self.assertEqual(still, [])
        return history

    def test_it_learns_one_batch(self):
        # The four tiles differ in their label alone: where a defect is can be learned, which kind it is cannot.
        history = self.learn(CONFIG, 80)
        self.assertLess(history[-1]["cross_entropy"], 0.5 * history[0]["cross_entropy"])
        self.assertLess(history[-1]["dice"], 0.7 * history[0]["dice"])

    def test_bfloat16_gives_nearly_the_same_losses(self):
        exact, rounded = (self.learn(CONFIG | {"precision": name}, 1)[0] for name in ("float32", "bfloat16"))
        for name, value in exact.items():
            self.assertAlmostEqual(rounded[name], value, delta=0.03 * value + 0.01, msg=name)

    def test_the_trainer_runs_it_and_goes_on(self):
        tiles = [small_tile(kind, name=f"{kind}.png") for kind in (0, 1, 2, 3, 4, 5)]
        with mock.patch.object(recipe_module, "load_tiles", return_value=tiles), mock.patch.object(
            recipe_module, "tiles_root", return_value=Path("unused")
        ), mock.patch("builtins.print"), tempfile.TemporaryDirectory() as folder:
            train.Trainer(CONFIG, Path(folder), Budget(steps=2)).run()
            train.Trainer(CONFIG, Path(folder), Budget(steps=4)).run()
            self.assertEqual(torch.load(Path(folder) / "checkpoint.pt")["step"], 4)
            exported = torch.load(Path(folder) / "ema.pt")
            UNet.from_config(exported["config"]["network"]).load_state_dict(exported["weights"])


class _Still:
    """Numbers that change nothing: no flip, no chance that comes true."""

    def random(self, count=None):
        return 0.99 if count is None else torch.full((count,), 0.99).numpy()


if __name__ == "__main__":
    unittest.main()

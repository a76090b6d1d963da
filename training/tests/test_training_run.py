import copy
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from training import train
from training.averaging import MovingAverage
from training.checkpoints import save_atomically
from training.data.batches import collate
from training.networks.ymasknet import YMaskNet
from training.schedule import learning_rate_factor
from training.tests.boards import small_board

CONFIG = {
    "name": "tiny",
    "seed": 3,
    "network": {
        "classes": ["open", "short", "mousebite", "spur", "copper", "pin-hole"],
        "anchors": [[[26, 26]], [[40, 34]]],
        "widths": [8, 8, 16, 16],
        "depths": [1, 1, 1, 1],
    },
    "data": "the small board",
    "augmentation": {"repair_probability": 0.2, "most_added": 40, "camera_probability": 0.3},
    "views": {"sizes": [96], "full_board_fraction": 0.1},
    "regions": {"proposals": 20, "positives": 4, "negatives": 2},
    "assignment_ratio": 2.2,
    "loss_weights": {
        "box": 0.5,
        "objectness": 8.0,
        "class": 0.5,
        "mask": 0.5,
        "refined_class": 0.25,
        "refined_box": 0.25,
    },
    "optimizer": {
        "learning_rate": 0.002,
        "final_learning_rate_factor": 0.02,
        "warmup_steps": 2,
        "weight_decay": 0.02,
        "betas": [0.9, 0.99],
        "gradient_norm_limit": 10.0,
        "batch_size": 2,
    },
    "ema_decay": 0.9,
    "checkpoint_minutes": 1000,
    "threads": 1,
    "workers": 0,
}


class Clock:
    """Gives each step one minute."""

    def __init__(self):
        self.seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 60
        return self.seconds


def run(out: Path, minutes: float) -> dict:
    boards = [small_board() for _ in range(4)]
    with mock.patch.object(train, "load_boards", return_value=boards), mock.patch.object(
        train, "dataset_root", return_value=Path("unused")
    ), mock.patch.object(train, "time", Clock()), mock.patch("builtins.print"):
        train.Trainer(CONFIG, out, minutes).run()
    return torch.load(out / "checkpoint.pt")


class TrainingRunTests(unittest.TestCase):
    def test_training_learns_one_batch(self):
        torch.manual_seed(0)
        network = YMaskNet.from_config(CONFIG["network"])
        optimizer = train.make_optimizer(network, CONFIG["optimizer"])
        batch = collate([small_board(), small_board()])
        history = []
        for _ in range(20):
            losses = train.compute_losses(network, batch, CONFIG)
            total = train.joint_loss(losses, CONFIG["loss_weights"])
            optimizer.zero_grad()
            total.backward()
            optimizer.step()
            history.append({name: value.item() for name, value in (losses | {"total": total}).items()})
        first, last = history[0], history[-1]
        self.assertEqual(set(losses), set(CONFIG["loss_weights"]))
        self.assertLess(last["total"], 0.95 * first["total"])
        self.assertLess(last["mask"], 0.7 * first["mask"])
        self.assertLess(last["refined_class"], 0.3 * first["refined_class"])

    def test_every_weight_learns(self):
        torch.manual_seed(0)
        network = YMaskNet.from_config(CONFIG["network"])
        for _ in range(2):
            # The second pass: box deltas start from zero weights, which at first let no gradient through.
            optimizer = train.make_optimizer(network, CONFIG["optimizer"])
            optimizer.zero_grad()
            losses = train.compute_losses(network, collate([small_board()]), CONFIG)
            train.joint_loss(losses, CONFIG["loss_weights"]).backward()
            optimizer.step()
        still = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
        self.assertEqual(still, [])

    def test_a_resumed_run_goes_on_and_ends_on_time(self):
        with tempfile.TemporaryDirectory() as folder:
            first = run(Path(folder), 3)
            self.assertEqual((first["step"], first["seconds"]), (3, 180))
            second = run(Path(folder), 5)
            self.assertEqual((second["step"], second["seconds"]), (5, 300))
            self.assertFalse(torch.equal(first["rng"], second["rng"]))

            exported = torch.load(Path(folder) / "ema.pt")
            self.assertEqual(exported["config"], CONFIG)
            self.assertEqual((exported["provenance"]["steps"], exported["provenance"]["epochs"]), (5, 2.5))
            network = YMaskNet.from_config(exported["config"]["network"])
            network.load_state_dict(exported["weights"])

    def test_interrupted_and_whole_runs_see_the_same_batches(self):
        seen = []
        compute = train.compute_losses

        def watch(network, batch, config):
            seen.append(batch.images.sum().item())
            return compute(network, batch, config)

        with mock.patch.object(train, "compute_losses", watch):
            with tempfile.TemporaryDirectory() as folder:
                run(Path(folder), 4)
            whole = seen.copy()
            seen.clear()
            with tempfile.TemporaryDirectory() as folder:
                run(Path(folder), 2)
                run(Path(folder), 4)
        self.assertEqual(seen[:3], whole[:3])
        self.assertEqual(len(seen), len(whole))


class PartsTests(unittest.TestCase):
    def test_learning_rate_warms_up_then_follows_the_clock(self):
        factor = learning_rate_factor
        self.assertAlmostEqual(factor(0.0, 0, 100, 0.02), 0.01)
        self.assertAlmostEqual(factor(0.0, 99, 100, 0.02), 1.0)
        self.assertAlmostEqual(factor(0.5, 5000, 100, 0.02), 0.51)
        self.assertAlmostEqual(factor(1.0, 5000, 100, 0.02), 0.02)
        self.assertAlmostEqual(factor(1.3, 5000, 100, 0.02), 0.02)

    def test_average_follows_faster_at_first(self):
        network = torch.nn.Linear(1, 1, bias=False)
        torch.nn.init.zeros_(network.weight)
        average = MovingAverage(network, 0.99)
        torch.nn.init.ones_(network.weight)
        average.update(network, 1)
        self.assertAlmostEqual(average.network.weight.item(), 9 / 11, places=6)
        late = MovingAverage(copy.deepcopy(network), 0.99)
        torch.nn.init.zeros_(network.weight)
        late.update(network, 10**6)
        self.assertAlmostEqual(late.network.weight.item(), 0.99, places=6)

    def test_average_takes_running_statistics_along(self):
        network = torch.nn.BatchNorm2d(2)
        average = MovingAverage(network, 0.99)
        network.running_mean.fill_(11.0)
        average.update(network, 1)
        self.assertEqual(average.network.running_mean.tolist(), [9.0, 9.0])

    def test_save_leaves_no_temporary_file(self):
        with tempfile.TemporaryDirectory() as folder:
            save_atomically({"value": 4}, Path(folder) / "x.pt")
            self.assertEqual([path.name for path in Path(folder).iterdir()], ["x.pt"])
            self.assertEqual(torch.load(Path(folder) / "x.pt"), {"value": 4})


if __name__ == "__main__":
    unittest.main()

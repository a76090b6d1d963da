import copy
import functools
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from training import train
from training.data.batches import collate
from training.learning.averaging import MovingAverage
from training.learning.checkpoints import save_atomically
from training.learning.processes import Processes, run_together
from training.learning.schedule import Budget, learning_rate_factor
from training.networks.ymasknet import YMaskNet
from training.recipes import boards as recipes_boards
from training.recipes import recipe_for
from training.recipes.ymasknet import YMaskNetRecipe
from training.reference.weights import fold_batch_norm
from training.tests.boards import small_board

CONFIG = {
    "name": "tiny",
    "architecture": "ymasknet",
    "seed": 3,
    "network": {
        "classes": ["open", "short", "mousebite", "spur", "copper", "pin-hole"],
        "anchors": [[[26, 26]], [[40, 34]]],
        "widths": [8, 8, 16, 16],
        "depths": [1, 1, 1, 1],
    },
    "data": "the small board",
    "augmentation": {"repair_probability": 0.2, "most_added": 40, "camera_probability": 0.3},
    "views": {"sizes": [96], "whole_fraction": 0.1},
    "regions": {"proposals": 20, "positives": 4, "negatives": 2},
    "assignment_ratio": 2.2,
    "loss_weights": {
        "box": 0.5,
        "objectness": 8.0,
        "class": 0.5,
        "mask": 0.5,
        "refined_class": 0.25,
        "refined_box": 0.25,
        "refined_overlap": 0.25,
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
    "precision": "float32",
    "real_shapes": True,
    "generated_layouts": 0,
}
DETECTION_LOSSES = ("box", "objectness", "class")
DETECTOR = CONFIG | {
    "architecture": "yolov5",
    "loss_weights": {name: CONFIG["loss_weights"][name] for name in DETECTION_LOSSES},
}


class Clock:
    """Gives each step one minute."""

    def __init__(self):
        self.seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 60
        return self.seconds

TWO_STAGE = CONFIG | {
    "architecture": "maskrcnn",
    "loss_weights": dict.fromkeys(
        ("loss_classifier", "loss_box_reg", "loss_mask", "loss_objectness", "loss_rpn_box_reg"), 1.0
    ),
}


def train_small(out: Path, budget: Budget, config: dict = CONFIG, start=None, processes: Processes = Processes()) -> None:
    boards = [small_board() for _ in range(4)]
    with mock.patch.object(recipes_boards, "load_boards", return_value=boards), mock.patch.object(
        recipes_boards, "dataset_root", return_value=Path("unused")
    ), mock.patch.object(train, "time", Clock()), mock.patch("builtins.print"):
        train.Trainer(config, out, budget, start=start, processes=processes).run()


def run(out: Path, budget: Budget, config: dict = CONFIG, start=None) -> dict:
    train_small(out, budget, config, start)
    return torch.load(out / "checkpoint.pt")


def run_and_tell(out: Path, processes: Processes) -> None:
    """One of the processes of a run of three steps; leaves the batches that it saw and the weights that it had then."""
    seen = []
    compute = YMaskNetRecipe.losses

    def watch(recipe, network, batch):
        weights = torch.cat([parameter.detach().reshape(-1) for parameter in network.parameters()])
        seen.append((batch.images.sum().item(), weights))
        return compute(recipe, network, batch)

    with mock.patch.object(YMaskNetRecipe, "losses", watch):
        train_small(out, Budget(steps=3), processes=processes)
    torch.save(seen, out / f"seen{processes.rank}.pt")


def minutes(count: float) -> Budget:
    return Budget(minutes=count)


class RecipeTests(unittest.TestCase):
    def learn(self, config: dict, steps: int) -> list[dict[str, float]]:
        torch.manual_seed(0)
        recipe = recipe_for(config)
        network = recipe.network()
        optimizer = train.make_optimizer(network, config["optimizer"])
        batch = collate([small_board(), small_board()])
        history = []
        for _ in range(steps):
            losses = recipe.losses(network, batch)
            total = train.joint_loss(losses, config["loss_weights"])
            optimizer.zero_grad()
            total.backward()
            optimizer.step()
            history.append({name: value.item() for name, value in (losses | {"total": total}).items()})
        self.assertEqual(set(losses), set(config["loss_weights"]))
        return history

    def learned(self, config: dict) -> tuple[dict[str, float], dict[str, float]]:
        """The losses at first, and their means over the last 10 of 40 steps: single steps see few regions and jump."""
        history = self.learn(config, 40)
        return history[0], {name: sum(step[name] for step in history[-10:]) / 10 for name in history[0]}

    def test_ymasknet_learns_one_batch(self):
        first, last = self.learned(CONFIG)
        self.assertLess(last["total"], 0.9 * first["total"])
        self.assertLess(last["mask"], 0.6 * first["mask"])
        self.assertLess(last["refined_class"], 0.3 * first["refined_class"])

    def test_yolov5_learns_one_batch(self):
        # Objectness is not among them: its target, the IoU that boxes reach, rises at first.
        first, last = self.learned(DETECTOR)
        self.assertLess(last["box"], 0.9 * first["box"])
        self.assertLess(last["class"], 0.9 * first["class"])

    def test_maskrcnn_learns_one_batch(self):
        history = self.learn(TWO_STAGE, 8)
        self.assertLess(history[-1]["loss_objectness"], 0.9 * history[0]["loss_objectness"])
        self.assertLess(history[-1]["loss_mask"], 0.9 * history[0]["loss_mask"])

    def test_bfloat16_gives_nearly_the_same_losses(self):
        exact, rounded = (self.learn(CONFIG | {"precision": name}, 1)[0] for name in ("float32", "bfloat16"))
        for name, value in exact.items():
            self.assertAlmostEqual(rounded[name], value, delta=0.03 * value + 0.01, msg=name)

    def test_every_weight_learns(self):
        for config in (CONFIG, DETECTOR):
            torch.manual_seed(0)
            recipe = recipe_for(config)
            network = recipe.network()
            for _ in range(2):
                # The second pass: box deltas start from zero weights, which at first let no gradient through.
                optimizer = train.make_optimizer(network, config["optimizer"])
                optimizer.zero_grad()
                losses = recipe.losses(network, collate([small_board()]))
                train.joint_loss(losses, config["loss_weights"]).backward()
                optimizer.step()
            still = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
            self.assertEqual(still, [], config["architecture"])

    def test_an_unknown_architecture_is_refused_by_name(self):
        with self.assertRaisesRegex(ValueError, "architecture yolo99 is not one of "):
            recipe_for(CONFIG | {"architecture": "yolo99"})


class TrainingRunTests(unittest.TestCase):
    def test_a_resumed_run_goes_on_and_ends_on_time(self):
        with tempfile.TemporaryDirectory() as folder:
            first = run(Path(folder), minutes(3))
            self.assertEqual((first["step"], first["seconds"]), (3, 180))
            second = run(Path(folder), minutes(5))
            self.assertEqual((second["step"], second["seconds"]), (5, 300))
            self.assertFalse(torch.equal(first["rng"], second["rng"]))

            exported = torch.load(Path(folder) / "ema.pt")
            self.assertEqual(exported["config"], CONFIG)
            self.assertEqual((exported["provenance"]["steps"], exported["provenance"]["epochs"]), (5, 2.5))
            network = YMaskNet.from_config(exported["config"]["network"])
            network.load_state_dict(exported["weights"])

    def test_interrupted_and_whole_runs_see_the_same_batches(self):
        seen = []
        compute = YMaskNetRecipe.losses

        def watch(recipe, network, batch):
            seen.append(batch.images.sum().item())
            return compute(recipe, network, batch)

        with mock.patch.object(YMaskNetRecipe, "losses", watch):
            with tempfile.TemporaryDirectory() as folder:
                run(Path(folder), minutes(4))
            whole = seen.copy()
            seen.clear()
            with tempfile.TemporaryDirectory() as folder:
                run(Path(folder), minutes(2))
                run(Path(folder), minutes(4))
        self.assertEqual(seen[:3], whole[:3])
        self.assertEqual(len(seen), len(whole))


    def test_a_run_that_starts_from_a_package_begins_with_its_weights_and_says_so(self):
        torch.manual_seed(1)
        folded = fold_batch_norm(YMaskNet.from_config(CONFIG["network"]))
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(train, "from_package", return_value=folded):
            file = Path(folder) / "stage1.onnx"
            file.write_bytes(b"weights")
            frozen = CONFIG | {"optimizer": CONFIG["optimizer"] | {"learning_rate": 1e-9}}
            run(Path(folder), Budget(steps=1), frozen, mock.Mock(reference="tiny/3", stage1=file))
            exported = torch.load(Path(folder) / "ema.pt")
            weights = exported["weights"]["stage1.heads.0.weight"]
            torch.testing.assert_close(weights, folded.stage1.heads[0].weight, rtol=0, atol=1e-6)
            self.assertIn("started from tiny/3, stage 1 ", exported["provenance"]["data"])

    def test_processes_draw_batches_of_their_own_and_keep_the_same_weights(self):
        with tempfile.TemporaryDirectory() as folder:
            run_together(2, functools.partial(run_and_tell, Path(folder)))
            first, second = (torch.load(Path(folder) / f"seen{rank}.pt") for rank in (0, 1))
            self.assertEqual(torch.load(Path(folder) / "checkpoint.pt")["step"], 3)
            self.assertEqual(torch.load(Path(folder) / "ema.pt")["provenance"]["epochs"], 3.0)
        self.assertEqual([len(first), len(second)], [3, 3])
        drawn = [images for images, _ in first + second]
        self.assertEqual(len(set(drawn)), 6, f"a batch was drawn twice: {drawn}")
        for (_, own), (_, other) in zip(first, second):
            self.assertTrue(torch.equal(own, other), "the processes' weights differ")

    def test_a_run_of_steps_ends_after_them(self):
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder), Budget(steps=2), DETECTOR)
            self.assertEqual(run(Path(folder), Budget(steps=3), DETECTOR)["step"], 3)


class PartsTests(unittest.TestCase):
    def test_budget_in_minutes_or_in_steps(self):
        self.assertEqual(Budget(minutes=10).spent(7, 150), 0.25)
        self.assertEqual(Budget(minutes=10).minutes_left(7, 150), 7.5)
        self.assertEqual(Budget(steps=200).spent(50, 150), 0.25)
        self.assertEqual(Budget(steps=200).minutes_left(50, 150), 7.5)
        for wrong in ({}, {"minutes": 1.0, "steps": 1}):
            with self.assertRaises(ValueError):
                Budget(**wrong)

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

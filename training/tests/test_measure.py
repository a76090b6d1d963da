import json
import tempfile
import unittest
import warnings
from pathlib import Path
from unittest import mock

import cv2
import torch

from training import measure
from training.metrics import rle
from training.networks.maskrcnn import build_maskrcnn
from training.tests.boards import small_board
from training.tests.test_export import NETWORK, random_network

CLASSES = ("open", "short", "mousebite", "spur", "copper", "pin-hole")


def write_boards(root: Path, split: str, names: list[str]) -> None:
    """Copies of the small board with their ground truth."""
    board = small_board()
    document = {"categories": [{"id": index + 1, "name": name} for index, name in enumerate(CLASSES)]}
    document |= {"images": [], "annotations": []}
    (root / "images").mkdir(exist_ok=True)
    for image, name in enumerate(names):
        cv2.imwrite(str(root / "images" / name), board.image)
        document["images"].append({"id": image, "file_name": name, "width": 160, "height": 160})
        for index, (x1, y1, x2, y2) in enumerate(board.boxes.tolist()):
            segmentation = {"size": [160, 160], "counts": rle.encode(board.label_map == index + 1)}
            document["annotations"].append(
                {
                    "image_id": image,
                    "category_id": int(board.classes[index]) + 1,
                    "bbox": [x1, y1, x2 - x1, y2 - y1],
                    "segmentation": segmentation,
                }
            )
    (root / f"{split}.json").write_text(json.dumps(document))


class ImagesSeenTests(unittest.TestCase):
    def test_every_process_draws_a_batch_of_its_own(self):
        config = {"optimizer": {"batch_size": 4}}
        self.assertEqual(measure.images_seen(config, 100), 400)
        self.assertEqual(measure.images_seen(config | {"processes": 2}, 100), 800)


class MeasureTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)
        write_boards(self.root, "train", ["a.png"])
        write_boards(self.root, "test_open", ["b.png", "c.png"])
        patches = (
            mock.patch.object(measure, "dataset_root", return_value=self.root),
            mock.patch.object(measure, "is_held_out", lambda name: True),
        )
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)

    def weights(self, architecture: str, network: torch.nn.Module, settings: dict) -> Path:
        provenance = dict.fromkeys(("data", "epochs", "minutes", "torch", "seed", "cpu"), "none") | {"steps": 5}
        config = {"name": "tiny", "architecture": architecture, "network": settings, "optimizer": {"batch_size": 3}}
        content = {"weights": network.state_dict(), "config": config, "provenance": provenance}
        torch.save(content, self.root / "ema.pt")
        return self.root / "ema.pt"

    def test_a_network_that_is_exported(self):
        settings = NETWORK | {"classes": list(CLASSES)}
        network = random_network(settings)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            figures, curves, records = measure.measure(self.weights("ymasknet", network, settings))
        self.assertEqual((figures["images_seen"], figures["run"]["steps"]), (15, 5))
        self.assertGreater(figures["megabytes"], 0)
        self.assertEqual(list(curves["box"]), list(CLASSES))
        self.assertEqual([record["image"] for record in records], ["b.png", "c.png"])
        for name in ("box_map50", "small_box_map50", "mask_ap50.spur"):
            self.assertIn(name, figures)

    def test_the_baseline_that_is_not(self):
        torch.manual_seed(0)
        settings = {"classes": list(CLASSES), "widths": [8, 8, 16, 16], "depths": [1, 1, 1, 1]}
        figures, _, records = measure.measure(self.weights("maskrcnn", build_maskrcnn(settings), settings))
        self.assertNotIn("megabytes", figures)
        self.assertGreater(figures["parameters"], 0)
        self.assertEqual(len(records), 2)


if __name__ == "__main__":
    unittest.main()

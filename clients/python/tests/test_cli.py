"""`python3 -m ymasknet` as a process."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

from ymasknet import Client

from .support import pictures
from .support.server import shared_server, unused_address


def setUpModule():
    shared_server()


def run(*arguments, server=None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "ymasknet", *map(str, arguments), "--server", server or shared_server().address]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


class CommandLineTests(unittest.TestCase):
    def test_inspect_writes_what_the_client_finds(self):
        done = run("inspect", pictures.BUS, pictures.GREY, "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        records = [json.loads(line) for line in done.stdout.splitlines()]
        with Client(shared_server().address) as client:
            for record, path in zip(records, (pictures.BUS, pictures.GREY)):
                found = client.inspect(path).defects
                self.assertEqual(record["image"], str(path))
                self.assertEqual(record["model"], "pcb-ymasknet/1")
                self.assertEqual(
                    [defect["class"] for defect in record["defects"]], [defect.class_name for defect in found]
                )
                self.assertEqual(
                    [np.float32(defect["score"]) for defect in record["defects"]], [defect.score for defect in found]
                )
                self.assertEqual(
                    [defect["mask"]["counts"] for defect in record["defects"]], [defect.mask.counts for defect in found]
                )
        self.assertIn("2 images, 0 failed", done.stderr)

    def test_an_image_that_fails_is_said_and_the_others_go_on(self):
        with tempfile.TemporaryDirectory() as folder:
            truncated = Path(folder) / "truncated.png"
            truncated.write_bytes(pictures.BUS.read_bytes()[:200])
            done = run("inspect", truncated, pictures.BUS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("truncated.png: IMAGE_TRUNCATED: ", done.stderr)
        self.assertIn("bus-binary.png: ", done.stdout)

    def test_semantic_models_boards_and_the_list_of_models(self):
        done = run("inspect", pictures.TILE, "--model", "tile-unet", "--json", "-")
        self.assertTrue(json.loads(done.stdout)["regions"], done.stderr)
        done = run("board", pictures.GREY, "--task", "detect")
        self.assertIn("640 x 640 pixels in 1 tiles", done.stdout, done.stderr)
        done = run("models")
        self.assertIn("pcb-ymasknet/1 (default): ", done.stdout, done.stderr)

    def test_exit_codes(self):
        self.assertEqual(run("models", server=unused_address()).returncode, 3)
        self.assertEqual(run("inspect", "/nowhere.png").returncode, 1)
        self.assertEqual(run("inspect", pictures.BUS, "--model", "no-such-model").returncode, 1)
        done = run("models", server="nonsense")
        self.assertEqual(done.returncode, 2)
        self.assertIn("is no address of a server", done.stderr)


if __name__ == "__main__":
    unittest.main()

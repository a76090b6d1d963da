"""The committed goldens are what PyTorch computes now from the committed package and samples."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

from training.golden import GOLDENS, REPOSITORY, SAMPLES, check
from training.packaging.manifest_file import read_manifest

PACKAGE = REPOSITORY / "models" / "pcb-ymasknet" / "1"
PACKAGES = sorted(path.parent for path in (REPOSITORY / "models").glob("*/*/model.json"))


def precisions(package: Path) -> list[str]:
    """The precisions that a package has networks of."""
    return sorted({entry.get("precision", "fp32") for entry in read_manifest(package)["files"]})


class GoldenTest(unittest.TestCase):
    def test_committed_goldens_are_made_again(self):
        self.assertIn(PACKAGE, PACKAGES)
        for package in PACKAGES:
            for precision in precisions(package):
                with self.subTest(package=package.parent.name, precision=precision):
                    result = check(package, SAMPLES, GOLDENS, precision)
                    self.assertEqual(result.failures, [])
                    self.assertTrue(result.holds)
                    self.assertGreater(result.matched, 0)
                    self.assertEqual(result.masks > 0, read_manifest(package)["tasks"] != ["detect"])

    def test_a_changed_golden_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            goldens = Path(folder)
            shutil.copytree(GOLDENS, goldens, dirs_exist_ok=True)
            path = goldens / PACKAGE.parent.name / "segment.jsonl"
            records = [json.loads(line) for line in path.read_text().splitlines()]
            records[0]["defects"][0]["score"] += 0.01
            path.write_text("".join(json.dumps(record) + "\n" for record in records))
            failures = check(PACKAGE, SAMPLES, goldens).failures
            self.assertEqual(len(failures), 1)
            self.assertIn(f"segment/{records[0]['image']}: the score of", failures[0])


if __name__ == "__main__":
    unittest.main()

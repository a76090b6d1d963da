"""The annotations hold under mypy's strict rules."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import ymasknet

from .support.paths import PROJECT

USE = """
import numpy as np
import ymasknet

client = ymasknet.Client()
answer = client.inspect(np.zeros((4, 4), np.uint8), min_score=0.5)
reveal_type(answer.defects[0].box.x)
reveal_type(answer.defects[0].mask)
reveal_type(next(client.stream(["board.png"])).verdict)
client.inspect(5)
"""


@unittest.skipIf(importlib.util.find_spec("mypy") is None, "there is no mypy")
class AnnotationTests(unittest.TestCase):
    def test_the_package_and_its_use_are_well_typed(self):
        built = Path(ymasknet.__file__).parents[1]
        with tempfile.TemporaryDirectory() as folder:
            use = Path(folder) / "use.py"
            use.write_text(USE)
            for arguments, expected in (
                (["-p", "ymasknet"], "Success: no issues found"),
                ([str(use)], "Found 1 error in 1 file"),
            ):
                run = subprocess.run(
                    [sys.executable, "-m", "mypy", "--config-file", PROJECT / "pyproject.toml", *arguments],
                    env={**os.environ, "MYPYPATH": str(built), "MYPY_CACHE_DIR": f"{folder}/cache"},
                    cwd=folder,
                    capture_output=True,
                    text=True,
                )
                self.assertIn(expected, run.stdout, run.stderr)
        for revealed in ('"builtins.float"', '"Union[ymasknet.masks.mask.Mask, None]"', '"ymasknet.enums.Verdict"'):
            self.assertIn(f"Revealed type is {revealed}", run.stdout)
        self.assertIn('Argument 1 to "inspect" of "Client" has incompatible type "int"', run.stdout)


if __name__ == "__main__":
    unittest.main()

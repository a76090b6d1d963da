import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from training.data import layouts


class GeneratedLayoutsTests(unittest.TestCase):
    def test_layouts_are_drawn_once_and_are_those_of_the_training_seeds(self):
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder) / "layouts.npy"
            first = layouts.generated_layouts(2, cache, 1)
            with mock.patch.object(layouts, "_layout", side_effect=AssertionError("drawn again")):
                second = layouts.generated_layouts(2, cache, 1)
            for drawn, read in zip(first, second, strict=True):
                np.testing.assert_array_equal(drawn.image, read.image)
                self.assertIs(drawn.image, drawn.template)
                self.assertEqual((len(drawn.boxes), drawn.label_map.any()), (0, False))
            expected = layouts._layout(layouts.FIRST_TRAINING_SEED + 1)
            np.testing.assert_array_equal(first[1].image, expected)

    def test_none_wanted_none_drawn(self):
        self.assertEqual(layouts.generated_layouts(0, Path("unused"), 1), [])


if __name__ == "__main__":
    unittest.main()

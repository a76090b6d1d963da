"""The emulated kernels against torchvision's operators."""

import ctypes
import subprocess
import unittest
from pathlib import Path

import numpy as np
import torch
from torchvision.ops import nms, roi_align

ROOT = Path(__file__).resolve().parents[1]
DETECT = 1
BOX = [("x1", np.float32), ("y1", np.float32), ("x2", np.float32), ("y2", np.float32)]
REGION = np.dtype(
    [("network_box", BOX), ("image_box", BOX), ("score", np.float32), ("class_id", np.int32), ("anchor", np.int32), ("slot", np.int32)]
)
SLOT = np.dtype(
    [("pixels", np.uint64), ("class_map", np.uint64)]
    + [(name, np.int32) for name in ("image_width", "image_height", "stride", "format")]
    + [("max_sample", np.float32), ("task", np.int32)]
    + [(name, np.int32) for name in ("content_width", "content_height", "left", "top")]
    + [(name, np.float32) for name in ("candidate_min_score", "min_objectness_logit", "iou_threshold")]
    + [("max_defects", np.int32), ("min_score", np.float32), ("reserved", np.int32)]
)
LEVEL = np.dtype(
    [("values", np.uint64), ("height", np.int32), ("width", np.int32), ("scale", np.float32), ("reserved", np.int32)]
)
REGION_INPUT = np.dtype(
    [("levels", LEVEL, 5), ("level_count", np.int32), ("second_level_area", np.float32)]
    + [
        (name, np.int32)
        for name in ("channels", "output_size", "sampling_ratio", "unshuffle", "first_channel", "total_channels")
    ]
)


class EmulatedKernels:
    """Kernels by name, over libymasknet_kernels.so."""

    def __init__(self) -> None:
        subprocess.run([ROOT / "emulate.sh"], check=True)
        self._library = ctypes.CDLL(str(ROOT / "out" / "libymasknet_kernels.so"))

    def launch(self, name: str, grid: tuple, block: tuple, shared_bytes: int, *arguments) -> None:
        """Arrays are passed by address, NumPy scalars and structures by value."""
        values = [
            np.array(argument.ctypes.data, np.uint64) if isinstance(argument, np.ndarray) else np.asarray(argument)
            for argument in arguments
        ]
        pointers = (ctypes.c_void_p * len(values))(*(value.ctypes.data for value in values))
        message = ctypes.create_string_buffer(500)
        shape = [(ctypes.c_uint * 3)(*sizes) for sizes in (grid, block)]
        status = self._library.emulation_launch(
            name.encode(), *shape, ctypes.c_size_t(shared_bytes), pointers, message, ctypes.c_size_t(len(message))
        )
        if status != 0:
            raise AssertionError(message.value.decode())


def corners(boxes: np.ndarray) -> np.ndarray:
    """Boxes [K, 4] as records."""
    return np.ascontiguousarray(boxes, np.float32).view(BOX)[:, 0]


class TorchvisionTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.kernels = EmulatedKernels()

    def test_roi_align_equals_torchvision(self) -> None:
        """Within float32's rounding, since torchvision adds up in another order."""
        random = np.random.default_rng(1)
        for dtype, kernel in ((np.float32, "roi_align_f32_f32"), (np.float16, "roi_align_f16_f32")):
            for output_size, ratio, scale in ((14, 2, 0.25), (56, 1, 1.0), (7, 3, 0.125)):
                with self.subTest(dtype=dtype, output_size=output_size, ratio=ratio, scale=scale):
                    source = random.standard_normal((2, 3, 40, 52)).astype(dtype)
                    start = random.uniform(-20, 50 / scale, (24, 2))
                    boxes = np.concatenate([start, start + np.exp(random.uniform(0, np.log(60 / scale), (24, 2)))], 1)
                    boxes[:4] = [[-50, -50, -40, -40], [0, 0, 52 / scale, 40 / scale], [9, 9, 9, 9], [52, 40, 70, 60]]
                    actual = self._align(kernel, source, boxes, output_size, ratio, scale)
                    slots = np.arange(24) % 2
                    regions = torch.from_numpy(np.concatenate([slots[:, None], boxes], 1).astype(np.float32))
                    expected = roi_align(
                        torch.from_numpy(source.astype(np.float32)), regions, output_size, scale, ratio, aligned=True
                    )
                    np.testing.assert_allclose(actual, expected.numpy(), rtol=0, atol=3e-6 * 4)

    def _align(self, kernel: str, source: np.ndarray, boxes: np.ndarray, output_size: int, ratio: int, scale: float) -> np.ndarray:
        regions = np.zeros(len(boxes), REGION)
        regions["network_box"] = corners(boxes)
        regions["slot"] = np.arange(len(boxes)) % 2
        region_input = np.zeros((), REGION_INPUT)
        region_input["levels"][0] = (source.ctypes.data, source.shape[2], source.shape[3], scale, 0)
        region_input["level_count"] = 1
        region_input["channels"] = region_input["total_channels"] = source.shape[1]
        region_input["output_size"], region_input["sampling_ratio"], region_input["unshuffle"] = output_size, ratio, 1
        output = np.full((len(boxes), source.shape[1], output_size, output_size), np.nan, np.float32)
        places, count = np.arange(len(boxes), dtype=np.int32), np.array([len(boxes)], np.int32)
        chunk = np.array([0, len(boxes)], np.int32).view([("first", np.int32), ("capacity", np.int32)])[0]
        self.kernels.launch(
            kernel, (2, len(boxes), 1), (256, 1, 1), 32 * output_size * ratio, regions, places, count, chunk, region_input[()], output
        )
        return output

    def test_suppress_equals_torchvision_class_by_class(self) -> None:
        random = np.random.default_rng(2)
        for count, threshold in ((0, 0.5), (1, 0.5), (300, 0.3), (1000, 0.5), (1000, 0.9)):
            with self.subTest(count=count, threshold=threshold):
                center = random.uniform(0, 640, (max(count // 6, 1), 2))[random.integers(0, max(count // 6, 1), count)]
                center = center + random.normal(0, 4, (count, 2))
                size = random.uniform(20, 80, (count, 2))
                boxes = np.concatenate([center - size / 2, center + size / 2], 1).astype(np.float32)
                classes = random.integers(0, 3, count).astype(np.int32)
                scores = np.sort(random.permutation(100_000)[:count])[::-1].astype(np.float32) / np.float32(100_000)
                expected = []
                for class_id in range(3):
                    (rows,) = np.where(classes == class_id)
                    kept = nms(torch.from_numpy(boxes[rows]), torch.from_numpy(scores[rows].copy()), threshold)
                    expected += list(rows[kept.numpy()])
                actual = self._suppress(boxes, classes, scores, threshold)
                np.testing.assert_array_equal(actual, np.sort(np.array(expected, np.int64)))

    def _suppress(self, boxes: np.ndarray, classes: np.ndarray, scores: np.ndarray, threshold: float) -> np.ndarray:
        slots = np.zeros(1, SLOT)
        slots["task"], slots["iou_threshold"], slots["max_defects"] = DETECT, threshold, 1000
        for name in ("image_width", "image_height", "content_width", "content_height"):
            slots[name] = 640
        count, rows = len(boxes), max(len(boxes), 1)
        keys = (~scores.view(np.uint32)).astype(np.uint64) << np.uint64(32) | np.arange(count, dtype=np.uint64)
        regions, kept = np.zeros(1000, REGION), np.zeros(1, np.int32)
        self.kernels.launch(
            "suppress", (1, 1, 1), (256, 1, 1), 24 * 1000, slots, np.array([count], np.int32), keys, np.int32(rows),
            corners(boxes) if count else np.zeros(1, BOX), classes, np.int32(rows), np.int32(3000), np.int32(1000), regions, kept,
        )  # fmt: skip
        return regions["anchor"][: kept[0]]


if __name__ == "__main__":
    unittest.main()

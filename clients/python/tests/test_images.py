"""Images as they go over the wire."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from ymasknet import Image, PixelFormat
from ymasknet.images import as_image
from ymasknet.v1 import image_pb2 as wire


def message_of(image: Image) -> wire.Image:
    message = wire.Image()
    image.write_to(message)
    return message


class ArrayTests(unittest.TestCase):
    def test_samples_go_row_by_row_without_padding(self):
        rng = np.random.default_rng(0)
        for dtype, shape, given, expected in (
            (np.uint8, (5, 7), None, PixelFormat.MONO8),
            (np.uint8, (6, 4), "BayerRG8", PixelFormat.BAYER_RG8),
            (np.uint16, (5, 7), None, PixelFormat.MONO16),
            (np.uint16, (5, 7), "Mono12", PixelFormat.MONO12),
            (np.uint8, (5, 7, 3), "RGB8", PixelFormat.RGB8),
            (np.uint8, (5, 7, 3), PixelFormat.BGR8, PixelFormat.BGR8),
        ):
            array = rng.integers(0, 256, shape).astype(dtype)
            raw = message_of(Image.from_array(array, given)).raw
            self.assertEqual((raw.pixel_format, raw.width, raw.height, raw.stride), (expected, shape[1], shape[0], 0))
            self.assertEqual(raw.data, array.tobytes())

    def test_any_memory_layout_gives_the_same_bytes(self):
        array = np.random.default_rng(1).integers(0, 65536, (9, 13)).astype("<u2")
        padded = np.zeros((9, 32), "<u2")
        padded[:, :13] = array
        expected = message_of(Image.from_array(array))
        for name, same in (
            ("rows with padding", padded[:, :13]),
            ("columns first", np.asfortranarray(array)),
            ("upside down", array[::-1].copy()[::-1]),
            ("big-endian", array.astype(">u2")),
            ("read-only", np.frombuffer(array.tobytes(), "<u2").reshape(9, 13)),
        ):
            self.assertEqual(message_of(Image.from_array(same)), expected, name)

    def test_an_array_may_be_written_again_at_once(self):
        array = np.full((4, 4), 7, np.uint8)
        image = Image.from_array(array)
        array[:] = 0
        self.assertEqual(message_of(image).raw.data, b"\x07" * 16)

    def test_three_channels_without_their_order_are_refused(self):
        with self.assertRaisesRegex(ValueError, '"RGB8" or "BGR8"'):
            as_image(np.zeros((4, 4, 3), np.uint8))

    def test_what_is_no_image_is_refused(self):
        for array, given, error, what in (
            (np.zeros((4, 4), np.float32), None, TypeError, "uint8 or uint16, not float32"),
            (np.zeros((4, 4), np.int8), None, TypeError, "not int8"),
            (np.zeros((4, 4), np.uint32), None, TypeError, "not uint32"),
            (np.zeros((4, 4), bool), None, TypeError, "not bool"),
            ([[1, 2]], None, TypeError, "list is no numpy array"),
            (np.zeros(16, np.uint8), None, ValueError, r"not \[16\]"),
            (np.zeros((4, 4, 4), np.uint8), "RGB8", ValueError, r"not \[4, 4, 4\]"),
            (np.zeros((0, 4), np.uint8), None, ValueError, "no pixels"),
            (np.zeros((4, 4, 3), np.uint16), "RGB8", ValueError, "RGB8 does not fit an array of uint16"),
            (np.zeros((4, 4, 3), np.uint8), "Mono8", ValueError, "MONO8 does not fit"),
            (np.zeros((4, 4), np.uint8), "Mono12", ValueError, "MONO12 does not fit"),
            (np.zeros((4, 4), np.uint8), "Mono11", ValueError, "no pixel format 'Mono11'; there are MONO8"),
        ):
            with self.subTest(what), self.assertRaisesRegex(error, what):
                Image.from_array(array, given)


class OtherFormTests(unittest.TestCase):
    def test_files_and_bytes_are_sent_as_they_are(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "board.png"
            path.write_bytes(b"some bytes")
            for image in (path, str(path), b"some bytes", bytearray(b"some bytes"), Image.from_file(path)):
                self.assertEqual(message_of(as_image(image)), wire.Image(encoded=b"some bytes"))

    def test_a_missing_file_is_an_os_error(self):
        with self.assertRaises(FileNotFoundError):
            as_image("/nowhere/board.png")

    def test_no_bytes_at_all_are_still_an_encoded_image(self):
        self.assertEqual(message_of(Image.from_bytes(b"")).WhichOneof("source"), "encoded")

    def test_raw_buffers_keep_their_stride(self):
        message = message_of(Image.from_raw(bytearray(40), 0x01080001, width=7, height=5, stride=8))
        self.assertEqual(
            message.raw, wire.RawImage(data=bytes(40), pixel_format=0x01080001, width=7, height=5, stride=8)
        )

    def test_sizes_that_cant_be_name_themselves(self):
        for options, what in (
            ({"width": 0, "height": 5}, "width is 0"),
            ({"width": 7, "height": -1}, "height is -1"),
            ({"width": 7, "height": 5, "stride": 2**32}, "stride is 4294967296"),
        ):
            with self.subTest(what), self.assertRaisesRegex(ValueError, what):
                Image.from_raw(b"", "Mono8", **options)

    def test_anything_else_is_refused(self):
        with self.assertRaisesRegex(TypeError, "int is no image"):
            as_image(5)


if __name__ == "__main__":
    unittest.main()

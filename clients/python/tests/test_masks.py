"""Masks of every wire format as pixels."""

import struct
import unittest
import zlib

import numpy as np

from ymasknet import Box, CocoRle, ImageSize, Mask, MaskError, PngPicture, Polygons, Rectangle
from ymasknet.masks import png

from .test_run_lengths import random_masks, write


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_file(rows: np.ndarray, width: int, bit_depth: int, filters) -> bytes:
    """A grey picture of rows of bytes, each written with its filter."""
    lines, above = bytearray(), np.zeros(rows.shape[1], np.uint8)
    for kind, row in zip(filters, rows):
        left = np.concatenate([[0], row[:-1]]).astype(np.uint8)
        corner = np.concatenate([[0], above[:-1]]).astype(np.uint8)
        mean = ((left.astype(int) + above) // 2).astype(np.uint8)
        predicted = [np.zeros_like(row), left, above, mean, paeth(left, above, corner)][kind]
        lines += bytes([kind]) + (row - predicted).astype(np.uint8).tobytes()
        above = row
    header = struct.pack(">IIBBBBB", width, len(rows), bit_depth, 0, 0, 0, 0)
    data = zlib.compress(bytes(lines))
    # In two parts, as encoders of large pictures write them.
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", data[:5]), chunk(b"IDAT", data[5:]), chunk(b"IEND", b"")]
    )


def paeth(left: np.ndarray, above: np.ndarray, corner: np.ndarray) -> np.ndarray:
    a, b, c = left.astype(int), above.astype(int), corner.astype(int)
    to_a, to_b, to_c = abs(b - c), abs(a - c), abs(a + b - 2 * c)
    return np.where((to_a <= to_b) & (to_a <= to_c), a, np.where(to_b <= to_c, b, c)).astype(np.uint8)


def as_run_lengths(mask: np.ndarray) -> CocoRle:
    return CocoRle(*mask.shape, write(mask))


def as_cells(mask: np.ndarray) -> Polygons:
    """A ring around every pixel, of either direction."""
    rings = []
    for y, x in np.argwhere(mask).tolist():
        ring = ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1))
        rings.append(ring if (x + y) % 2 else ring[::-1])
    return Polygons(tuple(rings))


def as_png(mask: np.ndarray, rng: np.random.Generator) -> PngPicture:
    rows = np.packbits(mask, axis=1)
    filters = rng.integers(0, 5, len(rows)).tolist()
    return PngPicture(Rectangle(0, 0, mask.shape[1], mask.shape[0]), png_file(rows, mask.shape[1], 1, filters))


def mask_of(pixels: np.ndarray, encoding) -> Mask:
    return Mask(int(pixels.sum()), ImageSize(pixels.shape[1], pixels.shape[0]), encoding)


class MaskTests(unittest.TestCase):
    def test_every_form_gives_random_masks_back(self):
        rng = np.random.default_rng(1)
        for pixels in random_masks(150):
            for encoding in (as_run_lengths(pixels), as_cells(pixels), as_png(pixels, rng)):
                mask = mask_of(pixels, encoding)
                with self.subTest(type(encoding).__name__, shape=pixels.shape):
                    np.testing.assert_array_equal(mask.to_image(), pixels)
                    self.assertEqual(mask.counts, write(pixels))

    def test_bounds_are_tight_and_pixels_those_inside_them(self):
        pixels = np.zeros((20, 30), bool)
        pixels[5:9, 7] = pixels[8, 7:12] = True
        mask = mask_of(pixels, as_run_lengths(pixels))
        self.assertEqual(mask.bounds, Rectangle(7, 5, 5, 4))
        np.testing.assert_array_equal(mask.pixels, pixels[5:9, 7:12])
        with self.assertRaisesRegex(ValueError, "read-only"):
            mask.pixels[0, 0] = False

    def test_rings_with_holes_follow_the_even_odd_rule(self):
        outer = ((2, 1), (9, 1), (9, 8), (2, 8))
        hole = ((4, 3), (4, 6), (7, 6), (7, 3))
        pixels = np.zeros((10, 12), bool)
        pixels[1:8, 2:9] = True
        pixels[3:6, 4:7] = False
        np.testing.assert_array_equal(mask_of(pixels, Polygons((outer, hole))).to_image(), pixels)

    def test_over_cuts_and_pads(self):
        pixels = np.random.default_rng(2).random((20, 30)) < 0.5
        mask = mask_of(pixels, as_run_lengths(pixels))
        np.testing.assert_array_equal(mask.over(Box(2.7, 3.2, 10.4, 5.5)), pixels[3:9, 2:14])
        around = np.zeros((26, 38), bool)
        around[4:24, 3:33] = pixels
        np.testing.assert_array_equal(mask.over(Rectangle(-3, -4, 38, 26)), around)
        self.assertFalse(mask.over(Box(100, 100, 5, 5)).any())

    def test_an_empty_mask_has_no_pixels(self):
        mask = Mask(0, ImageSize(30, 20), None)
        self.assertEqual((mask.bounds, mask.pixels.shape), (Rectangle(0, 0, 0, 0), (0, 0)))
        self.assertFalse(mask.to_image().any())
        self.assertEqual(mask.counts, write(np.zeros((20, 30), bool)))

    def test_a_mask_that_was_not_asked_for_says_so(self):
        mask = Mask(5, ImageSize(30, 20), None)
        with self.assertRaisesRegex(MaskError, "no masks were asked for"):
            mask.to_image()
        with self.assertRaisesRegex(MaskError, "no masks were asked for"):
            mask.counts

    def test_what_contradicts_itself_is_refused(self):
        pixels = np.zeros((20, 30), bool)
        pixels[4:6, 4:6] = True
        size, picture = ImageSize(30, 20), as_png(pixels, np.random.default_rng(3))
        damaged = bytearray(picture.data)
        damaged[60] ^= 0xFF
        for name, mask, what in (
            ("area", Mask(5, size, as_run_lengths(pixels)), "has 4 pixels, its area says 5"),
            ("image of another size", Mask(4, ImageSize(20, 30), as_run_lengths(pixels)), "reaches to 30 x 20 pixels"),
            (
                "picture outside",
                Mask(4, size, PngPicture(Rectangle(1, 0, 30, 20), picture.data)),
                "reaches to 31 x 20 pixels",
            ),
            (
                "picture of another size",
                Mask(4, size, PngPicture(Rectangle(0, 0, 29, 20), picture.data)),
                "instead of 29 x 20",
            ),
            ("damaged picture", Mask(4, size, PngPicture(picture.place, bytes(damaged))), "damaged"),
            ("truncated picture", Mask(4, size, PngPicture(picture.place, picture.data[:-20])), "truncated"),
            ("no picture", Mask(4, size, PngPicture(picture.place, b"GIF89a")), "no PNG file"),
            (
                "corner outside",
                Mask(4, size, Polygons((((0, 0), (31, 0), (31, 2), (0, 2)),))),
                r"\(31.0, 0.0\) is outside",
            ),
            ("corner NaN", Mask(4, size, Polygons((((0, 0), (float("nan"), 0), (2, 2), (0, 2)),))), "outside"),
            (
                "corner inside a pixel",
                Mask(4, size, Polygons((((0, 0), (1.5, 0), (1.5, 2), (0, 2)),))),
                "not on pixel edges",
            ),
            ("slanting edge", Mask(4, size, Polygons((((0, 0), (2, 0), (4, 2)),))), "not along pixel edges"),
        ):
            with self.subTest(name), self.assertRaisesRegex(MaskError, what):
                mask.to_image()

    def test_pictures_of_8_bits_with_every_filter(self):
        rng = np.random.default_rng(4)
        rows = rng.integers(0, 256, (40, 23)).astype(np.uint8)
        for kind in range(5):
            file = png_file(rows, 23, 8, [kind] * 40)
            np.testing.assert_array_equal(png.read(file, 40, 23, bit_depth=8), rows, f"filter {kind}")

    def test_masks_of_the_same_form_are_equal_and_hash_alike(self):
        pixels = np.eye(9, dtype=bool)
        one, other = mask_of(pixels, as_run_lengths(pixels)), mask_of(pixels, as_run_lengths(pixels))
        one.to_image()
        self.assertEqual(one, other)
        self.assertEqual(hash(one), hash(other))


if __name__ == "__main__":
    unittest.main()

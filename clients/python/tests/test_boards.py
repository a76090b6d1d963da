"""Boards through the real server, and their sources by themselves."""

import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
from PIL import Image as Picture

from ymasknet import (
    AsyncClient,
    Board,
    Client,
    DeadlineExceededError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    Task,
)

from .support import pictures
from .support.aio import AsyncTestCase
from .support.server import shared_server


def setUpModule():
    shared_server()


def large_board() -> np.ndarray:
    """Four samples side by side: uint8 `[1200, 1280]`, cut so that defects lie on seams."""
    names = ("bus-binary.png", "plane-binary.png", "connectors-binary.png", "fine-pitch-binary.png")
    one, two, three, four = (pictures.read_grey(pictures.SAMPLES / name) for name in names)
    return np.vstack([np.hstack([one, two]), np.hstack([three, four])])[:1200]


class BoardTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = cls.enterClassContext(Client(shared_server().address))
        cls.pixels = large_board()
        cls.answer = cls.client.inspect_board(cls.pixels)

    def test_an_array_is_inspected_in_tiles(self):
        self.assertEqual((self.answer.image_size.width, self.answer.image_size.height), (1280, 1200))
        self.assertGreater(self.answer.tiling.tile_count, 1)
        self.assertEqual((self.answer.tiling.tile_size.width, self.answer.tiling.tile_size.height), (640, 640))
        self.assertGreater(len(self.answer.defects), 10)
        self.assertTrue(all(defect.mask.to_image().shape == (1200, 1280) for defect in self.answer.defects))

    def test_strips_of_any_height_give_the_same_answer(self):
        def strips():
            rest = self.pixels
            for rows in (1, 7, 300, 17):
                yield rest[:rows]
                rest = rest[rows:]
            yield rest.tobytes()

        board = Board.from_strips(1280, 1200, "Mono8", strips())
        self.assertEqual(self.client.inspect_board(board).defects, self.answer.defects)

    def test_a_file_gives_the_same_answer(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "board.png"
            Picture.fromarray(self.pixels).save(path)
            self.assertEqual(self.client.inspect_board(path).defects, self.answer.defects)

    def test_a_board_of_one_tile_gives_the_answer_of_an_image(self):
        answer = self.client.inspect_board(pictures.GREY, Task.DETECT)
        self.assertEqual(answer.tiling.tile_count, 1)
        self.assertEqual(answer.defects, self.client.detect(pictures.GREY).defects)

    def test_a_semantic_model_gives_regions(self):
        tile = pictures.read_grey(pictures.TILE)[:352]
        answer = self.client.inspect_board(tile, Task.SEGMENT, model="tile-unet")
        self.assertTrue(answer.regions)
        self.assertEqual(answer.regions, self.client.segment(tile, model="tile-unet").regions)

    def test_progress_reaches_the_whole(self):
        seen = []
        self.client.inspect_board(self.pixels, Task.DETECT, progress=lambda sent, total: seen.append((sent, total)))
        self.assertEqual(seen[-1], (1280 * 1200, 1280 * 1200))
        self.assertEqual([sent for sent, _ in seen], sorted(sent for sent, _ in seen))

    def test_a_refusal_comes_while_strips_are_still_waited_for(self):
        def strips():
            yield np.zeros((1, 640), np.uint8)
            time.sleep(30)

        begun = time.monotonic()
        with self.assertRaises(NotFoundError) as caught:
            self.client.inspect_board(Board.from_strips(640, 640, "Mono8", strips()), model="no-such-model")
        self.assertEqual((caught.exception.reason, caught.exception.field), ("MODEL_NOT_FOUND", "opening.model"))
        self.assertLess(time.monotonic() - begun, 20)

    def test_boards_that_are_not_what_they_say(self):
        for kind, reason, strips in (
            (InvalidArgumentError, "ROWS_MISSING", [np.zeros((639, 640), np.uint8)]),
            (InvalidArgumentError, "ROWS_EXCESS", [np.zeros((641, 640), np.uint8)]),
            (InvalidArgumentError, "STRIP_NOT_WHOLE_ROWS", [bytes(641)]),
        ):
            with self.subTest(reason), self.assertRaises(kind) as caught:
                self.client.inspect_board(Board.from_strips(640, 640, "Mono8", strips))
            self.assertEqual((caught.exception.reason, caught.exception.field), (reason, "rows"))

    def test_options_that_the_server_refuses(self):
        for kind, reason, field, options in (
            (InvalidArgumentError, "OVERLAP_OUT_OF_RANGE", "opening.overlap", {"overlap": 320}),
            (InvalidArgumentError, "MAX_DEFECTS_OUT_OF_RANGE", "opening.options.max_defects", {"max_defects": 10_001}),
            (FailedPreconditionError, "TASK_NOT_SUPPORTED", "opening.task", {"task": Task.SEGMENT}),
            (
                FailedPreconditionError,
                "TILING_NOT_SUPPORTED",
                "opening.model",
                {"task": Task.SEGMENT, "model": "tile-unet"},
            ),
        ):
            with self.subTest(reason), self.assertRaises(kind) as caught:
                self.client.inspect_board(self.pixels, **options)
            self.assertEqual((caught.exception.reason, caught.exception.field), (reason, field))

    def test_a_source_that_fails_raises_its_own_error(self):
        def unplugged():
            yield np.zeros((1, 640), np.uint8)
            raise OSError("The camera was unplugged.")

        async def asynchronous():
            yield bytes(640)

        for strips, error, what in (
            (unplugged(), OSError, "unplugged"),
            ([np.zeros((1, 641), np.uint8)], ValueError, "not of the board's width, 640"),
            ([np.zeros((1, 640), np.uint16)], ValueError, "MONO8 does not fit"),
            (asynchronous(), TypeError, "AsyncClient"),
        ):
            with self.subTest(what), self.assertRaisesRegex(error, what):
                self.client.inspect_board(Board.from_strips(640, 640, "Mono8", strips))

    def test_a_timeout_that_passes(self):
        def strips():
            yield bytes(640)
            time.sleep(5)

        with self.assertRaises(DeadlineExceededError):
            self.client.inspect_board(Board.from_strips(640, 640, "Mono8", strips()), timeout=0.3)

    def test_sizes_that_cant_be_are_refused_here(self):
        with self.assertRaisesRegex(ValueError, "width is 0"):
            Board.from_strips(0, 640, "Mono8", [])
        with self.assertRaises(FileNotFoundError):
            self.client.inspect_board("/nowhere/board.png")
        with self.assertRaisesRegex(TypeError, "int is no board"):
            self.client.inspect_board(5)


class AsyncBoardTests(AsyncTestCase):
    async def connect(self) -> AsyncClient:
        return await self.enter(AsyncClient(shared_server().address))

    async def test_either_kind_of_strips_gives_the_answer_of_an_array(self):
        pixels = large_board()

        async def strips():
            for top in range(0, 1200, 100):
                yield pixels[top : top + 100]

        client = await self.connect()
        expected = await client.inspect_board(pixels)
        for source in (strips(), [pixels[:700], pixels[700:]]):
            answer = await client.inspect_board(Board.from_strips(1280, 1200, "Mono8", source))
            self.assertEqual(answer.defects, expected.defects)

    async def test_a_source_that_fails_raises_its_own_error(self):
        async def strips():
            yield bytes(640)
            raise OSError("The camera was unplugged.")

        with self.assertRaisesRegex(OSError, "unplugged"):
            await (await self.connect()).inspect_board(Board.from_strips(640, 640, "Mono8", strips()))

    async def test_a_refusal(self):
        with self.assertRaises(NotFoundError):
            await (await self.connect()).inspect_board(large_board(), model="no-such-model")


if __name__ == "__main__":
    unittest.main()

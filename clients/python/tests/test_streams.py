"""Streams of frames through the real server."""

import asyncio
import datetime as dt
import unittest

from ymasknet import (
    AsyncClient,
    Box,
    ClassRule,
    Client,
    DeadlineExceededError,
    Frame,
    FramePolicy,
    Image,
    InvalidArgumentError,
    Priority,
    Recipe,
    Task,
    Verdict,
)

from .support import pictures
from .support.aio import AsyncTestCase
from .support.server import shared_server

UTC = dt.timezone.utc


def setUpModule():
    shared_server()


class StreamTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = cls.enterClassContext(Client(shared_server().address, timeout=60))

    def test_200_frames_come_back_in_order_with_the_answers_of_single_calls(self):
        paths = pictures.BOARDS[:3]
        expected = [self.client.detect(path, model="pcb-yolov5").defects for path in paths]
        images = [Image.from_file(path) for path in paths]
        begun = dt.datetime(2030, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
        frames = (
            Frame(
                images[number % 3],
                frame_id=1000 - number,
                part_id=f"part {number}",
                capture_time=begun + dt.timedelta(seconds=number),
            )
            for number in range(200)
        )
        results = list(self.client.stream(frames, Task.DETECT, model="pcb-yolov5"))
        self.assertEqual([result.frame_id for result in results], list(range(1000, 800, -1)))
        for number, result in enumerate(results):
            self.assertEqual(result.part_id, f"part {number}")
            self.assertEqual(result.capture_time, begun + dt.timedelta(seconds=number))
            self.assertEqual(result.defects, expected[number % 3])
            self.assertEqual(result.verdict, Verdict.FAIL)
            self.assertEqual(result.rejecting, tuple(range(len(result.defects))))

    def test_the_opening_tells_model_clock_and_places(self):
        with self.client.open_session(max_frames_in_flight=2, priority=Priority.HIGH) as session:
            self.assertEqual(session.model, self.client.model().reference)
            self.assertEqual(session.max_frames_in_flight, 2)
            self.assertLess(abs(session.server_time - dt.datetime.now(UTC)), dt.timedelta(minutes=5))

    def test_a_bad_frame_has_its_own_error_and_the_session_goes_on(self):
        good, truncated = pictures.BUS.read_bytes(), pictures.BUS.read_bytes()[:200]
        frames = [
            good,
            truncated,
            Frame(good, frame_id=2, part_id="x" * 257),
            Frame(good, frame_id=3, rois=[Box(0, 0, 9, 9)]),
            good,
        ]
        results = list(self.client.stream(frames))
        self.assertEqual(
            [result.verdict for result in results],
            [Verdict.FAIL, Verdict.ERROR, Verdict.ERROR, Verdict.ERROR, Verdict.FAIL],
        )
        self.assertEqual(
            [(type(result.error).__name__, result.error.reason, result.error.field) for result in results[1:4]],
            [
                ("InvalidArgumentError", "IMAGE_TRUNCATED", "image.encoded"),
                ("InvalidArgumentError", "PART_ID_TOO_LONG", "part_id"),
                ("FailedPreconditionError", "ROIS_NOT_SUPPORTED", "rois"),
            ],
        )
        self.assertEqual((results[1].defects, results[1].image_size, results[1].execution), ((), None, None))
        self.assertEqual((results[0].error, results[0].defects), (None, results[4].defects))

    def test_segmenting_boxes_and_regions(self):
        box = self.client.detect(pictures.BUS).defects[0].box
        (outlined,) = self.client.stream([Frame(pictures.BUS, rois=[box, box])], Task.SEGMENT)
        self.assertEqual((len(outlined.defects), outlined.defects[0].mask.area > 0), (2, True))
        (segmented,) = self.client.stream([pictures.TILE], Task.SEGMENT, model="tile-unet")
        self.assertEqual(segmented.regions, self.client.segment(pictures.TILE, model="tile-unet").regions)

    def test_frames_that_are_due_already_are_late(self):
        past = dt.datetime.now(UTC) - dt.timedelta(hours=1)
        future = dt.datetime.now(UTC) + dt.timedelta(hours=1)
        frames = [
            Frame(pictures.BUS, time_limit=0.0),
            Frame(pictures.BUS, deadline=past),
            Frame(pictures.BUS, deadline=future),
            Frame(pictures.BUS, time_limit=3600.0),
        ]
        verdicts = [result.verdict for result in self.client.stream(frames, Task.DETECT)]
        self.assertEqual(verdicts, [Verdict.LATE, Verdict.LATE, Verdict.FAIL, Verdict.FAIL])

    def test_a_dropping_session_answers_every_frame_and_inspects_the_newest(self):
        for policy in (FramePolicy.LATEST_ONLY, FramePolicy.DROP_OLDEST):
            image = Image.from_array(pictures.read_grey(pictures.BUS))
            results = list(self.client.stream([image] * 60, frame_policy=policy))
            self.assertEqual([result.frame_id for result in results], list(range(60)))
            verdicts = {result.verdict for result in results}
            self.assertEqual(verdicts, {Verdict.DROPPED, Verdict.FAIL}, policy)
            self.assertIs(results[-1].verdict, Verdict.FAIL, "The newest frame is never dropped.")

    def test_a_recipe_decides_what_fails(self):
        found = self.client.inspect(pictures.BUS).defects
        classes = sorted({defect.class_name for defect in found})
        self.assertGreater(len(classes), 1, "The sample no longer has defects of two classes.")
        kept = classes[0]
        for recipe, rejecting in (
            (None, range(len(found))),
            (Recipe(ClassRule(ignored=True)), ()),
            (
                Recipe(ClassRule(ignored=True), {kept: ClassRule()}),
                [i for i, d in enumerate(found) if d.class_name == kept],
            ),
            (Recipe(ClassRule(min_score=0.9)), [i for i, d in enumerate(found) if d.score >= 0.9]),
            (Recipe(ClassRule(min_area_pixels=60)), [i for i, d in enumerate(found) if d.mask.area >= 60]),
            (
                Recipe(ClassRule(min_area_mm2=0.6), millimetres_per_pixel=0.1),
                [i for i, d in enumerate(found) if d.mask.area * 0.01 >= 0.6],
            ),
            (
                Recipe(ignored_areas=[Box(0, 0, 320, 640)]),
                [i for i, d in enumerate(found) if d.box.x + d.box.width / 2 > 320],
            ),
        ):
            (result,) = self.client.stream([pictures.BUS], recipe=recipe)
            self.assertEqual(result.rejecting, tuple(rejecting), recipe)
            self.assertIs(result.verdict, Verdict.FAIL if result.rejecting else Verdict.PASS)
            self.assertEqual(result.defects, found)

    def test_a_recipe_of_an_unknown_class_is_refused(self):
        with self.assertRaises(InvalidArgumentError) as caught:
            list(self.client.stream([], recipe=Recipe(class_rules={"rust": ClassRule()})))
        self.assertEqual(
            (caught.exception.reason, caught.exception.field), ("CLASS_UNKNOWN", "opening.recipe.class_rules")
        )

    def test_cancelling_in_the_middle_harms_nobody_else(self):
        image = Image.from_file(pictures.BUS)
        results = self.client.stream(iter(lambda: image, None))
        self.assertEqual([next(results).frame_id for _ in range(5)], [0, 1, 2, 3, 4])
        results.close()
        with self.assertRaises(StopIteration):
            next(results)
        self.assertTrue(self.client.inspect(image).defects)

    def test_the_sessions_timeout_ends_it(self):
        image = Image.from_file(pictures.BUS)
        with self.assertRaises(DeadlineExceededError):
            for _ in self.client.stream(iter(lambda: image, None), timeout=0.5):
                pass


class AsyncStreamTests(AsyncTestCase):
    async def connect(self) -> AsyncClient:
        return await self.enter(AsyncClient(shared_server().address))

    async def test_frames_come_back_in_order_from_two_streams_side_by_side(self):
        client, image = await self.connect(), Image.from_file(pictures.BUS)

        async def ids(first: int):
            async def frames():
                for frame_id in range(first, first + 20):
                    yield Frame(image, frame_id=frame_id)

            return [result.frame_id async for result in client.stream(frames(), Task.DETECT)]

        both = await asyncio.gather(ids(100), ids(500))
        self.assertEqual(both, [list(range(100, 120)), list(range(500, 520))])

    async def test_cancelling_in_the_middle_harms_nobody_else(self):
        client, image = await self.connect(), Image.from_file(pictures.BUS)
        results = client.stream(iter(lambda: image, None))
        self.assertEqual([(await results.__anext__()).frame_id for _ in range(3)], [0, 1, 2])
        await results.aclose()
        self.assertTrue((await client.inspect(image)).defects)


if __name__ == "__main__":
    unittest.main()

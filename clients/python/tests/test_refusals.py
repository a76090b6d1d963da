"""What the real server refuses: class, reason and field of each; and servers that are full, stop, or are not there."""

import concurrent.futures
import unittest

import grpc
import numpy as np

from ymasknet import (
    Box,
    Client,
    DeadlineExceededError,
    FailedPreconditionError,
    Image,
    InvalidArgumentError,
    NotFoundError,
    RegionOfInterest,
    ResourceExhaustedError,
    Retries,
    Task,
    UnavailableError,
)

from .support import pictures
from .support.server import Server, require_server, shared_server, unused_address

Invalid = InvalidArgumentError
ONCE = Retries(attempts=1)


def setUpModule():
    require_server()


def raw(data: bytes, pixel_format="Mono8", width=64, height=64, stride=0) -> Image:
    return Image.from_raw(data, pixel_format, width, height, stride)


class RefusalTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = cls.enterClassContext(Client(shared_server().address, timeout=60))

    def check(self, kind, reason, field, call):
        with self.subTest(reason, field=field):
            with self.assertRaises(kind) as caught:
                call()
            self.assertEqual((caught.exception.reason, caught.exception.field), (reason, field))
            self.assertTrue(caught.exception.message)
            if kind is Invalid:
                self.assertEqual([violation.field for violation in caught.exception.violations], [field])

    def test_images(self):
        file = pictures.BUS.read_bytes()
        for kind, reason, field, image in (
            (Invalid, "IMAGE_EMPTY", "image.encoded", b""),
            (Invalid, "IMAGE_FORMAT_UNKNOWN", "image.encoded", b"This is no picture, but a text of some length."),
            (Invalid, "IMAGE_TRUNCATED", "image.encoded", file[:200]),
            (Invalid, "IMAGE_EMPTY", "image.raw.data", raw(b"")),
            (Invalid, "RAW_SIZE_MISMATCH", "image.raw.data", raw(bytes(4095))),
            (Invalid, "RAW_SIZE_MISMATCH", "image.raw.data", raw(bytes(4097))),
            (Invalid, "RAW_STRIDE_TOO_SMALL", "image.raw.stride", raw(bytes(8192), "Mono16", stride=127)),
            (
                Invalid,
                "SAMPLE_OUT_OF_RANGE",
                "image.raw.data",
                Image.from_array(np.full((64, 64), 4096, np.uint16), "Mono12"),
            ),
            (ResourceExhaustedError, "IMAGE_TOO_LARGE", "image.raw.width", raw(bytes(70_000), width=70_000, height=1)),
        ):
            self.check(kind, reason, field, lambda: self.client.detect(image))

    def test_options(self):
        for reason, field, options in (
            ("MIN_SCORE_OUT_OF_RANGE", "options.min_score", {"min_score": 1.1}),
            ("MIN_SCORE_OUT_OF_RANGE", "options.min_score", {"min_score": float("nan")}),
            ("NMS_IOU_THRESHOLD_OUT_OF_RANGE", "options.nms_iou_threshold", {"nms_iou_threshold": -0.1}),
            ("MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects", {"max_defects": 0}),
            ("MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects", {"max_defects": 301}),
        ):
            self.check(Invalid, reason, field, lambda: self.client.inspect(pictures.BUS, **options))
        with self.assertRaisesRegex(ValueError, "max_defects is -1"):
            self.client.inspect(pictures.BUS, max_defects=-1)

    def test_models_and_tasks(self):
        for kind, reason, field, call in (
            (
                NotFoundError,
                "MODEL_NOT_FOUND",
                "model",
                lambda: self.client.detect(pictures.BUS, model="no-such-model"),
            ),
            (NotFoundError, "MODEL_NOT_FOUND", "model", lambda: self.client.model("pcb-ymasknet/7")),
            (Invalid, "MODEL_REFERENCE_INVALID", "model", lambda: self.client.model("../pcb-ymasknet")),
            (
                FailedPreconditionError,
                "TASK_NOT_SUPPORTED",
                "task",
                lambda: self.client.detect(pictures.BUS, model="tile-unet"),
            ),
            (
                FailedPreconditionError,
                "TASK_NOT_SUPPORTED",
                "task",
                lambda: self.client.inspect(pictures.BUS, model="pcb-yolov5"),
            ),
        ):
            self.check(kind, reason, field, call)

    def test_rois(self):
        good = Box(6, 14, 12, 12)
        for kind, reason, field, rois in (
            (FailedPreconditionError, "ROIS_REQUIRED", "rois", []),
            (Invalid, "ROI_NOT_FINITE", "rois[1].box", [good, Box(float("nan"), 4, 5, 5)]),
            (Invalid, "ROI_REVERSED", "rois[0].box", [Box(20, 20, -5, 5)]),
            (Invalid, "ROI_OUTSIDE_IMAGE", "rois[0].box", [Box(640, 0, 10, 10)]),
            (Invalid, "CLASS_UNKNOWN", "rois[0].class_name", [RegionOfInterest(good, "unheard-of")]),
            (Invalid, "ROI_COUNT_OUT_OF_RANGE", "rois", [good] * 301),
        ):
            self.check(kind, reason, field, lambda: self.client.segment(pictures.BUS, rois))
        self.check(
            FailedPreconditionError,
            "ROIS_NOT_SUPPORTED",
            "rois",
            lambda: self.client.segment(pictures.TILE, [good], model="tile-unet"),
        )
        self.check(
            Invalid,
            "MIN_REGION_AREA_NOT_SUPPORTED",
            "min_region_area",
            lambda: self.client.segment(pictures.BUS, [good], min_region_area=5),
        )

    def test_openings(self):
        for kind, reason, field, options in (
            (NotFoundError, "MODEL_NOT_FOUND", "opening.model", {"model": "no-such-model"}),
            (FailedPreconditionError, "TASK_NOT_SUPPORTED", "opening.task", {"model": "tile-unet"}),
            (Invalid, "MIN_SCORE_OUT_OF_RANGE", "opening.options.min_score", {"min_score": 2}),
            (Invalid, "OPTIONS_NOT_SUPPORTED", "opening.options", {"task": Task.SEGMENT, "min_score": 0.5}),
        ):
            self.check(kind, reason, field, lambda: self.client.open_session(**options))

    def test_choices_that_are_none_are_refused_here(self):
        for call in (
            lambda: self.client.inspect(pictures.BUS, mask_format=77),
            lambda: self.client.open_session(Task.DETECT, frame_policy=9),
            lambda: self.client.open_session(0),
        ):
            with self.assertRaisesRegex(ValueError, "is not a valid"):
                call()

    def test_a_timeout_that_passes(self):
        with self.assertRaises(DeadlineExceededError) as caught:
            self.client.inspect(pictures.BUS, timeout=0.001)
        self.assertEqual((caught.exception.reason, caught.exception.status), ("", grpc.StatusCode.DEADLINE_EXCEEDED))

    def test_no_server_at_all(self):
        with Client(unused_address(), retries=ONCE) as client, self.assertRaises(UnavailableError):
            client.models(timeout=20)


class OwnServerTests(unittest.TestCase):
    """One lane, one place in the queue, small messages: a server that is soon full, and is stopped in the end."""

    @classmethod
    def setUpClass(cls):
        limits = [
            "--lanes",
            "1",
            "--queue-capacity",
            "1",
            "--max-request-bytes",
            "1000000",
            "--max-response-bytes",
            "4096",
        ]
        cls.server = Server(*limits, models=["pcb-yolov5"])
        cls.is_stopped = False
        cls.addClassCleanup(lambda: cls.is_stopped or cls.server.stop())
        cls.client = cls.enterClassContext(Client(cls.server.address, retries=ONCE, timeout=60))

    def test_messages_above_the_servers_limits(self):
        with self.assertRaises(ResourceExhaustedError) as caught:
            self.client.detect(np.zeros((1001, 1000), np.uint8))
        self.assertEqual((caught.exception.reason, caught.exception.is_retryable), ("MESSAGE_TOO_LARGE", False))
        with self.assertRaises(ResourceExhaustedError) as caught:
            self.client.detect(pictures.BUS, min_score=0.001, nms_iou_threshold=1.0, max_defects=300)
        self.assertEqual(caught.exception.reason, "MESSAGE_TOO_LARGE")

    def test_a_full_queue_says_when_to_come_back_and_retries_do(self):
        image = Image.from_file(pictures.BUS)

        def calls(client):
            with concurrent.futures.ThreadPoolExecutor(12) as pool:
                return [pool.submit(client.detect, image, max_defects=1) for _ in range(24)]

        refused = [call.exception() for call in calls(self.client) if call.exception() is not None]
        self.assertTrue(refused, "24 calls at once never filled a queue of one.")
        for error in refused:
            self.assertEqual((type(error), error.reason), (ResourceExhaustedError, "QUEUE_FULL"))
            self.assertGreater(error.retry_delay, 0)
        with Client(self.server.address, retries=Retries(attempts=200, first_delay=0.02, longest_delay=0.5)) as patient:
            self.assertEqual([call.exception() for call in calls(patient)], [None] * 24)

    def test_z_a_server_that_stops_answers_what_it_has_and_says_so(self):
        image = Image.from_file(pictures.BUS)
        results = self.client.stream(iter(lambda: image, None), Task.DETECT, max_defects=1)
        self.assertEqual(next(results).frame_id, 0)
        self.server.begin_stopping()
        taken = 1
        with self.assertRaises(UnavailableError) as caught:
            for result in results:
                self.assertEqual(result.frame_id, taken)
                taken += 1
        self.assertEqual(caught.exception.reason, "SERVER_STOPPING")
        type(self).is_stopped = True
        self.server.stop()


if __name__ == "__main__":
    unittest.main()

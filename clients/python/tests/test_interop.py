"""What any gRPC library may do to a server, by the cases of gRPC's own interoperability tests, with bare grpcio."""

import threading
import time
import unittest

import grpc

from ymasknet import rich_status_pb2 as rich
from ymasknet.v1 import board_service_pb2 as board_wire
from ymasknet.v1 import board_service_pb2_grpc as board_grpc
from ymasknet.v1 import image_pb2 as image_wire
from ymasknet.v1 import inspection_service_pb2 as wire
from ymasknet.v1 import inspection_service_pb2_grpc as inspection_grpc
from ymasknet.v1 import model_service_pb2 as model_wire
from ymasknet.v1 import model_service_pb2_grpc as model_grpc

from .support.server import shared_server

_SIDE = 640
_LARGE_SIDE = 4096
_PATIENCE_SECONDS = 60
_SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈 and 100 %\t\n"


def setUpModule():
    shared_server()


def black(side: int = _SIDE) -> image_wire.Image:
    """A black picture, raw."""
    raw = image_wire.RawImage(
        data=bytes(side * side), pixel_format=image_wire.PIXEL_FORMAT_MONO8, width=side, height=side
    )
    return image_wire.Image(raw=raw)


def opening() -> wire.InspectStreamRequest:
    return wire.InspectStreamRequest(opening=wire.SessionOpening(task=wire.TASK_DETECT))


def frame(frame_id: int) -> wire.InspectStreamRequest:
    return wire.InspectStreamRequest(frame=wire.Frame(frame_id=frame_id, image=black()))


class InteropTests(unittest.TestCase):
    def setUp(self):
        target = shared_server().address.partition("//")[2]
        # A connection of its own for each test: none may lean on another's.
        self.channel = grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(self.channel.close)
        self.inspection = inspection_grpc.InspectionServiceStub(self.channel)
        self.models = model_grpc.ModelServiceStub(self.channel)
        self.boards = board_grpc.BoardServiceStub(self.channel)

    def assert_ended(self, call, code):
        """A call that is over, or about to be, ends with a code; and the connection goes on to serve."""
        with self.assertRaises(grpc.RpcError) as caught:
            call()
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        self.assert_serves()
        return caught.exception

    def assert_serves(self):
        response = self.inspection.Detect(wire.DetectRequest(image=black()), timeout=_PATIENCE_SECONDS)
        self.assertEqual(response.image_size.width, _SIDE)

    def test_empty_unary(self):
        response, call = self.models.ListModels.with_call(model_wire.ListModelsRequest(), timeout=_PATIENCE_SECONDS)
        self.assertEqual(call.code(), grpc.StatusCode.OK)
        self.assertTrue(response.models)

    def test_large_unary(self):
        response = self.inspection.Detect(wire.DetectRequest(image=black(_LARGE_SIDE)), timeout=_PATIENCE_SECONDS)
        self.assertEqual((response.image_size.width, response.image_size.height), (_LARGE_SIDE, _LARGE_SIDE))

    def test_client_streaming(self):
        raw = board_wire.RawBoard(width=700, height=700, pixel_format=image_wire.PIXEL_FORMAT_MONO8)
        messages = [board_wire.InspectBoardRequest(opening=board_wire.BoardOpening(task=wire.TASK_DETECT, raw=raw))]
        messages += [board_wire.InspectBoardRequest(rows=bytes(700 * rows)) for rows in (1, 99, 600)]
        response = self.boards.InspectBoard(iter(messages), timeout=_PATIENCE_SECONDS)
        self.assertEqual((response.image_size.width, response.tiling.tile_count), (700, 4))

    def test_ping_pong(self):
        answered = threading.Semaphore(1)

        def one_at_a_time():
            yield opening()
            for number in range(10):
                self.assertTrue(answered.acquire(timeout=_PATIENCE_SECONDS))
                yield frame(number)

        call = self.inspection.InspectStream(one_at_a_time(), timeout=_PATIENCE_SECONDS)
        self.assertTrue(next(call).HasField("opened"))
        for number in range(10):
            self.assertEqual(next(call).result.frame_id, number)
            answered.release()
        self.assertEqual(list(call), [])
        self.assertEqual(call.code(), grpc.StatusCode.OK)

    def test_empty_stream(self):
        responses = list(self.inspection.InspectStream(iter([opening()]), timeout=_PATIENCE_SECONDS))
        self.assertEqual([response.WhichOneof("message") for response in responses], ["opened"])
        failed = self.assert_ended(
            lambda: list(self.inspection.InspectStream(iter([]))), grpc.StatusCode.INVALID_ARGUMENT
        )
        self.assertIn(b"OPENING_MISSING", dict(failed.trailing_metadata())["grpc-status-details-bin"])

    def test_cancel_after_begin(self):
        over = threading.Event()
        self.addCleanup(over.set)

        def nothing():
            over.wait(_PATIENCE_SECONDS)
            yield from ()

        call = self.boards.InspectBoard.future(nothing())
        call.cancel()
        self.assertTrue(call.cancelled())
        self.assertEqual(call.code(), grpc.StatusCode.CANCELLED)
        self.assert_serves()

    def test_cancel_after_first_response(self):
        over = threading.Event()
        self.addCleanup(over.set)

        def frames():
            yield opening()
            yield frame(0)
            over.wait(_PATIENCE_SECONDS)

        call = self.inspection.InspectStream(frames(), timeout=_PATIENCE_SECONDS)
        self.assertTrue(next(call).HasField("opened"))
        self.assertEqual(next(call).result.frame_id, 0)
        call.cancel()
        self.assert_ended(lambda: next(call), grpc.StatusCode.CANCELLED)

    def test_timeout_on_sleeping_server(self):
        over = threading.Event()
        self.addCleanup(over.set)

        def frames():
            yield opening()
            over.wait(_PATIENCE_SECONDS)

        begun = time.monotonic()
        call = self.inspection.InspectStream(frames(), timeout=0.5)
        self.assertTrue(next(call).HasField("opened"))
        self.assert_ended(lambda: next(call), grpc.StatusCode.DEADLINE_EXCEEDED)
        self.assertGreaterEqual(time.monotonic() - begun, 0.45)

    def test_custom_metadata(self):
        metadata = (
            ("x-grpc-test-echo-initial", "test_initial_metadata_value"),
            ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab\x00\xff"),
            ("x-twice", "one"),
            ("x-twice", "two"),
            ("x-long", "v" * 6000),
        )
        response, call = self.models.ListModels.with_call(
            model_wire.ListModelsRequest(), timeout=_PATIENCE_SECONDS, metadata=metadata
        )
        self.assertEqual(call.code(), grpc.StatusCode.OK)
        self.assertTrue(response.models)
        frames = self.inspection.InspectStream(
            iter([opening(), frame(5)]), timeout=_PATIENCE_SECONDS, metadata=metadata
        )
        self.assertEqual([response.result.frame_id for response in frames], [0, 5])

    def test_status_code_and_message(self):
        failed = self.assert_ended(
            lambda: self.models.GetModel(model_wire.GetModelRequest(model="no-such-model")), grpc.StatusCode.NOT_FOUND
        )
        self.assert_details(failed, "no-such-model")

    def test_special_status_message(self):
        box = {"x": 1, "y": 1, "width": 20, "height": 20}
        request = wire.SegmentRequest(image=black(), rois=[{"box": box, "class_name": _SPECIAL}])
        failed = self.assert_ended(lambda: self.inspection.Segment(request), grpc.StatusCode.INVALID_ARGUMENT)
        self.assert_details(failed, _SPECIAL)

    def assert_details(self, failed, part):
        """The message holds a text, and is that of the details."""
        self.assertIn(part, failed.details())
        details = rich.RichStatus.FromString(dict(failed.trailing_metadata())["grpc-status-details-bin"])
        self.assertEqual((details.code, details.message), (failed.code().value[0], failed.details()))

    def test_unimplemented_method(self):
        method = self.channel.unary_unary("/ymasknet.v1.InspectionService/Polish")
        self.assert_ended(lambda: method(b"", timeout=_PATIENCE_SECONDS), grpc.StatusCode.UNIMPLEMENTED)

    def test_unimplemented_service(self):
        method = self.channel.unary_unary("/ymasknet.v1.PolishingService/Polish")
        self.assert_ended(lambda: method(b"", timeout=_PATIENCE_SECONDS), grpc.StatusCode.UNIMPLEMENTED)

    def test_client_compressed(self):
        plain = self.inspection.Detect(wire.DetectRequest(image=black()), timeout=_PATIENCE_SECONDS)
        packed = self.inspection.Detect(
            wire.DetectRequest(image=black()), timeout=_PATIENCE_SECONDS, compression=grpc.Compression.Gzip
        )
        self.assertEqual((packed.defects, packed.image_size), (plain.defects, plain.image_size))
        frames = self.inspection.InspectStream(
            iter([opening(), frame(1), frame(2)]), timeout=_PATIENCE_SECONDS, compression=grpc.Compression.Gzip
        )
        self.assertEqual([response.result.frame_id for response in frames], [0, 1, 2])

    def test_a_compression_that_the_server_does_not_know(self):
        failed = self.assert_ended(
            lambda: self.inspection.Detect(
                wire.DetectRequest(image=black()), timeout=_PATIENCE_SECONDS, compression=grpc.Compression.Deflate
            ),
            grpc.StatusCode.UNIMPLEMENTED,
        )
        self.assertIn(b"ENCODING_UNKNOWN", dict(failed.trailing_metadata())["grpc-status-details-bin"])

    def test_many_calls_at_once_on_one_connection(self):
        calls = [
            self.models.ListModels.future(model_wire.ListModelsRequest(), timeout=_PATIENCE_SECONDS) for _ in range(200)
        ]
        self.assertEqual(len({call.result().default_model for call in calls}), 1)


if __name__ == "__main__":
    unittest.main()

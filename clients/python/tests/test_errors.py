"""Statuses and their details as exceptions."""

import pickle
import unittest

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage

import ymasknet
from ymasknet import rich_status_pb2 as rich
from ymasknet.failures import from_frame, from_status
from ymasknet.v1 import inspection_service_pb2 as wire

from .support.fake import packed


def trailers(*details: AnyMessage):
    return (("other", "value"), ("grpc-status-details-bin", rich.RichStatus(details=details).SerializeToString()))


class StatusTests(unittest.TestCase):
    def test_every_status_has_its_class(self):
        expected = {
            "INVALID_ARGUMENT": ymasknet.InvalidArgumentError,
            "OUT_OF_RANGE": ymasknet.InvalidArgumentError,
            "NOT_FOUND": ymasknet.NotFoundError,
            "FAILED_PRECONDITION": ymasknet.FailedPreconditionError,
            "RESOURCE_EXHAUSTED": ymasknet.ResourceExhaustedError,
            "UNAVAILABLE": ymasknet.UnavailableError,
            "DEADLINE_EXCEEDED": ymasknet.DeadlineExceededError,
            "CANCELLED": ymasknet.CancelledError,
            "UNAUTHENTICATED": ymasknet.UnauthenticatedError,
            "PERMISSION_DENIED": ymasknet.PermissionDeniedError,
            "UNIMPLEMENTED": ymasknet.UnimplementedError,
            "INTERNAL": ymasknet.InternalError,
            "UNKNOWN": ymasknet.InternalError,
            "DATA_LOSS": ymasknet.InternalError,
        }
        for status in grpc.StatusCode:
            error = from_status(status, "No.", ())
            self.assertIs(type(error), expected.get(status.name, ymasknet.InspectionError), status)
            self.assertIsInstance(error, ymasknet.YMaskNetError)
            self.assertEqual(
                (error.status, error.message, error.reason, error.field, error.retry_delay),
                (status, "No.", "", None, None),
            )

    def test_details_are_read(self):
        info = rich.ErrorInfo(
            reason="RAW_STRIDE_TOO_SMALL", domain="ymasknet", metadata={"field": "image.raw.stride", "row": "7"}
        )
        violation = rich.BadRequest.FieldViolation(
            field="image.raw.stride", description="Too small.", reason="RAW_STRIDE_TOO_SMALL"
        )
        error = from_status(
            grpc.StatusCode.INVALID_ARGUMENT,
            "Too small.",
            trailers(packed("ErrorInfo", info), packed("BadRequest", rich.BadRequest(field_violations=[violation]))),
        )
        self.assertEqual((error.reason, error.field), ("RAW_STRIDE_TOO_SMALL", "image.raw.stride"))
        self.assertEqual(error.details, {"field": "image.raw.stride", "row": "7"})
        self.assertEqual(
            error.violations, (ymasknet.FieldViolation("image.raw.stride", "Too small.", "RAW_STRIDE_TOO_SMALL"),)
        )
        self.assertEqual(str(error), "INVALID_ARGUMENT (RAW_STRIDE_TOO_SMALL): Too small.")

    def test_a_violation_alone_names_the_field(self):
        violation = rich.BadRequest.FieldViolation(field="model")
        error = from_status(
            grpc.StatusCode.INVALID_ARGUMENT,
            "",
            trailers(packed("BadRequest", rich.BadRequest(field_violations=[violation]))),
        )
        self.assertEqual(error.field, "model")

    def test_the_retry_delay_is_read_to_the_millisecond(self):
        retry = rich.RetryInfo()
        retry.retry_delay.FromMilliseconds(1250)
        error = from_status(grpc.StatusCode.RESOURCE_EXHAUSTED, "", trailers(packed("RetryInfo", retry)))
        self.assertEqual(error.retry_delay, 1.25)
        self.assertTrue(error.is_retryable)

    def test_only_what_may_pass_is_retryable(self):
        retryable = {status.name for status in grpc.StatusCode if from_status(status, "", ()).is_retryable}
        self.assertEqual(retryable, {"UNAVAILABLE"})

    def test_unreadable_details_do_not_hide_the_status(self):
        for damaged in (
            (("grpc-status-details-bin", b"\xff\xff\xff"),),
            trailers(AnyMessage(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=b"\xff\xff")),
            trailers(AnyMessage(type_url="type.googleapis.com/google.rpc.Help", value=b"\xff\xff")),
            None,
        ):
            error = from_status(grpc.StatusCode.NOT_FOUND, "No.", damaged)
            self.assertEqual((type(error), error.reason), (ymasknet.NotFoundError, ""))

    def test_the_error_of_a_frame(self):
        error = from_frame(
            wire.FrameError(code=8, message="Too large.", reason="IMAGE_TOO_LARGE", metadata={"field": "image"})
        )
        self.assertEqual(
            (type(error), error.status, error.reason, error.field),
            (ymasknet.ResourceExhaustedError, grpc.StatusCode.RESOURCE_EXHAUSTED, "IMAGE_TOO_LARGE", "image"),
        )

    def test_errors_survive_pickling(self):
        error = from_frame(
            wire.FrameError(code=3, message="No.", reason="IMAGE_TRUNCATED", metadata={"field": "image.encoded"})
        )
        copy = pickle.loads(pickle.dumps(error))
        self.assertEqual(
            (type(copy), copy.reason, copy.field, str(copy)), (type(error), error.reason, error.field, str(error))
        )


if __name__ == "__main__":
    unittest.main()

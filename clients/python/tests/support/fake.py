"""A gRPC service whose behaviour a test writes down, for what a good server does not do on demand."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Iterator, Optional

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration

from ymasknet import rich_status_pb2 as rich
from ymasknet.v1 import board_service_pb2_grpc, inspection_service_pb2_grpc, model_service_pb2_grpc
from ymasknet.v1 import inspection_service_pb2 as wire

OPENED = wire.InspectStreamResponse(opened=wire.SessionOpened(max_frames_in_flight=3))


class FakeService(
    inspection_service_pb2_grpc.InspectionServiceServicer,
    board_service_pb2_grpc.BoardServiceServicer,
    model_service_pb2_grpc.ModelServiceServicer,
):
    """Its methods are set by the test."""


@contextlib.contextmanager
def serve(credentials: Optional[grpc.ServerCredentials] = None, **methods: Callable[..., Any]) -> Iterator[str]:
    """Serves methods on a free port; gives HOST:PORT."""
    service = FakeService()
    for name, method in methods.items():
        setattr(service, name, method)
    server = grpc.server(ThreadPoolExecutor(8))
    inspection_service_pb2_grpc.add_InspectionServiceServicer_to_server(service, server)
    board_service_pb2_grpc.add_BoardServiceServicer_to_server(service, server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(service, server)
    port = (
        server.add_insecure_port("127.0.0.1:0")
        if credentials is None
        else server.add_secure_port("127.0.0.1:0", credentials)
    )
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(grace=None).wait()


def refuse(
    context: grpc.ServicerContext,
    status: grpc.StatusCode,
    message: str = "No.",
    reason: str = "",
    retry_delay: Optional[float] = None,
    **metadata: str,
) -> None:
    """Ends a call as the server does: with a status and its details."""
    details = (
        [packed("ErrorInfo", rich.ErrorInfo(reason=reason, domain="ymasknet", metadata=metadata))] if reason else []
    )
    if retry_delay is not None:
        duration = Duration()
        duration.FromNanoseconds(round(retry_delay * 1e9))
        details.append(packed("RetryInfo", rich.RetryInfo(retry_delay=duration)))
    if details:
        trailer = rich.RichStatus(code=status.value[0], message=message, details=details)
        context.set_trailing_metadata((("grpc-status-details-bin", trailer.SerializeToString()),))
    context.abort(status, message)


def packed(name: str, message: Any) -> AnyMessage:
    """A detail under its name in google.rpc."""
    return AnyMessage(type_url=f"type.googleapis.com/google.rpc.{name}", value=message.SerializeToString())


def passed(frame_id: int) -> wire.InspectStreamResponse:
    """The answer to a frame on which nothing was found."""
    return wire.InspectStreamResponse(result=wire.FrameResult(frame_id=frame_id, verdict=wire.VERDICT_PASS))

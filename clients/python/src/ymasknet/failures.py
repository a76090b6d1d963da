"""Failures of the transport as the exceptions that the package documents."""

from __future__ import annotations

from typing import Any, List, Optional, Type, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message

from ymasknet import rich_status_pb2 as rich
from ymasknet.errors import FieldViolation, InspectionError
from ymasknet.v1 import inspection_service_pb2 as wire

_DETAILS_TRAILER = "grpc-status-details-bin"
_STATUS_BY_NUMBER = {code.value[0]: code for code in grpc.StatusCode}

_Detail = TypeVar("_Detail", bound=Message)


def from_call(call: Any) -> InspectionError:
    """The failure of a call that ended with a status: of a `grpc.RpcError`, which is its call too, or of `grpc.aio`'s."""
    return from_status(call.code(), call.details() or "", call.trailing_metadata())


def from_status(status: grpc.StatusCode, message: str, trailers: Any) -> InspectionError:
    """A failure by its status and the trailers that came with it."""
    details = _read_details(trailers)
    info = _first(details, rich.ErrorInfo)
    retry = _first(details, rich.RetryInfo)
    bad_request = _first(details, rich.BadRequest)
    violations = bad_request.field_violations if bad_request is not None else ()
    return InspectionError.of(
        status,
        message,
        reason=info.reason if info is not None else "",
        details=dict(info.metadata) if info is not None else None,
        violations=[
            FieldViolation(violation.field, violation.description, violation.reason) for violation in violations
        ],
        retry_delay=retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9 if retry is not None else None,
    )


def from_frame(error: wire.FrameError) -> InspectionError:
    """The failure of one frame of a session."""
    status = _STATUS_BY_NUMBER.get(error.code, grpc.StatusCode.UNKNOWN)
    return InspectionError.of(status, error.message, error.reason, dict(error.metadata))


def breach(what: str) -> InspectionError:
    """The server did what its contract excludes."""
    return InspectionError.of(grpc.StatusCode.INTERNAL, f"The server {what}.")


def _read_details(trailers: Any) -> List[Any]:
    for key, value in trailers or ():
        if key == _DETAILS_TRAILER:
            try:
                return list(rich.RichStatus.FromString(value).details)
            except DecodeError:
                # The status itself is known; unreadable details must not hide it.
                return []
    return []


def _first(details: List[Any], kind: Type[_Detail]) -> Optional[_Detail]:
    for detail in details:
        if detail.type_url.rpartition("/")[2] == f"google.rpc.{kind.DESCRIPTOR.name}":
            try:
                return cast(_Detail, kind.FromString(detail.value))
            except DecodeError:
                return None
    return None

"""What goes wrong: one tree of exceptions, by canonical status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Sequence, Tuple, Type

import grpc


@dataclass(frozen=True)
class FieldViolation:
    """What is wrong with one field of a request."""

    field: str
    """Path of the field, for example `image.raw.stride`."""
    description: str
    """What is wrong, for people."""
    reason: str
    """Stable, for programs. May be empty."""


class YMaskNetError(Exception):
    """The root of what this package raises beside Python's own `ValueError`, `TypeError` and `OSError`."""


class MaskError(YMaskNetError, ValueError):
    """A mask in an answer is damaged, is of an image of another size, or has no pixels because none were asked for."""


class InspectionError(YMaskNetError):
    """A call, a session or a frame failed. The subclasses stand for its canonical status."""

    def __init__(
        self,
        status: grpc.StatusCode,
        message: str,
        reason: str = "",
        details: Optional[Mapping[str, str]] = None,
        violations: Sequence[FieldViolation] = (),
        retry_delay: Optional[float] = None,
    ) -> None:
        super().__init__(status, message)
        self.status: grpc.StatusCode = status
        """The canonical gRPC status."""
        self.message: str = message
        """What is wrong, for people."""
        self.reason: str = reason
        """Stable, for programs, for example `IMAGE_TRUNCATED`. Empty when the server gave none."""
        self.details: Dict[str, str] = dict(details or {})
        """What else the server said, by name; contains `field` under `field`."""
        self.violations: Tuple[FieldViolation, ...] = tuple(violations)
        """What is wrong with each field. May be empty."""
        self.retry_delay: Optional[float] = retry_delay
        """When to try again at the earliest, as the server expects. Unit: seconds. `None` when it did not say."""

    @property
    def field(self) -> Optional[str]:
        """Path of the request's field that is at fault, for example `image.raw.stride`; `None` when none is."""
        if "field" in self.details:
            return self.details["field"]
        return self.violations[0].field if self.violations else None

    @property
    def is_retryable(self) -> bool:
        """Whether the same call may succeed later: UNAVAILABLE, and RESOURCE_EXHAUSTED where the server says when."""
        if self.status is grpc.StatusCode.UNAVAILABLE:
            return True
        return self.status is grpc.StatusCode.RESOURCE_EXHAUSTED and self.retry_delay is not None

    def __str__(self) -> str:
        name = f"{self.status.name} ({self.reason})" if self.reason else self.status.name
        return f"{name}: {self.message}"

    @staticmethod
    def of(
        status: grpc.StatusCode,
        message: str,
        reason: str = "",
        details: Optional[Mapping[str, str]] = None,
        violations: Sequence[FieldViolation] = (),
        retry_delay: Optional[float] = None,
    ) -> InspectionError:
        """A failure of the class that stands for its status."""
        kind = _BY_STATUS.get(status, InspectionError)
        return kind(status, message, reason, details, violations, retry_delay)


class InvalidArgumentError(InspectionError):
    """INVALID_ARGUMENT: a field is missing, out of range or unreadable; `field` names it."""


class NotFoundError(InspectionError):
    """NOT_FOUND: no model of that name or version, or a lease that does not stand any more."""


class FailedPreconditionError(InspectionError):
    """FAILED_PRECONDITION: the model can't do the task, or the server is not set up for the call."""


class ResourceExhaustedError(InspectionError):
    """RESOURCE_EXHAUSTED: too large an image or message, or too full a queue; then `retry_delay` says when to try again."""


class UnavailableError(InspectionError):
    """UNAVAILABLE: the server can't be reached, shuts down, or went away."""


class DeadlineExceededError(InspectionError):
    """DEADLINE_EXCEEDED: the call's timeout passed, or a board's next part did not come in time (`BOARD_IDLE`)."""


class CancelledError(InspectionError):
    """CANCELLED: the call or the session was cancelled."""


class UnauthenticatedError(InspectionError):
    """UNAUTHENTICATED: something in front of the server wants credentials, or other ones."""


class PermissionDeniedError(InspectionError):
    """PERMISSION_DENIED: something in front of the server does not let this caller in."""


class UnimplementedError(InspectionError):
    """UNIMPLEMENTED: the server does not know the call; it is another service, or an older one."""


class InternalError(InspectionError):
    """INTERNAL, UNKNOWN or DATA_LOSS: the server failed, and its log says why; or it broke the contract."""


_BY_STATUS: Dict[grpc.StatusCode, Type[InspectionError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgumentError,
    grpc.StatusCode.OUT_OF_RANGE: InvalidArgumentError,
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPreconditionError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhaustedError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceededError,
    grpc.StatusCode.CANCELLED: CancelledError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDeniedError,
    grpc.StatusCode.UNIMPLEMENTED: UnimplementedError,
    grpc.StatusCode.INTERNAL: InternalError,
    grpc.StatusCode.UNKNOWN: InternalError,
    grpc.StatusCode.DATA_LOSS: InternalError,
}

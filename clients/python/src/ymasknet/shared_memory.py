"""Memory of the server in which a client on the same host puts images, instead of sending them."""

from __future__ import annotations

import mmap
import os
import threading
from collections import deque
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Callable, Deque, Optional, Tuple, Type

import grpc
import numpy as np
import numpy.typing as npt

from ymasknet.enums import PixelFormat, PixelFormatLike, number_of
from ymasknet.errors import InspectionError
from ymasknet.failures import breach, from_call
from ymasknet.images import Image, format_of, whole_number
from ymasknet.v1 import image_pb2 as image_wire
from ymasknet.v1 import shared_memory_service_pb2 as wire

# Three chances before the server's limit.
_RENEWALS_PER_IDLE_LIMIT = 3
_CLOSING_PATIENCE = 5.0


class SharedMemoryLease:
    """Memory of the server, divided into slots, each for an image at a time; opened by `Client.lease_shared_memory`.

    The lease is renewed by itself, and ends when it is closed, with the client's process, or with the server. Its images
    may be sent by any client of the same server, an `AsyncClient` too. Safe for many threads at once. Linux only.
    """

    def __init__(
        self,
        call: Any,
        requests: SimpleQueue[Optional[wire.LeaseRequest]],
        opened: wire.LeaseOpened,
        memory: mmap.mmap,
    ) -> None:
        self.slot_bytes: int = opened.slot_bytes
        """Size of a slot: what was asked for, rounded up to whole pages. Unit: bytes."""
        self.slot_count: int = opened.slot_count
        """Number of slots."""
        self._id = opened.lease_id
        self._call = call
        self._requests = requests
        self._memory: Optional[mmap.mmap] = memory
        self._free: Deque[int] = deque(range(self.slot_count))
        self._changed = threading.Condition()
        self._failure: Optional[InspectionError] = None
        self._is_closed = False
        self._ended = threading.Event()
        threading.Thread(target=self._receive, name="ymasknet-lease", daemon=True).start()
        interval = max(0.001, opened.idle_limit_ms / 1000 / _RENEWALS_PER_IDLE_LIMIT)
        threading.Thread(target=self._renew, args=(interval,), name="ymasknet-lease-renewal", daemon=True).start()

    @property
    def has_ended(self) -> bool:
        """Whether the lease has ended, for whatever reason: images in it are refused from then on."""
        return self._ended.is_set()

    def rent(self, timeout: Optional[float] = None) -> SharedMemorySlot:
        """Takes a slot, as soon as one is free. Release it when the answers to its images have come.

        - `timeout`: unit: seconds. Default: none.

        Raises `InspectionError` when the lease has ended, `TimeoutError` when no slot came free, `RuntimeError` when the lease
        was closed.
        """
        with self._changed:
            is_decided = self._changed.wait_for(lambda: self._free or self._ended.is_set() or self._is_closed, timeout)
            if self._is_closed or self._memory is None:
                raise RuntimeError("The lease is closed.")
            if self._ended.is_set():
                raise self._failure or breach("ended the lease")
            if not is_decided:
                raise TimeoutError(f"No slot came free within {timeout} seconds.")
            index = self._free.popleft()
            memory = np.frombuffer(self._memory, np.uint8, self.slot_bytes, index * self.slot_bytes)
        return SharedMemorySlot(self._give_back, self._id, index, memory)

    def close(self) -> None:
        """Ends the lease; returns when the server has ended it too. Slots that are still taken can be written, but nothing
        reads them any more."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed = True
            # Arrays of slots that are still taken keep the memory mapped.
            self._memory = None
            self._changed.notify_all()
        self._requests.put(None)
        if not self._ended.wait(_CLOSING_PATIENCE):
            self._call.cancel()

    def __enter__(self) -> SharedMemoryLease:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    @staticmethod
    def open(method: Callable[..., Any], slot_bytes: int, slot_count: int, **call_options: Any) -> SharedMemoryLease:
        """Opens a lease over a stub's method."""
        requests: SimpleQueue[Optional[wire.LeaseRequest]] = SimpleQueue()
        opening = wire.LeaseOpening(
            slot_bytes=whole_number("slot_bytes", slot_bytes, 1, 2**63 - 1),
            slot_count=whole_number("slot_count", slot_count, 1),
        )
        requests.put(wire.LeaseRequest(opening=opening))
        call = method(iter(requests.get, None), **call_options)
        try:
            response = next(call)
            if response.WhichOneof("message") != "opened":
                raise breach("answered the lease's opening with something else")
            return SharedMemoryLease(call, requests, response.opened, _map(response.opened))
        except StopIteration:
            requests.put(None)
            raise breach("ended the lease without answering its opening") from None
        except BaseException:
            call.cancel()
            requests.put(None)
            raise

    def _give_back(self, index: int) -> None:
        with self._changed:
            self._free.append(index)
            self._changed.notify()

    def _receive(self) -> None:
        try:
            for _ in self._call:
                # Later servers may say more than this client understands.
                pass
        except grpc.RpcError as error:
            self._failure = from_call(error)
        with self._changed:
            self._ended.set()
            self._changed.notify_all()
        self._requests.put(None)

    def _renew(self, interval: float) -> None:
        while not self._ended.wait(interval) and not self._is_closed:
            self._requests.put(wire.LeaseRequest(renewal=wire.LeaseRenewal()))


class SharedMemorySlot:
    """A place for one image in shared memory.

    Fill it, send images that lie in it, and release it, or leave its `with` block, when their answers have come: it is the
    lease's to give out again then.
    """

    def __init__(
        self, give_back: Callable[[int], None], lease_id: bytes, index: int, memory: npt.NDArray[np.uint8]
    ) -> None:
        self.index: int = index
        """Index of the slot in its lease."""
        self._give_back: Optional[Callable[[int], None]] = give_back
        self._lease_id = lease_id
        self._memory = memory

    @property
    def memory(self) -> npt.NDArray[np.uint8]:
        """The slot's bytes, which the server sees: uint8 `[slot_bytes]`. What an image before has left is still there. Not to be
        used once the slot is released."""
        if self._give_back is None:
            raise RuntimeError("The slot is released.")
        return self._memory

    def array(self, shape: Tuple[int, ...], dtype: npt.DTypeLike = np.uint8, offset: int = 0) -> npt.NDArray[Any]:
        """An array over the slot's bytes, to read a camera into.

        - `shape`, `dtype`: as `Image.from_array` takes them; 16-bit samples are little-endian.
        - `offset`: where in the slot it begins. Unit: bytes.

        Raises `ValueError` where it does not fit the slot.
        """
        kind = np.dtype(dtype).newbyteorder("<")
        size = int(np.prod(shape)) * kind.itemsize
        if offset < 0 or offset + size > self.memory.size:
            raise ValueError(
                f"An array of {size} bytes from byte {offset} on does not fit a slot of {self.memory.size} bytes."
            )
        return self.memory[offset : offset + size].view(kind).reshape(shape)

    def put(self, array: npt.NDArray[Any], pixel_format: Optional[PixelFormatLike] = None) -> Image:
        """Copies an array to the slot's begin, once, and gives the image there.

        - `array`, `pixel_format`: as `Image.from_array`.
        """
        chosen = format_of(array, pixel_format)
        self.array(array.shape, array.dtype)[...] = array
        return self.image(chosen, array.shape[1], array.shape[0])

    def image(self, pixel_format: PixelFormatLike, width: int, height: int, stride: int = 0, offset: int = 0) -> Image:
        """An image that lies in the slot, row-major, top row first. Its pixels must stay as they are until the answer has come.

        - `pixel_format`, `width`, `height`, `stride`: as in `Image.from_raw`.
        - `offset`: where in the slot the first pixel lies. Unit: bytes. Even for 2 bytes per sample.
        """
        shared = image_wire.SharedImage(
            lease_id=self._lease_id,
            slot=self.index,
            offset=whole_number("offset", offset, 0, 2**64 - 1),
            pixel_format=number_of(PixelFormat, PixelFormat.of(pixel_format)),
            width=whole_number("width", width, 1),
            height=whole_number("height", height, 1),
            stride=whole_number("stride", stride, 0),
        )
        return Image(image_wire.Image(shared=shared))

    def release(self) -> None:
        """Gives the slot back to its lease. Later calls do nothing."""
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back(self.index)

    def __enter__(self) -> SharedMemorySlot:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.release()


def _map(lease: wire.LeaseOpened) -> mmap.mmap:
    """Opens and maps what the server has leased.

    Raises `FailedPreconditionError` where this process can't open it.
    """
    path = f"/proc/{lease.process_id}/fd/{lease.file_descriptor}"
    size = lease.slot_bytes * lease.slot_count
    try:
        # In another PID namespace the number may be another process's, and the file anything.
        target = os.readlink(path)
        if target != f"/memfd:{lease.memory_name} (deleted)":
            raise _unreachable(f"{path} is {target}")
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor).st_size
            if found != size:
                raise _unreachable(f"{path} has {found} bytes instead of {size}")
            return mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unreachable(str(error)) from error


def _unreachable(what: str) -> InspectionError:
    return InspectionError.of(
        grpc.StatusCode.FAILED_PRECONDITION,
        "The server's memory can't be opened from this process; both must run as the same user and group, and see the same "
        f"processes (no containers between them): {what}",
        "SHARED_MEMORY_UNREACHABLE",
    )

"""Request messages for the drivers, made of the samples.

    python3 -m loadtest.requests out/loadtest/requests

writes for each RPC and payload RPC-PAYLOAD.bin, the serialized message, or several of them behind their lengths as ghz takes
them for streams (empty messages need none), and RPC-PAYLOAD.grpc, the same in gRPC's framing, which is a whole request body over HTTP/2.
"""

import argparse
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import cv2
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, message_factory, timestamp_pb2

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/bus-binary.png"
FRAMES = 50
BOARD_STRIPS = 10
PAYLOADS = ("png", "raw")


@dataclass(frozen=True)
class Rpc:
    """A method under load."""

    name: str
    method: str
    make: Callable[["Messages", str], list[Any]]
    is_stream: bool = False
    frames: int = 1
    """Images in one call."""
    payloads: tuple[str, ...] = PAYLOADS


class Messages:
    """The contract's messages, of its published descriptors."""

    def __init__(self) -> None:
        pool = descriptor_pool.DescriptorPool()
        for known in (duration_pb2, timestamp_pb2):
            pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
        contract = descriptor_pb2.FileDescriptorSet.FromString((ROOT / "protos/ymasknet.v1.binpb").read_bytes())
        files = {file.name: file for file in contract.file}

        def add(name: str) -> None:
            file = files.pop(name, None)
            if file is not None:
                for dependency in file.dependency:
                    add(dependency)
                pool.Add(file)

        for name in list(files):
            add(name)
        self._pool = pool
        self._pixels = cv2.imread(str(SAMPLE), cv2.IMREAD_GRAYSCALE)

    def new(self, name: str, **fields: Any) -> Any:
        """A message of ymasknet.v1."""
        descriptor = self._pool.FindMessageTypeByName(f"ymasknet.v1.{name}")
        # Protobuf 4 gave the function another name.
        if hasattr(message_factory, "GetMessageClass"):
            return message_factory.GetMessageClass(descriptor)(**fields)
        return message_factory.MessageFactory(self._pool).GetPrototype(descriptor)(**fields)

    def image(self, payload: str) -> Any:
        """The sample as a file or as raw pixels."""
        if payload == "png":
            return self.new("Image", encoded=SAMPLE.read_bytes())
        height, width = self._pixels.shape
        raw = self.new(
            "RawImage", data=self._pixels.tobytes(), pixel_format="PIXEL_FORMAT_MONO8", width=width, height=height
        )
        return self.new("Image", raw=raw)

    def segment(self, payload: str) -> list[Any]:
        """Two boxes of the sample."""
        rois = [
            self.new("RegionOfInterest", box=self.new("Box", x=x, y=y, width=24, height=24))
            for x, y in ((100, 100), (300, 200))
        ]
        return [self.new("SegmentRequest", image=self.image(payload), rois=rois)]

    def stream(self, payload: str) -> list[Any]:
        """A session: its opening, then frames."""
        opening = self.new("SessionOpening", task="TASK_DETECT_AND_SEGMENT")
        image = self.image(payload)
        frames = [self.new("Frame", frame_id=number, image=image) for number in range(FRAMES)]
        return [
            self.new("InspectStreamRequest", opening=opening),
            *(self.new("InspectStreamRequest", frame=frame) for frame in frames),
        ]

    def board(self, payload: str) -> list[Any]:
        """A board: its opening, then its rows or its file in pieces."""
        if payload == "png":
            file = SAMPLE.read_bytes()
            form = {"encoded": self.new("EncodedBoard", size_bytes=len(file))}
            pieces = [self.new("InspectBoardRequest", file_piece=file)]
        else:
            height, width = self._pixels.shape
            form = {"raw": self.new("RawBoard", width=width, height=height, pixel_format="PIXEL_FORMAT_MONO8")}
            rows = height // BOARD_STRIPS
            strips = [self._pixels[top : top + rows].tobytes() for top in range(0, height, rows)]
            pieces = [self.new("InspectBoardRequest", rows=strip) for strip in strips]
        opening = self.new("BoardOpening", task="TASK_DETECT_AND_SEGMENT", **form)
        return [self.new("InspectBoardRequest", opening=opening), *pieces]


INSPECTION = "ymasknet.v1.InspectionService"

RPCS = {
    rpc.name: rpc
    for rpc in (
        Rpc("detect", f"{INSPECTION}/Detect", lambda m, p: [m.new("DetectRequest", image=m.image(p))]),
        Rpc("segment", f"{INSPECTION}/Segment", Messages.segment),
        Rpc(
            "detect-and-segment",
            f"{INSPECTION}/DetectAndSegment",
            lambda m, p: [m.new("DetectAndSegmentRequest", image=m.image(p))],
        ),
        Rpc("inspect-stream", f"{INSPECTION}/InspectStream", Messages.stream, is_stream=True, frames=FRAMES),
        Rpc("inspect-board", "ymasknet.v1.BoardService/InspectBoard", Messages.board, is_stream=True),
        Rpc(
            "list-models",
            "ymasknet.v1.ModelService/ListModels",
            lambda m, p: [m.new("ListModelsRequest")],
            payloads=("none",),
        ),
        Rpc(
            "get-model",
            "ymasknet.v1.ModelService/GetModel",
            lambda m, p: [m.new("GetModelRequest")],
            payloads=("none",),
        ),
    )
}


def write(folder: Path) -> None:
    """Writes the requests of all RPCs."""
    folder.mkdir(parents=True, exist_ok=True)
    messages = Messages()
    for rpc in RPCS.values():
        for payload in rpc.payloads:
            serialized = [message.SerializeToString() for message in rpc.make(messages, payload)]
            name = f"{rpc.name}-{payload}"
            if payload != "none":
                (folder / f"{name}.bin").write_bytes(_for_ghz(serialized) if rpc.is_stream else serialized[0])
            (folder / f"{name}.grpc").write_bytes(b"".join(framed(message) for message in serialized))


def framed(message: bytes) -> bytes:
    """A message behind gRPC's prefix: not compressed, and its length."""
    return struct.pack(">BI", 0, len(message)) + message


def _for_ghz(messages: list[bytes]) -> bytes:
    """Messages, each behind its length as a varint."""
    written = bytearray()
    for message in messages:
        length = len(message)
        while length > 0x7F:
            written.append(0x80 | length & 0x7F)
            length >>= 7
        written.append(length)
        written += message
    return bytes(written)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()

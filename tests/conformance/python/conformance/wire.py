"""Calls whose messages are bytes, for what no client library sends."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from typing import Any, Iterator, List

import grpc

from conformance import canonical
from ymasknet.failures import from_call, from_frame
from ymasknet.v1 import inspection_service_pb2 as wire

_PATIENCE_SECONDS = 60
_COMPRESSIONS = {
    None: grpc.Compression.NoCompression,
    "gzip": grpc.Compression.Gzip,
    "deflate": grpc.Compression.Deflate,
}


def call(address: str, case: Any) -> List[str]:
    """Sends a case's messages to its method, and says how many answers came, and how it ended."""
    with _channel(address) as channel:
        return _finish(_start(channel, case, hold=case.get("hold", False)), case)


def first_to_end(address: str, case: Any, calls: int) -> List[str]:
    """Holds several calls open until one of them ends, and says how that one did."""
    ended: queue.Queue[List[str]] = queue.Queue()
    with _channel(address) as channel:
        held = [_start(channel, case, hold=True) for _ in range(calls)]
        for one in held:
            threading.Thread(target=lambda one=one: ended.put(_finish(one, case)), daemon=True).start()
        first = ended.get(timeout=_PATIENCE_SECONDS)
        for one in held:
            one.cancel()
        for _ in held[1:]:
            ended.get(timeout=_PATIENCE_SECONDS)
    return first


def _channel(address: str) -> grpc.Channel:
    target = address if address.startswith("unix:") else address.partition("//")[2]
    return grpc.insecure_channel(
        target, [("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
    )


def _start(channel: grpc.Channel, case: Any, hold: bool) -> Any:
    method = channel.stream_stream(f"/{case['method']}")
    compression = _COMPRESSIONS[case.get("compression")]
    # A call that is held ends its side only when it is over.
    over = threading.Event()

    def messages() -> Iterator[bytes]:
        for message in case["messages"]:
            yield Path(message).read_bytes()
        if hold:
            over.wait(_PATIENCE_SECONDS)

    started = method(messages(), timeout=_PATIENCE_SECONDS, compression=compression)
    if not started.add_callback(over.set):
        over.set()
    return started


def _finish(started: Any, case: Any) -> List[str]:
    answers = []
    try:
        for answer in started:
            answers.append(answer)
    except grpc.RpcError as error:
        return [canonical.error(from_call(error))]
    if case.get("frame_errors"):
        results = (wire.InspectStreamResponse.FromString(answer).result for answer in answers)
        return [canonical.error(from_frame(result.error)) for result in results if result.HasField("error")]
    return [f"answers {len(answers)}"]

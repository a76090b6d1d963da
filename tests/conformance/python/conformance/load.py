"""Many frames through one session: resident memory over them, or how many there are a second."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Iterator

from ymasknet import Client, Frame, Image, Task

_MARKS = (10, 50, 100)


def soak(address: str, model: str, pixels: Path, width: int, height: int, frames: int) -> None:
    """Sends raw frames, and prints one line of JSON with the resident memory when 10, 50 and 100 per cent are answered."""
    marks = {frames * mark // 100: mark for mark in _MARKS}
    resident = {}
    image = Image.from_raw(pixels.read_bytes(), "Mono8", width, height)
    begun = time.monotonic()
    with Client(address) as client:
        results = client.stream((image for _ in range(frames)), Task.DETECT_AND_SEGMENT, model=model)
        for answered, result in enumerate(results, 1):
            if result.frame_id != answered - 1 or result.error is not None:
                raise RuntimeError(f"Frame {answered - 1} was answered with {result}.")
            if answered in marks:
                resident[marks[answered]] = _resident_kib()
    print(json.dumps({"frames": frames, "seconds": time.monotonic() - begun, "resident_kib": resident}), flush=True)


def rate(address: str, model: str, pixels: Path, width: int, height: int, seconds: float) -> None:
    """Sends raw frames for a time, and prints one line of JSON with how many were answered a second, and the processor time."""
    image = Image.from_raw(pixels.read_bytes(), "Mono8", width, height)
    answered = 0
    with Client(address) as client:
        begun, busy = time.monotonic(), time.process_time()

        def frames() -> Iterator[Frame]:
            number = 0
            while time.monotonic() - begun < seconds:
                yield Frame(image, frame_id=number)
                number += 1

        for _ in client.stream(frames(), Task.DETECT_AND_SEGMENT, model=model):
            answered += 1
        taken, busy = time.monotonic() - begun, time.process_time() - busy
    figures = {"frames": answered, "seconds": taken, "per_second": answered / taken, "cpu_seconds": busy}
    print(json.dumps(figures), flush=True)


def _resident_kib() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("/proc/self/status has no VmRSS.")

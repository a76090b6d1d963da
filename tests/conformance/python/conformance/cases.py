"""What the calls of the cases are with this client."""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as dt
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import grpc

from conformance import canonical, wire
from ymasknet import (
    AsyncClient,
    Board,
    Box,
    CancelledError,
    ClassRule,
    Client,
    Frame,
    FramePolicy,
    Image,
    InspectionError,
    MaskFormat,
    Priority,
    Recipe,
    RegionOfInterest,
    Retries,
    Task,
)

_ONCE = Retries(attempts=1)
_FILTERS = ("min_score", "nms_iou_threshold", "max_defects")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


class Runner:
    """Runs cases, whose images it reads once."""

    def __init__(self, images: Dict[str, Any]) -> None:
        self._images = images
        self._bytes: Dict[str, bytes] = {}
        self._clients: Dict[str, Client] = {}

    def run(self, case: Any) -> List[str]:
        """The lines of a case; a failure is one of them."""
        call: Callable[[Any], List[str]] = getattr(self, "_" + case["call"].replace("-", "_"))
        try:
            return call(case)
        except InspectionError as failure:
            return [canonical.error(failure)]

    def close(self) -> None:
        """Closes the connections."""
        for client in self._clients.values():
            client.close()

    def _models(self, case: Any) -> List[str]:
        held = self._client(case).models()
        return [f"default {held.default_model}", *canonical.all_of(canonical.model(model) for model in held.models)]

    def _model(self, case: Any) -> List[str]:
        return canonical.model(self._client(case).model(case["model"]))

    def _detect(self, case: Any) -> List[str]:
        return canonical.inspection(
            self._client(case).detect(self._image(case["image"]), **_model_of(case), **_call(case))
        )

    def _inspect(self, case: Any) -> List[str]:
        return canonical.inspection(
            self._client(case).inspect(
                self._image(case["image"]), **_model_of(case), **_mask_format(case), **_call(case)
            )
        )

    def _segment(self, case: Any) -> List[str]:
        options = {"include_class_map": case.get("class_map", False), "min_region_area": case.get("min_region_area")}
        rois = _rois(case) * case.get("repeat_rois", 1)
        image = self._image(case["image"])
        return canonical.segmentation(
            self._client(case).segment(image, rois, model=case.get("model", ""), **_mask_format(case), **options)
        )

    def _shared(self, case: Any) -> List[str]:
        described = self._images[case["image"]]
        pixels = self._read(case["image"])
        offset = case.get("offset", 0)
        with self._client(case).lease_shared_memory(case["slot_bytes"], 1) as lease, lease.rent() as slot:
            size = min(len(pixels), slot.memory.size - offset)
            slot.memory[offset : offset + size] = memoryview(pixels)[:size]
            image = slot.image(
                described["format"], described["width"], described["height"], described.get("stride", 0), offset
            )
            return canonical.inspection(self._client(case).inspect(image))

    def _session(self, case: Any) -> List[str]:
        options = {
            **_model_of(case),
            **_mask_format(case),
            "frame_policy": FramePolicy[case.get("policy", "BLOCK")],
            "max_frames_in_flight": case.get("in_flight"),
            "priority": Priority[case.get("priority", "NORMAL")],
            "recipe": _recipe(case["recipe"]) if "recipe" in case else None,
        }
        with self._client(case).open_session(Task[case["task"]], **options) as session:
            results = list(session.inspect(self._frames(case)))
            if case.get("summary") == "drops":
                return _drops(results)
            return [
                *canonical.opened(session.model, session.max_frames_in_flight),
                *canonical.all_of(canonical.frame(result) for result in results),
            ]

    def _board(self, case: Any) -> List[str]:
        described = self._images[case["image"]]
        if "format" in described:
            strips = self._strips(case, described)
            board = Board.from_strips(described["width"], described["height"], described["format"], strips)
        else:
            board = Board.from_file(described["path"])
        options = {**_model_of(case), **_mask_format(case), "overlap": case.get("overlap")}
        return canonical.board(self._client(case).inspect_board(board, Task[case["task"]], **options))

    def _wire(self, case: Any) -> List[str]:
        return wire.call(case["address"], case)

    def _boards_full(self, case: Any) -> List[str]:
        return wire.first_to_end(case["address"], case, case["calls"])

    def _cancel_call(self, case: Any) -> List[str]:
        async def cancelled() -> str:
            async with AsyncClient(case["address"]) as client:
                call = asyncio.create_task(client.detect(self._image(case["image"]), model=case["model"]))
                await asyncio.sleep(0.03)
                call.cancel()
                try:
                    await call
                except asyncio.CancelledError:
                    return "cancelled"
            return "answered"

        return [asyncio.run(cancelled()), *self._detect({**case, "model": ""})]

    def _cancel_session(self, case: Any) -> List[str]:
        image = self._image(case["image"])
        with self._client(case).open_session(Task.DETECT, model=case["model"]) as session:
            for number in range(3):
                session.write(Frame(image, frame_id=number))
            results = session.results()
            first = next(results).frame_id
            session.close()
            try:
                end = f"answered {len(list(results))} more"
            except CancelledError:
                end = "cancelled"
        return [f"first {first}", end, *self._detect({**case, "model": ""})]

    def _full_queue(self, case: Any) -> List[str]:
        image, client = self._image(case["image"]), self._client(case)
        with concurrent.futures.ThreadPoolExecutor(case["calls"]) as pool:
            calls = [pool.submit(client.detect, image, model=case["model"]) for _ in range(case["calls"])]
            failures = [call.exception() for call in calls]
        reasons = {failure.reason for failure in failures if failure is not None}
        answered = sum(failure is None for failure in failures)
        return [
            f"answered {'some' if 0 < answered < len(calls) else answered}",
            f"refused with {','.join(sorted(reasons))}",
        ]

    def _client(self, case: Any) -> Client:
        address = case["address"]
        if address not in self._clients:
            self._clients[address] = Client(address, retries=_ONCE, timeout=60)
        return self._clients[address]

    def _image(self, name: str) -> Image:
        described = self._images[name]
        if "format" not in described:
            return Image.from_bytes(self._read(name))
        size = described["width"], described["height"], described.get("stride", 0)
        return Image.from_raw(self._read(name), described["format"], *size)

    def _read(self, name: str) -> bytes:
        if name not in self._bytes:
            self._bytes[name] = Path(self._images[name]["path"]).read_bytes()
        return self._bytes[name]

    def _frames(self, case: Any) -> Iterator[Frame]:
        for turn in range(case.get("repeat", 1)):
            for frame in case["frames"]:
                part = "p" * frame["part_bytes"] if "part_bytes" in frame else frame.get("part", "")
                yield Frame(
                    self._image(frame["image"]),
                    frame_id=int(frame["id"]) + turn * 100,
                    rois=_rois(frame),
                    part_id=part,
                    capture_time=_moment(frame["captured_us"]) if "captured_us" in frame else None,
                    deadline=_moment(frame["deadline_us"]) if "deadline_us" in frame else None,
                    time_limit=frame["time_limit_ms"] / 1000 if "time_limit_ms" in frame else None,
                )

    def _strips(self, case: Any, described: Any) -> Iterator[bytes]:
        pixels = self._read(case["image"])
        row_bytes = len(pixels) // described["height"]
        sizes = case.get("strip_bytes") or [rows * row_bytes for rows in case.get("strips", [described["height"]])]
        offset = 0
        for size in sizes:
            # More rows than there are: the first ones again.
            yield (pixels + pixels)[offset : offset + size]
            offset += size


def _model_of(case: Any) -> Dict[str, Any]:
    return {"model": case.get("model", ""), **{key: case[key] for key in _FILTERS if key in case}}


def _mask_format(case: Any) -> Dict[str, Any]:
    return {"mask_format": MaskFormat[case.get("mask_format", "COCO_RLE")]}


def _call(case: Any) -> Dict[str, Any]:
    return {"timeout": case["timeout_ms"] / 1000} if "timeout_ms" in case else {}


def _rois(described: Any) -> List[RegionOfInterest]:
    return [RegionOfInterest(Box(*roi["box"]), roi.get("class")) for roi in described.get("rois", [])]


def _recipe(described: Any) -> Recipe:
    ignored = [Box(*box) for box in described.get("ignored", [])] * described.get("repeat_ignored", 1)
    return Recipe(
        ClassRule(**described["default"]) if "default" in described else None,
        {name: ClassRule(**rule) for name, rule in described.get("classes", {}).items()},
        described.get("millimetres_per_pixel"),
        ignored,
    )


def _drops(results: List[Any]) -> List[str]:
    """What holds of dropping sessions however fast the server is."""
    ids = [result.frame_id for result in results]
    verdicts = sorted({result.verdict.name for result in results})
    return [
        f"answered {len(ids)} {'in order' if ids == sorted(ids) else 'out of order'}",
        f"verdicts {','.join(verdicts)}",
        f"last {results[-1].verdict.name}",
    ]


def _moment(microseconds: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=microseconds)

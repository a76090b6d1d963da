"""The drivers: each loads a running server with calls of an RPC, and gives the same figures."""

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from loadtest.requests import ROOT, SAMPLE, Rpc
from perf.measuring.processes import LOAD

CONFIGS = ROOT / "loadtest/ghz"


@dataclass(frozen=True)
class Point:
    """A point of the matrix."""

    rpc: Rpc
    payload: str
    concurrency: int


@dataclass(frozen=True)
class Figures:
    """What a driver measured. Latencies are of calls. Unit: milliseconds."""

    images_per_second: float
    p50: Optional[float]
    p99: Optional[float]
    failed: int


class Ghz:
    """ghz (https://ghz.sh), which looks at the status of each call."""

    name = "ghz"

    @staticmethod
    def is_there() -> bool:
        return shutil.which("ghz") is not None

    @staticmethod
    def runs(point: Point) -> bool:
        return True

    @staticmethod
    def run(address: str, requests: Path, point: Point, seconds: int) -> Figures:
        config = CONFIGS / f"{point.rpc.name}.json"
        command = ["ghz", "--config", config, "--format", "json", "--duration", f"{seconds}s"]
        command += ["--concurrency", point.concurrency, "--connections", point.concurrency]
        if point.payload != "none":
            command += ["--binary-file", requests / f"{point.rpc.name}-{point.payload}.bin"]
        command.append(address)
        output = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=True)
        return Ghz.read(json.loads(output.stdout), point.rpc)

    @staticmethod
    def read(report: dict, rpc: Rpc) -> Figures:
        """The figures of a report."""
        at = {entry["percentage"]: entry["latency"] / 1e6 for entry in report["latencyDistribution"] or []}
        statuses = report["statusCodeDistribution"] or {}
        succeeded = statuses.get("OK", 0)
        return Figures(
            succeeded * rpc.frames / (report["total"] / 1e9), at.get(50), at.get(99), sum(statuses.values()) - succeeded
        )


class YMaskNetLoad:
    """This repository's own load (perf/Load), with the C# client: calls in hand, or sessions."""

    name = "ymasknet-load"
    _TASKS = {"detect": ["--task", "detect"], "detect-and-segment": [], "inspect-stream": ["--stream"]}

    @staticmethod
    def is_there() -> bool:
        return LOAD.exists()

    @classmethod
    def runs(cls, point: Point) -> bool:
        return point.rpc.name in cls._TASKS

    @classmethod
    def run(cls, address: str, requests: Path, point: Point, seconds: int) -> Figures:
        with tempfile.TemporaryDirectory() as folder:
            figures = Path(folder) / "figures.jsonl"
            command = ["dotnet", LOAD, "--server", f"http://{address}", "--images", SAMPLE, "--seconds", seconds]
            command += ["--json", figures, "--callers", point.concurrency, "--in-hand", 1, *cls._TASKS[point.rpc.name]]
            command += ["--raw"] if point.payload == "raw" else []
            subprocess.run([str(part) for part in command], capture_output=True, text=True)
            result = json.loads(figures.read_text())["result"]
        failed = result["failed"] + result["refused"]
        return Figures(result["per_second"], result.get("p50"), result.get("p99"), failed)


class H2load:
    """nghttp2's h2load: bare HTTP/2, which sees that a call was answered and how fast, but counts no gRPC statuses; one call
    before shows that the server takes the request."""

    name = "h2load"

    @staticmethod
    def is_there() -> bool:
        return shutil.which("h2load") is not None

    @staticmethod
    def runs(point: Point) -> bool:
        # It takes a call for one request, whose time says nothing of frames.
        return point.rpc.name != "inspect-stream"

    @staticmethod
    def run(address: str, requests: Path, point: Point, seconds: int) -> Figures:
        call = [
            "--data",
            requests / f"{point.rpc.name}-{point.payload}.grpc",
            "--header",
            "content-type: application/grpc",
        ]
        call += ["--header", "te: trailers", f"http://{address}/{point.rpc.method}"]
        # A refusal has no message, so that its status stands in the headers, which h2load shows; trailers it does not.
        refusal = re.search(r"grpc-message: (.*)", H2load._output("--verbose", "--requests", 1, "--clients", 1, *call))
        if refusal is not None:
            raise ValueError(f"{point.rpc.name} with {point.payload} is refused: {refusal[1]}")
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            load = ["--clients", point.concurrency, "--max-concurrent-streams", 1, "--duration", seconds]
            output = H2load._output(*load, "--warm-up-time", 1, "--log-file", log, *call)
            milliseconds = sorted(int(line.split("\t")[2]) / 1000 for line in log.read_text().splitlines())
        return H2load.read(output, milliseconds, seconds)

    @staticmethod
    def _output(*options: object) -> str:
        command = ["h2load", *map(str, options)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    @staticmethod
    def read(output: str, milliseconds: list[float], seconds: int) -> Figures:
        """The figures of a report and of the sorted times of its log."""
        counts = re.search(r"requests: .* (\d+) succeeded, (\d+) failed, (\d+) errored", output)
        if counts is None:
            raise ValueError(f"h2load said nothing of its requests: {output}")
        succeeded, failed, errored = map(int, counts.groups())

        def at(part: float) -> Optional[float]:
            return milliseconds[min(len(milliseconds) - 1, int(part * len(milliseconds)))] if milliseconds else None

        return Figures(succeeded / seconds, at(0.5), at(0.99), failed + errored)


def choose() -> list:
    """The drivers to use: ghz, or where it is missing ymasknet-load in its place; and h2load where it is there."""
    first = Ghz if Ghz.is_there() else YMaskNetLoad
    if first is YMaskNetLoad:
        print("ghz is not installed (https://ghz.sh/docs/install): ymasknet-load runs its matrix.")
        if not YMaskNetLoad.is_there():
            raise SystemExit(f"{LOAD} is missing: dotnet build YMaskNet.Grpc.sln -c Release")
    if not H2load.is_there():
        print("h2load is not installed (Debian: nghttp2-client): it is left out.")
    return [first, *([H2load] if H2load.is_there() else [])]

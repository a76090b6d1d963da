"""The programs that are measured: a server of one's own, the load on it, and the networks alone."""

import contextlib
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "src/Server/bin/Release/net10.0/YMaskNet.Server.dll"
LOAD = ROOT / "perf/Load/bin/Release/net10.0/ymasknet-load.dll"
OPERATORS = ROOT / "perf/Operators/bin/Release/net10.0/ymasknet-operators.dll"
START_SECONDS = 120


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen, address: str, socket: str | None):
        self.process = process
        self.address = address
        self.socket = socket

    def load(self, images: Path, seconds: float, *options: str, socket: bool = False) -> dict:
        """Loads it with pictures of a folder; what `ymasknet-load` measured."""
        with tempfile.TemporaryDirectory() as folder:
            figures = Path(folder) / "figures.jsonl"
            address = f"unix:{self.socket}" if socket else self.address
            command = ["dotnet", LOAD, "--server", address, "--server-pid", str(self.process.pid), "--images", images]
            command += ["--seconds", str(seconds), "--json", figures, *options]
            run = subprocess.run(command, capture_output=True, text=True)
            if not figures.exists():
                raise RuntimeError(f"{' '.join(map(str, command))} failed: {run.stdout}{run.stderr}")
            result = json.loads(figures.read_text())["result"]
        inspected = max(1, result["inspected"])
        server = result["server"]
        result["cpu_ms"] = server["cpu_seconds"] * 1000 / inspected
        result["allocated_bytes"] = server["allocated_bytes"] / inspected
        return result


@contextlib.contextmanager
def serve(models: Path, *options: str, port: int = 5199):
    """Starts a server, and stops it in the end."""
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        socket = os.path.join(folder, "server.sock")
        log = open(os.path.join(folder, "log"), "w+")
        command = ["dotnet", SERVER, "--address", address, "--models", models, "--unix-socket", socket]
        command += ["--shared-memory-bytes", str(1 << 28), *options]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + START_SECONDS
            while "ymasknet: serving" not in Path(log.name).read_text():
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"The server did not start: {Path(log.name).read_text()}")
                time.sleep(0.2)
            yield Server(process, address, socket)
        finally:
            process.terminate()
            process.wait()
            log.close()


def networks_alone(
    package: Path, precision: str, images: Path, form: str, lanes: int, threads: int, seconds: float
) -> dict:
    """Decoding and the two networks with nothing around them."""
    command = ["dotnet", OPERATORS, "sessions", package, precision, images, form, lanes, threads, seconds]
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)

"""The real server as a process of its own."""

import atexit
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path
from typing import List, Optional, Sequence

from .paths import MODELS, SERVER

_START_SECONDS = 120
_READY = "ymasknet: serving"


class Server:
    """A running server on a free port and on a Unix socket, with the shipped models or some of them."""

    def __init__(self, *options: str, models: Optional[Sequence[str]] = None):
        self._folder = tempfile.TemporaryDirectory()
        folder = MODELS
        if models is not None:
            folder = Path(self._folder.name) / "models"
            folder.mkdir()
            for name in models:
                (folder / name).symlink_to(MODELS / name)
        # What gRPC would read as the escapes of a URI is a path like any other.
        self.socket = Path(self._folder.name) / "server 100%41.sock"
        command = ["dotnet", str(SERVER), "--address", "http://127.0.0.1:0", "--models", str(folder)]
        command += ["--unix-socket", str(self.socket), *options]
        self._log = open(Path(self._folder.name) / "errors.log", "w+")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True)
        self.address = self._wait_until_ready()
        self.socket_address = f"unix:{self.socket}"

    def _wait_until_ready(self) -> str:
        patience = threading.Timer(_START_SECONDS, self._process.kill)
        patience.start()
        try:
            for line in self._process.stdout:
                if line.startswith(_READY):
                    # Nothing reads what the server says later, and it must not wait for that.
                    threading.Thread(target=self._process.stdout.read, daemon=True).start()
                    return line.strip().rpartition(" on ")[2].split(",")[0]
        finally:
            patience.cancel()
        self._log.seek(0)
        raise RuntimeError(f"The server did not start: {self._log.read()}")

    def stop(self) -> None:
        """Tells it to stop, as an operator would, and waits for it."""
        self.begin_stopping()
        self._process.wait(timeout=60)
        self._process.stdout.close()
        self._log.close()
        self._folder.cleanup()

    def begin_stopping(self) -> None:
        self._process.terminate()


def require_server() -> None:
    """Skips the module where the real server can't run."""
    if shutil.which("dotnet") is None:
        raise unittest.SkipTest("there is no dotnet to run the server with")
    if not SERVER.exists():
        raise unittest.SkipTest(f"the server is not built: {SERVER} is missing")


_shared: List[Server] = []


def shared_server() -> Server:
    """One server for all tests that do not stop it or need settings of their own."""
    require_server()
    if not _shared:
        # A cancelled board gives its place back a little later than its caller learns of it.
        _shared.append(Server("--shared-memory-bytes", str(1 << 26), "--max-boards", "16"))
        atexit.register(_shared[0].stop)
    return _shared[0]


def unused_address() -> str:
    """An address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"

"""The real server behind TLS, with callers' certificates and tokens."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np

from ymasknet import AsyncClient, Client, Retries, Task, Tls, UnauthenticatedError, UnavailableError

from .support import pictures
from .support.aio import AsyncTestCase
from .support.server import Server, require_server

TOKEN = "the-token-of-line-1-x7Kq"
ONCE = Retries(attempts=1)


def make_certificate(folder: Path, name: str) -> Tls:
    """A certificate that is its own authority, in `name.pem` and `name.key`."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    return Tls(certificate_chain=certificate, private_key=key)


class SecureServer:
    """The server and the files that it and its callers have."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        server, client = make_certificate(folder, "server"), make_certificate(folder, "client")
        self.known = Tls(server.certificate_chain, client.certificate_chain, client.private_key)
        self.anonymous = Tls(server.certificate_chain)
        tokens = folder / "tokens"
        tokens.write_text(f"line-1:{TOKEN}\n")
        self.server = Server(
            *["--address", "https://127.0.0.1:0", "--certificate", str(server.certificate_chain)],
            *["--certificate-key", str(server.private_key), "--client-ca", str(client.certificate_chain)],
            *["--tokens", str(tokens)],
            models=["pcb-yolov5"],
        )

    def stop(self) -> None:
        self.server.stop()
        self._folder.cleanup()


def setUpModule():
    require_server()
    if shutil.which("openssl") is None:
        raise unittest.SkipTest("there is no openssl to make certificates with")
    global secure
    secure = SecureServer()
    unittest.addModuleCleanup(secure.stop)


class SecurityTests(unittest.TestCase):
    def client(self, **options) -> Client:
        return self.enterContext(
            Client(secure.server.address, **{"tls": secure.known, "retries": ONCE, "timeout": 60, **options})
        )

    def test_a_known_caller_is_answered(self):
        client = self.client(token=TOKEN)
        found = client.detect(pictures.BUS).defects
        self.assertTrue(found)
        self.assertEqual([result.defects for result in client.stream([pictures.BUS] * 2, Task.DETECT)], [found] * 2)
        self.assertTrue(client.inspect_board(pictures.BUS, Task.DETECT).defects)

    def test_a_caller_without_a_token_or_with_a_wrong_one_is_told_so(self):
        for token, reason in ((None, "TOKEN_MISSING"), ("no-token-of-any-line", "TOKEN_INVALID")):
            client = self.client(token=token)
            for call in (
                client.models,
                lambda: client.detect(np.zeros((2000, 2000), np.uint8)),
                lambda: client.open_session(Task.DETECT),
                lambda: client.inspect_board(np.zeros((2000, 2000), np.uint8), Task.DETECT),
            ):
                with self.subTest(reason), self.assertRaises(UnauthenticatedError) as caught:
                    call()
                self.assertEqual((caught.exception.reason, caught.exception.is_retryable), (reason, False))

    def test_a_caller_without_a_certificate_is_not_let_in(self):
        with self.assertRaises(UnavailableError):
            self.client(tls=secure.anonymous, token=TOKEN).models()

    def test_the_unix_socket_wants_the_token_too(self):
        with Client(secure.server.socket_address, token=TOKEN) as known, Client(secure.server.socket_address) as other:
            self.assertTrue(known.models().models)
            with self.assertRaises(UnauthenticatedError):
                other.models()


class AsyncSecurityTests(AsyncTestCase):
    async def test_a_known_caller_is_answered(self):
        async with AsyncClient(secure.server.address, tls=secure.known, token=TOKEN) as client:
            self.assertTrue((await client.detect(pictures.BUS)).defects)


if __name__ == "__main__":
    unittest.main()

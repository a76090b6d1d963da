"""Addresses, settings and what goes with every call."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import grpc

from ymasknet import Client, Retries, Tls, UnavailableError
from ymasknet.connection import Address
from ymasknet.v1 import model_service_pb2 as wire

from .support import fake


class AddressTests(unittest.TestCase):
    def test_addresses_as_grpc_takes_them(self):
        for text, tls, expected in (
            ("http://127.0.0.1:5080", False, Address("127.0.0.1:5080", False, True)),
            ("http://localhost:5080/", False, Address("localhost:5080", False, True)),
            ("https://inspection.example:443", False, Address("inspection.example:443", True, False)),
            ("inspection.example:5080", False, Address("inspection.example:5080", False, False)),
            ("inspection.example:5080", True, Address("inspection.example:5080", True, False)),
            ("http://[::1]:5080", False, Address("[::1]:5080", False, True)),
            ("unix:///run/ymasknet/server.sock", False, Address("unix:/run/ymasknet/server.sock", False, True)),
            ("unix:server.sock", False, Address("unix:server.sock", False, True)),
            ("unix:/a b/100%41?#.sock", False, Address("unix:/a%20b/100%2541%3F%23.sock", False, True)),
        ):
            with self.subTest(text):
                self.assertEqual(Address.parse(text, tls), expected)

    def test_what_is_no_address_is_refused(self):
        for text, tls, what in (
            ("", False, "is no address of a server; write http://HOST:PORT"),
            ("127.0.0.1", False, "is no address"),
            ("http://127.0.0.1", False, "is no address"),
            ("http://127.0.0.1:70000", False, "is no address"),
            ("http://127.0.0.1:port", False, "is no address"),
            ("dns:///inspection.example:5080", False, "is no address"),
            ("http://127.0.0.1:5080/models", False, "more than the address"),
            ("http://me@127.0.0.1:5080", False, "more than the address"),
            ("http://127.0.0.1:5080", True, "TLS is asked for; write https"),
            ("unix:/server.sock", True, "there is no TLS"),
            ("unix:", False, "has no path"),
            ("unix:///", False, None),
            ("unix://host/server.sock", False, "names a host"),
            ("unix:/" + "x" * 107, False, "has 108 bytes"),
        ):
            with self.subTest(text):
                if what is None:
                    Address.parse(text, tls)
                else:
                    with self.assertRaisesRegex(ValueError, what):
                        Address.parse(text, tls)


class SettingTests(unittest.TestCase):
    def test_settings_that_cant_be_name_themselves(self):
        for options, what in (
            ({"timeout": -1}, "timeout is -1"),
            ({"timeout": float("nan")}, "timeout is nan"),
            ({"max_message_bytes": 0}, "max_message_bytes is 0"),
            ({"keepalive_interval": 0}, "keepalive_interval is 0"),
            ({"keepalive_timeout": float("inf")}, "keepalive_timeout is inf"),
        ):
            with self.subTest(what), self.assertRaisesRegex(ValueError, what):
                Client("http://127.0.0.1:5080", **options)

    def test_a_token_does_not_leave_the_host_unencrypted(self):
        with self.assertRaisesRegex(ValueError, "everybody on the way could read the token"):
            Client("http://inspection.example:5080", token="secret")
        for address in ("http://127.0.0.1:5080", "https://inspection.example:443", "unix:server.sock"):
            Client(address, token="secret").close()

    def test_half_a_client_certificate_is_refused(self):
        with self.assertRaisesRegex(ValueError, "belong together"):
            Tls(certificate_chain=b"...")

    def test_certificates_that_are_not_there_are_an_os_error(self):
        with self.assertRaises(FileNotFoundError):
            Client("https://127.0.0.1:5080", tls=Tls(root_certificates="/nowhere/roots.pem"))


class MetadataTests(unittest.TestCase):
    def test_headers_and_the_current_token_go_with_every_call(self):
        seen = []

        def list_models(request, context):
            seen.append(
                {key: value for key, value in context.invocation_metadata() if key in ("authorization", "line")}
            )
            return wire.ListModelsResponse()

        tokens = iter(["first", "second"])
        with fake.serve(ListModels=list_models) as address:
            with Client(address, token=lambda: next(tokens), metadata=[("line", "7")]) as client:
                client.models()
                client.models()
        self.assertEqual(
            seen, [{"authorization": "Bearer first", "line": "7"}, {"authorization": "Bearer second", "line": "7"}]
        )


@unittest.skipIf(shutil.which("openssl") is None, "there is no openssl to make certificates with")
class TlsTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.key, cls.certificate = Path(cls.folder.name) / "key.pem", Path(cls.folder.name) / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
            + ["-subj", "/CN=inspection.example", "-addext", "subjectAltName=DNS:inspection.example"]
            + ["-keyout", cls.key, "-out", cls.certificate],
            check=True,
            capture_output=True,
        )
        cls.credentials = grpc.ssl_server_credentials([(cls.key.read_bytes(), cls.certificate.read_bytes())])

    def test_a_server_that_is_believed_answers(self):
        with fake.serve(
            self.credentials, ListModels=lambda request, context: wire.ListModelsResponse(default_model="a/1")
        ) as address:
            for roots in (self.certificate, self.certificate.read_bytes()):
                tls = Tls(root_certificates=roots, server_name="inspection.example")
                with Client(f"https://{address}", tls=tls, token="secret") as client:
                    self.assertEqual(client.models().default_model, "a/1")

    def test_a_server_of_another_name_is_not_believed(self):
        with fake.serve(self.credentials, ListModels=lambda request, context: wire.ListModelsResponse()) as address:
            with Client(address, tls=Tls(root_certificates=self.certificate), retries=Retries(attempts=1)) as client:
                with self.assertRaises(UnavailableError):
                    client.models(timeout=20)


if __name__ == "__main__":
    unittest.main()

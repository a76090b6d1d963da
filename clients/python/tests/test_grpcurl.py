"""docs/grpcurl.md: its commands, typed in, say what the server takes. A program in grpcurl's place takes their arguments."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory

# They make the contract's services known to protobuf.
from ymasknet.v1 import board_service_pb2, inspection_service_pb2, model_service_pb2  # noqa: F401

from .support.paths import REPOSITORY
from .support.server import shared_server

_PAGE = (REPOSITORY / "docs/grpcurl.md").read_text(encoding="utf-8")
_COMMANDS = re.findall(r"^    (.*\bgrpcurl .*)$", _PAGE, re.MULTILINE)
_ADDRESS = "127.0.0.1:5080"
_SOCKET = "/run/ymasknet/server.sock"
_WITH_VALUE = {"-d", "-H", "-import-path", "-max-msg-sz", "-max-time", "-proto"}
_ALONE = {"-plaintext", "-unix"}
_IN_ITS_PLACE = """#!{python}
import json, sys
data = sys.argv[sys.argv.index("-d") + 1] if "-d" in sys.argv else ""
print(json.dumps({{"arguments": sys.argv[1:], "data": sys.stdin.read() if data == "@" else data}}))
"""


class GrpcurlPageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server = shared_server()
        cls.channels = {
            _ADDRESS: grpc.insecure_channel(server.address.partition("//")[2]),
            _SOCKET: grpc.insecure_channel(server.address.partition("//")[2]),
        }
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        program = Path(folder.name) / "grpcurl"
        program.write_text(_IN_ITS_PLACE.format(python=sys.executable))
        program.chmod(0o755)
        cls.path = f"{folder.name}:{os.environ['PATH']}"

    def test_there_are_commands(self):
        self.assertGreater(len(_COMMANDS), 12)

    def test_what_commands_say_is_answered(self):
        for command in _COMMANDS:
            with self.subTest(command[:120]):
                typed = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", command],
                    cwd=REPOSITORY,
                    env={**os.environ, "PATH": self.path},
                    capture_output=True,
                    text=True,
                    check=True,
                )
                said = json.loads(typed.stdout)
                address, *words = self.without_options(said["arguments"])
                self.assertIn(address, self.channels)
                if words[0] not in ("list", "describe"):
                    self.check_call(self.channels[address], words[0], said["data"])
                elif len(words) > 1:
                    descriptor_pool.Default().FindFileContainingSymbol(words[1])

    def without_options(self, arguments):
        rest = list(arguments)
        while rest[0].startswith("-"):
            option = rest.pop(0)
            self.assertIn(option, _WITH_VALUE | _ALONE)
            if option in _WITH_VALUE:
                rest.pop(0)
        return rest

    def check_call(self, channel, method, data):
        service, _, name = method.partition("/")
        if service == "grpc.health.v1.Health":
            messages = [b""]
        else:
            request = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name].input_type
            messages = [
                json_format.ParseDict(fields, new_message(request)).SerializeToString()
                for fields in values(data or "{}")
            ]
        answers = list(channel.stream_stream(f"/{method}")(iter(messages), timeout=60))
        self.assertTrue(answers)


def new_message(descriptor):
    # Protobuf 4 gave the function another name.
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)()
    return message_factory.MessageFactory().GetPrototype(descriptor)()


def values(text):
    """JSON values that follow each other."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        yield value
        while place < len(text) and text[place].isspace():
            place += 1


if __name__ == "__main__":
    unittest.main()

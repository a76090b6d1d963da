"""Requests, configurations and reports of the drivers."""

import json
import struct
import tempfile
import unittest
from pathlib import Path

from google.protobuf import descriptor_pb2

from loadtest import report
from loadtest.drivers import CONFIGS, Ghz, H2load
from loadtest.requests import BOARD_STRIPS, FRAMES, ROOT, RPCS, Messages, write

# The keys of a configuration that these use, as https://ghz.sh/docs/options has them.
_KEYS = {
    "binary-file",
    "call",
    "concurrency",
    "connections",
    "data",
    "duration",
    "duration-stop",
    "host",
    "import-paths",
    "insecure",
    "name",
    "proto",
    "rps",
    "stream-interval",
    "timeout",
}


class RequestTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        write(cls.folder)

    def test_bodies_hold_the_messages_of_ghz(self):
        for rpc in RPCS.values():
            for payload in rpc.payloads:
                made = [message.SerializeToString() for message in rpc.make(Messages(), payload)]
                self.assertEqual(unframed((self.folder / f"{rpc.name}-{payload}.grpc").read_bytes()), made)
                if payload != "none":
                    binary = (self.folder / f"{rpc.name}-{payload}.bin").read_bytes()
                    self.assertEqual(counted(binary) if rpc.is_stream else [binary], made, rpc.name)

    def test_streams_have_an_opening_and_their_frames(self):
        self.assertEqual(len(RPCS["inspect-stream"].make(Messages(), "png")), 1 + FRAMES)
        self.assertEqual(len(RPCS["inspect-board"].make(Messages(), "raw")), 1 + BOARD_STRIPS)


class ConfigurationTests(unittest.TestCase):
    def test_every_rpc_has_one_by_proto_and_one_by_reflection(self):
        for rpc in RPCS.values():
            by_proto = json.loads((CONFIGS / f"{rpc.name}.json").read_text())
            by_reflection = json.loads((CONFIGS / f"{rpc.name}-reflection.json").read_text())
            self.assertTrue((ROOT / by_proto["proto"]).exists(), rpc.name)
            self.assertNotIn("proto", by_reflection)
            for config in (by_proto, by_reflection):
                self.assertEqual(config["call"], rpc.method.replace("/", "."))

    def test_keys_calls_and_request_files_are_there(self):
        contract = descriptor_pb2.FileDescriptorSet.FromString((ROOT / "protos/ymasknet.v1.binpb").read_bytes())
        methods = {
            f"{file.package}.{service.name}.{method.name}"
            for file in contract.file
            for service in file.service
            for method in service.method
        }
        written = {f"{rpc.name}-{payload}.bin" for rpc in RPCS.values() for payload in rpc.payloads}
        for path in CONFIGS.glob("*.json"):
            config = json.loads(path.read_text())
            self.assertLessEqual(config.keys(), _KEYS, path.name)
            self.assertIn(config["call"], methods, path.name)
            self.assertEqual("data" in config, "binary-file" not in config, path.name)
            if "binary-file" in config:
                self.assertIn(Path(config["binary-file"]).name, written, path.name)


class ReportTests(unittest.TestCase):
    def test_a_report_of_ghz(self):
        latencies = [{"percentage": 50, "latency": 20_000_000}, {"percentage": 99, "latency": 45_500_000}]
        statuses = {"OK": 30, "ResourceExhausted": 2}
        figures = Ghz.read(
            {"total": 2_000_000_000, "latencyDistribution": latencies, "statusCodeDistribution": statuses},
            RPCS["detect"],
        )
        self.assertEqual((figures.images_per_second, figures.p50, figures.p99, figures.failed), (15, 20, 45.5, 2))

    def test_a_report_of_h2load(self):
        output = "requests: 104 total, 105 started, 104 done, 100 succeeded, 4 failed, 1 errored, 0 timeout"
        figures = H2load.read(output, [float(number) for number in range(100)], 5)
        self.assertEqual((figures.images_per_second, figures.p50, figures.p99, figures.failed), (20, 50, 99, 5))

    def test_a_table_has_a_row_for_each_point(self):
        row = {"driver": "ghz", "rpc": "detect", "payload": "png", "concurrency": 4}
        row.update({"images_per_second": 12.34, "p50": 1.0, "p99": None, "failed": 0})
        self.assertIn("| ghz | detect | png | 4 | 12.3 | 1.0 | – | 0 |\n", report.table([row]))


def unframed(body: bytes) -> list[bytes]:
    """The messages behind gRPC's prefixes."""
    messages = []
    while body:
        compressed, length = struct.unpack(">BI", body[:5])
        assert compressed == 0
        messages.append(body[5 : 5 + length])
        body = body[5 + length :]
    return messages


def counted(binary: bytes) -> list[bytes]:
    """The messages behind lengths as varints."""
    messages = []
    while binary:
        length = shift = place = 0
        while True:
            byte = binary[place]
            place += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        messages.append(binary[place : place + length])
        binary = binary[place + length :]
    return messages


if __name__ == "__main__":
    unittest.main()

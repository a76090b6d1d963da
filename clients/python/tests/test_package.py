"""The source distribution, and the wheel that is built from it: what is published."""

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from .support.build import load_stubs
from .support.paths import PROJECT, REPOSITORY

BUILD = "import sys; sys.path.insert(0, 'build_support'); import ymasknet_backend as backend; print(backend.{hook}(sys.argv[1]))"


def build(hook: str, project: Path, target: Path) -> Path:
    """Calls the build backend as a front end does."""
    run = subprocess.run(
        [sys.executable, "-c", BUILD.format(hook=hook), str(target)], cwd=project, capture_output=True, text=True
    )
    if run.returncode != 0:
        raise AssertionError(f"{hook} failed: {run.stdout}{run.stderr}")
    return target / run.stdout.strip().splitlines()[-1]


HAS_WHEEL = any(importlib.util.find_spec(name) for name in ("wheel", "setuptools.command.bdist_wheel"))


@unittest.skipUnless(HAS_WHEEL, "there is nothing to build wheels with")
class DistributionTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        # A copy, since building writes beside the sources.
        project = folder / "repository/clients/python"
        shutil.copytree(
            PROJECT, project, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "*_pb2*", "build", "dist")
        )
        (folder / "repository/protos").symlink_to(REPOSITORY / "protos")
        cls.source = build("build_sdist", project, folder)
        with tarfile.open(cls.source) as archive:
            cls.source_names = {name.partition("/")[2] for name in archive.getnames()}
            archive.extractall(folder / "unpacked")
        (unpacked,) = (folder / "unpacked").iterdir()
        cls.wheel = build("build_wheel", unpacked, folder)
        with zipfile.ZipFile(cls.wheel) as archive:
            cls.wheel_names = set(archive.namelist())
            (metadata,) = (name for name in cls.wheel_names if name.endswith(".dist-info/METADATA"))
            cls.metadata = archive.read(metadata).decode()

    def test_the_source_distribution_has_the_contract_and_no_stubs(self):
        contract = {f"protos/ymasknet/v1/{path.name}" for path in (REPOSITORY / "protos/ymasknet/v1").glob("*.proto")}
        own = {
            "protos/ymasknet/rich_status.proto",
            "build_support/stubs.py",
            "tests/test_package.py",
            "README.md",
            "LICENSE",
        }
        self.assertEqual(contract - self.source_names, set())
        self.assertEqual(own - self.source_names, set())
        self.assertEqual([name for name in self.source_names if "_pb2" in name], [])

    def test_the_wheel_has_every_module_the_stubs_and_nothing_else(self):
        modules = {
            str(path.relative_to(PROJECT / "src"))
            for path in (PROJECT / "src/ymasknet").rglob("*.py")
            if "_pb2" not in path.name
        }
        self.assertGreater(len(modules), 20)
        expected = modules | set(load_stubs().outputs()) | {"ymasknet/py.typed"}
        self.assertEqual({name for name in self.wheel_names if ".dist-info/" not in name}, expected)
        self.assertTrue(self.wheel.name.endswith("-py3-none-any.whl"), self.wheel.name)

    def test_the_metadata_says_what_it_runs_on(self):
        for line in ("Name: ymasknet", "License: Apache-2.0", "Requires-Python: >=3.9"):
            self.assertIn(f"\n{line}\n", self.metadata)
        needed = [line for line in self.metadata.splitlines() if line.startswith("Requires-Dist: ")]
        self.assertEqual(sorted(line.split()[1] for line in needed), sorted(["grpcio", "protobuf", "numpy"]), needed)
        self.assertIn("# ymasknet", self.metadata, "The README is not the long description.")

    def test_the_wheel_works_by_itself(self):
        code = "import ymasknet, sys; sys.exit(ymasknet.Client('http://127.0.0.1:1').close() or 'wheel' not in ymasknet.__file__)"
        with tempfile.TemporaryDirectory(prefix="wheel") as folder:
            with zipfile.ZipFile(self.wheel) as archive:
                archive.extractall(folder)
            run = subprocess.run(
                [sys.executable, "-c", code], cwd=folder, env={"PYTHONPATH": folder}, capture_output=True, text=True
            )
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_the_version_is_the_servers(self):
        properties = (REPOSITORY / "Directory.Build.props").read_text()
        version = properties.partition("<Version>")[2].partition("</Version>")[0]
        self.assertIn(f"\nVersion: {version}\n", self.metadata)


class GeneratorTests(unittest.TestCase):
    """Which compiler of protocol buffers is taken."""

    def setUp(self):
        self.stubs = load_stubs()
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        well_known = self.root / "include/google/protobuf/duration.proto"
        well_known.parent.mkdir(parents=True)
        well_known.touch()

    def find(self, native=None, packaged=None, folder="bin"):
        """With protoc of a version in a folder, and grpcio-tools of a version and requirements."""
        missing = importlib.metadata.PackageNotFoundError()
        with mock.patch.object(
            self.stubs.shutil, "which", lambda name: native and f"{self.root}/{folder}/{name}"
        ), mock.patch.object(
            self.stubs.subprocess, "run", lambda *_, **__: mock.Mock(stdout=f"libprotoc {native}\n")
        ), mock.patch.object(
            self.stubs.importlib.metadata,
            "distribution",
            mock.Mock(side_effect=missing) if packaged is None else mock.Mock(return_value=packaged),
        ):
            return self.stubs.find_generator(), self.stubs.build_requirements()

    def test_the_native_compiler_comes_first(self):
        generator, _ = self.find(native="3.21.12", packaged=mock.Mock(version="1.60.0", requires=[]))
        self.assertEqual(
            generator.command,
            [f"{self.root}/bin/protoc", f"--plugin=protoc-gen-grpc_python={self.root}/bin/grpc_python_plugin"],
        )
        self.assertEqual(generator.requirements, ["grpcio>=1.51", "protobuf>=3.20.2"])

    def test_grpcio_tools_bring_what_their_code_runs_on(self):
        needs = ["protobuf<7.0.0,>=6.31.1", "grpcio>=1.75.0", "setuptools>=77.0.1", 'grpcio-extra>=1; extra == "x"']
        generator, needed = self.find(packaged=mock.Mock(version="1.75.0", requires=needs))
        self.assertEqual(generator.command, [sys.executable, "-m", "grpc_tools.protoc"])
        self.assertEqual((generator.requirements, needed), (needs[:2], []))

    def test_a_native_compiler_of_another_time_is_passed_over(self):
        generator, _ = self.find(native="29.3", packaged=mock.Mock(version="1.75.0", requires=[]))
        self.assertIn("grpc_tools.protoc", generator.command)

    def test_without_either_what_to_install_is_said(self):
        old = mock.Mock(version="1.14.1", requires=[])
        for options, what in (
            ({}, "no protoc and grpc_python_plugin, and grpcio-tools is not installed. Install protobuf-compiler"),
            ({"native": "29.3"}, "libprotoc 29.3, which is not from 3.20 to 25"),
            ({"native": "3.21.12", "folder": "elsewhere/bin"}, "comes without google/protobuf/duration.proto"),
            ({"packaged": old}, "grpcio-tools is 1.14.1, which is older than 1.51"),
        ):
            with self.subTest(what), self.assertRaises(SystemExit) as caught:
                self.find(**options)
            self.assertIn(what, str(caught.exception))


if __name__ == "__main__":
    unittest.main()

"""What setuptools does beside its own: generate stubs when it builds, take the wire contract along when it packs the sources."""

from __future__ import annotations

from pathlib import Path

import stubs
from setuptools import Command
from setuptools.command.build import build
from setuptools.command.sdist import sdist


class BuildStubs(Command):
    """Generates the stubs into what is built; in an editable installation, into the sources."""

    description = "generate the stubs of the wire contract"
    user_options = [("build-lib=", "b", "folder to generate into")]
    editable_mode = False
    build_lib: str | None

    def initialize_options(self) -> None:
        self.build_lib = None

    def finalize_options(self) -> None:
        self.set_undefined_options("build_py", ("build_lib", "build_lib"))

    def run(self) -> None:
        stubs.generate(self._target())

    def get_source_files(self) -> list[str]:
        return []

    def get_outputs(self) -> list[str]:
        return [str(self._target() / name) for name in stubs.outputs()]

    def get_output_mapping(self) -> dict[str, str]:
        return {}

    def _target(self) -> Path:
        return stubs.PROJECT / "src" if self.editable_mode else Path(self.build_lib or "")


class Build(build):
    sub_commands = [*build.sub_commands, ("build_stubs", None)]


class SourceDistribution(sdist):
    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        folder = Path(base_dir) / "protos" / stubs.CONTRACT_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for path in stubs.contract_files():
            self.copy_file(str(path), str(folder / path.name))


COMMANDS = {"build": Build, "build_stubs": BuildStubs, "sdist": SourceDistribution}

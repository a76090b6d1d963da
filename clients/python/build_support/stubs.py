"""Generates the Python stubs of the wire contract with whichever compiler of protocol buffers is there."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
OWN_PROTOS = PROJECT / "protos"
CONTRACT_FOLDER = "ymasknet/v1"

_OLDEST_GRPC = (1, 51)
_OLDEST_COMPILER = (3, 20)

# From 26 on, protoc writes code that asks for a runtime at least as new as itself; grpcio-tools says which in its metadata.
_COMPILER_TOO_NEW = (26,)

_WELL_KNOWN = "google/protobuf/duration.proto"

_NATIVE_REQUIREMENTS = ["grpcio>=1.51", "protobuf>=3.20.2"]
_OTHER_REQUIREMENTS = ["numpy>=1.21"]


class StubsError(SystemExit):
    """The stubs can't be generated; the message says what is missing."""


class Generator(NamedTuple):
    """A compiler of protocol buffers that writes Python."""

    command: list[str]
    requirements: list[str]
    """What the code that it writes runs on."""


def contract_root() -> Path:
    """The folder of the contract: in a source distribution the package's own, in the repository the server's."""
    roots = [OWN_PROTOS, PROJECT.parent.parent / "protos"]
    for root in roots:
        if (root / CONTRACT_FOLDER).is_dir():
            return root
    raise StubsError(f"The wire contract is missing: {CONTRACT_FOLDER} is in none of {', '.join(map(str, roots))}.")


def contract_files() -> list[Path]:
    return sorted((contract_root() / CONTRACT_FOLDER).glob("*.proto"))


def find_generator() -> Generator:
    """The native compiler with gRPC's plugin, or grpcio-tools.

    Raises `StubsError` that says what was found of either.
    """
    native, why_not_native = _find_native()
    if native is not None:
        return native
    packaged, why_not_packaged = _find_packaged()
    if packaged is not None:
        return packaged
    raise StubsError(
        "The stubs of the wire contract can't be generated: "
        f"{why_not_native}, and {why_not_packaged}. Install protobuf-compiler, protobuf-compiler-grpc and "
        "libprotobuf-dev (Debian's names), or the Python package grpcio-tools."
    )


def requirements() -> list[str]:
    """What the package runs on."""
    try:
        return [*find_generator().requirements, *_OTHER_REQUIREMENTS]
    except StubsError:
        # A source distribution needs no compiler: it has no stubs.
        return [*_NATIVE_REQUIREMENTS, *_OTHER_REQUIREMENTS]


def build_requirements() -> list[str]:
    """What must be installed before a build."""
    try:
        find_generator()
    except StubsError:
        return [f"grpcio-tools>={_OLDEST_GRPC[0]}.{_OLDEST_GRPC[1]}"]
    return []


def outputs() -> list[str]:
    """The generated files, relative to the folder that holds the package."""
    names = []
    for folder, path in [(CONTRACT_FOLDER, path) for path in contract_files()] + [
        ("ymasknet", path) for path in _own_files()
    ]:
        names += [f"{folder}/{path.stem}_pb2.py", f"{folder}/{path.stem}_pb2.pyi"]
        if _has_services(path):
            names.append(f"{folder}/{path.stem}_pb2_grpc.py")
    return names


def generate(target: Path) -> None:
    """Writes the stubs into the package below `target`."""
    generator = find_generator()
    files = [*contract_files(), *_own_files()]
    roots = [f"-I{root}" for root in dict.fromkeys([OWN_PROTOS, contract_root()])]
    target.mkdir(parents=True, exist_ok=True)
    _run([*generator.command, *roots, f"--python_out={target}", f"--pyi_out={target}", *map(str, files)])
    services = [str(path) for path in files if _has_services(path)]
    _run([*generator.command, *roots, f"--grpc_python_out={target}", *services])


def _own_files() -> list[Path]:
    return sorted((OWN_PROTOS / "ymasknet").glob("*.proto"))


def _has_services(path: Path) -> bool:
    return re.search(r"^service ", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def _find_native() -> tuple[Generator | None, str]:
    compiler, plugin = shutil.which("protoc"), shutil.which("grpc_python_plugin")
    if compiler is None or plugin is None:
        missing = " and ".join(
            name for name, path in (("protoc", compiler), ("grpc_python_plugin", plugin)) if path is None
        )
        return None, f"there is no {missing}"
    if not any((folder / _WELL_KNOWN).is_file() for folder in _include_folders(compiler)):
        return None, f"{compiler} comes without {_WELL_KNOWN} (Debian's libprotobuf-dev)"
    output = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
    version = _version(output)
    if not _OLDEST_COMPILER <= version < _COMPILER_TOO_NEW:
        return None, f"{compiler} is {output.strip()}, which is not from 3.20 to 25"
    return Generator([compiler, f"--plugin=protoc-gen-grpc_python={plugin}"], _NATIVE_REQUIREMENTS), ""


def _include_folders(compiler: str) -> list[Path]:
    """Where the compiler looks for the messages that the contract imports from Google's."""
    folder = Path(compiler).resolve().parent
    return [folder.parent / "include", folder]


def _find_packaged() -> tuple[Generator | None, str]:
    try:
        installed = importlib.metadata.distribution("grpcio-tools")
    except importlib.metadata.PackageNotFoundError:
        return None, "grpcio-tools is not installed"
    if _version(installed.version) < _OLDEST_GRPC:
        return None, f"grpcio-tools is {installed.version}, which is older than {_OLDEST_GRPC[0]}.{_OLDEST_GRPC[1]}"
    named = [text.partition(";")[0].strip() for text in installed.requires or []]
    needed = [text for text in named if re.match(r"(grpcio|protobuf)\b(?!-)", text)]
    return Generator([sys.executable, "-m", "grpc_tools.protoc"], needed or _NATIVE_REQUIREMENTS), ""


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0,)


def _run(command: list[str]) -> None:
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        raise StubsError(f"{' '.join(command)} failed: {run.stdout}{run.stderr}")

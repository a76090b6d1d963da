"""model.json as a file."""

import hashlib
import json
from pathlib import Path


def read_manifest(package: Path) -> dict:
    """The content of a package's model.json."""
    return json.loads((package / "model.json").read_text(encoding="utf-8"))


def write_manifest(package: Path, manifest: dict) -> None:
    """Writes model.json."""
    (package / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""Places in the repository."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REPOSITORY = PROJECT.parents[1]
SAMPLES = REPOSITORY / "samples"
MODELS = REPOSITORY / "models"
SERVER = REPOSITORY / "src/Server/bin/Release/net10.0/YMaskNet.Server.dll"

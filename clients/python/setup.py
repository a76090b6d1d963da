import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).resolve().parent / "build_support"))

from commands import COMMANDS  # noqa: E402
from stubs import requirements  # noqa: E402

setup(cmdclass=COMMANDS, install_requires=requirements())

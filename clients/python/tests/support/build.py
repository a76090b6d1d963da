"""The package's build support as a module."""

import importlib.util
import sys

from .paths import PROJECT


def load_stubs():
    """`build_support/stubs.py`."""
    spec = importlib.util.spec_from_file_location("ymasknet_build_stubs", PROJECT / "build_support/stubs.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module

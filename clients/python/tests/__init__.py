"""Tests of the Python client. They run against the built package: see README.md, "Tests"."""

import os

# Connections that tests mean to fail are none of the log's business.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

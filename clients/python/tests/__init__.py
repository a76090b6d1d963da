"""Tests of the Python client. They run against the built package: see README.md, "Tests"."""

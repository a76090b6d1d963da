"""The conformance suite's runner of the Python client."""

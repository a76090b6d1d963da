"""Measures the server and writes docs/performance.md's tables and plots: see perf/README.md."""

"""The tables of docs/performance.md."""

import json
import tempfile
import unittest
from pathlib import Path

from perf.measuring import tables
from perf.measuring.report import fill

ROOT = Path(__file__).resolve().parents[3]


class TableTests(unittest.TestCase):
    def test_cpu_compares_medians_with_the_networks_of_the_same_lanes_and_with_the_best(self):
        costs = {(1, 1): (9.0, 10.0, 50.0), (1, 2): (12.0, 12.0, 12.0), (2, 1): (20.0, 20.0, 20.0)}
        rounds = [
            {"form": form, "lanes": lanes, "threads": threads, "alone": {"cpu_ms": alone}, "calls": {"cpu_ms": 24.0}, "stream": {"cpu_ms": 22.0}}
            for form in ("png", "jpeg", "raw")
            for (lanes, threads), medians in costs.items()
            for alone in medians
        ]

        lines = tables.cpu({"rounds": rounds}).splitlines()

        self.assertEqual(2 + 9, len(lines))
        self.assertEqual("| PNG | 1 × 1 | 10.0 | 24.0 | 22.0 | 2.40 | 2.20 | 2.40 | 2.20 |", lines[2])
        self.assertEqual("| PNG | 2 × 1 | 20.0 | 24.0 | 22.0 | 1.20 | 1.10 | 2.40 | 2.20 |", lines[4])

    def test_stream_takes_the_answer_off_what_is_allocated(self):
        figures = {"inspected": 10_000, "allocated_bytes": 5000.0, "answer_bytes": 3200.0, "server": {"gen2_collections": 0}}

        self.assertIn("| 10000 | 5000 | 3200 | 1800 | 0 |", tables.stream({"figures": figures}))

    def test_fill_writes_a_table_in_its_place_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            figures = {
                "machine": {"cpu": "Example", "cores": 2, "memory_gib": 24},
                "rounds": [{"max_batch": 1, "full": {"per_second": 40, "cpu_ms": 42, "p50": 90}}],
            }
            (Path(folder) / "batches.json").write_text(json.dumps(figures))

            filled = fill("before\n<!-- table: batches -->\nold\n<!-- end -->\nafter\n", Path(folder))

        self.assertTrue(filled.startswith("before\n<!-- table: batches -->\n| largest batch |"), filled)
        self.assertIn("| 1 | 40.0 | 42.0 | 90.0 |\n\nExample, 2 cores, 24 GB.\n<!-- end -->\nafter\n", filled)

    def test_document_shows_the_committed_figures(self):
        document = (ROOT / "docs/performance.md").read_text(encoding="utf-8")

        self.assertEqual(document, fill(document, ROOT / "docs/performance"))


if __name__ == "__main__":
    unittest.main()

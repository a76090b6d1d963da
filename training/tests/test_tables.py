import json
import tempfile
import unittest
from pathlib import Path

from training.tables import TABLES, TableError, fill, load_rows, table

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENT = "Before.\n" + "".join(f"<!-- table: {name} -->\nold\n<!-- end -->\n" for name in TABLES) + "After.\n"


class TablesTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def rows(self, *entries: dict):
        path = self.folder / "rows.json"
        path.write_text(json.dumps(entries))
        return load_rows(path)

    def test_measured_figures_come_with_their_intervals_and_published_ones_without(self):
        measured = {"box_map50": 0.9512, "box_map50_95": None, "intervals": {"box_map50": [0.94, 0.9617]}}
        (self.folder / "a.json").write_text(json.dumps(measured))
        ours = {"model": "ours", "kind": "shipped", "figures": "a.json", "parameters": 1.18}
        theirs = {"model": "theirs", "kind": "published", "note": "other split", "values": {"box_map50": 1.0}}
        lines = table("detection", self.rows(ours, theirs)).splitlines()
        self.assertEqual(lines[2].split("|")[1:5], [" ours ", " shipped ", " .951 (.940–.962) ", " – "])
        self.assertIn("| 1.18 | – | – |", lines[2])
        self.assertTrue(lines[3].startswith("| theirs | published | 1.000 | – |"))
        self.assertTrue(lines[3].endswith("| other split |"))
        self.assertEqual({line.count("|") for line in lines}, {lines[0].count("|")})

    def test_published_rows_stand_only_where_they_have_a_figure(self):
        theirs = {"model": "theirs", "kind": "published", "values": {"box_map50": 0.9}}
        waiting = {"model": "waiting", "kind": "not run"}
        rows = self.rows(theirs, waiting)
        self.assertEqual([len(table(name, rows).splitlines()) for name in TABLES], [4, 3, 3, 2])

    def test_rows_stand_in_the_tables_of_their_own_data(self):
        tiles = {"model": "tiles", "kind": "not run", "data": "tiles"}
        boards = {"model": "boards", "kind": "not run"}
        rows = self.rows(tiles, boards)
        self.assertEqual([name for name in TABLES if "| tiles |" in table(name, rows)], ["tiles"])
        self.assertNotIn("| boards |", table("tiles", rows))

    def test_tables_are_written_in_their_places_and_the_rest_stays(self):
        rows = self.rows(
            {"model": "ours", "kind": "not run"}, {"model": "ours", "kind": "not run", "data": "tiles"}
        )
        filled = fill(DOCUMENT, rows)
        self.assertTrue(filled.startswith("Before.\n") and filled.endswith("After.\n"))
        self.assertNotIn("old", filled)
        self.assertEqual(filled.count("| ours | not run |"), len(TABLES))
        self.assertEqual(fill(filled, rows), filled)

    def test_the_committed_tables_are_those_of_the_committed_figures(self):
        document = (DOCS / "accuracy.md").read_text(encoding="utf-8")
        self.assertEqual(fill(document, load_rows(DOCS / "accuracy" / "rows.json")), document)

    def test_a_document_without_a_place_and_an_unknown_kind_are_refused_by_name(self):
        with self.assertRaisesRegex(TableError, "no place for the table segmentation"):
            fill(DOCUMENT.replace("segmentation", "other"), self.rows())
        with self.assertRaisesRegex(TableError, "ours: kind best is not one of"):
            self.rows({"model": "ours", "kind": "best"})


if __name__ == "__main__":
    unittest.main()

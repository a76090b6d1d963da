"""The script of the GPU check, with programs in place of the published ones that note how they were called."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

CHECK = """echo "check $*" >>"$CALLS"
[[ -z $NO_GPU || $1 != machine ]] || { echo "no GPU" >&2; exit 6; }
[[ -z $WRONG || $1 != verify || $* == *run-only* ]] || exit 1
[[ $1 != report || ! -s $3/problems.txt ]]
"""
SERVER = """echo "server $*" >>"$CALLS"
[[ -z $NO_SERVER ]] || { echo "ymasknet: can't start"; exit 6; }
trap 'echo "server stopped" >>"$CALLS"; exit 0' TERM
echo "ymasknet: serving"
while true; do sleep 0.05; done
"""
LOAD = """echo "load $*" >>"$CALLS"
[[ -z $NO_LOAD ]]
"""
SANITIZER = """echo "compute-sanitizer $2" >>"$CALLS"
[[ $2 != racecheck ]] || exit 9
"""


class GpuCheckTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.out = self.folder / "out"
        programs = {"check/ymasknet-gpu-check": CHECK, "server/YMaskNet.Server": SERVER, "load/ymasknet-load": LOAD}
        programs["tools/compute-sanitizer"] = SANITIZER
        for name, text in programs.items():
            path = self.folder / name
            path.parent.mkdir()
            path.write_text(f"#!/usr/bin/env bash\n{text}")
            path.chmod(0o755)
        shutil.copy(ROOT / "perf/gpu-check.sh", self.folder)
        (self.folder / "samples").mkdir()
        for board in ("bus-grey", "plane-binary", "connectors-binary"):
            (self.folder / "samples" / f"{board}.png").touch()

    def run_script(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess:
        names = ("NO_GPU", "WRONG", "NO_SERVER", "NO_LOAD")
        environment = {**os.environ, **{name: "" for name in names}, **settings, "CALLS": str(self.folder / "calls")}
        environment["PATH"] = f"{self.folder / 'tools'}:{environment['PATH']}"
        command = [self.folder / "gpu-check.sh", "--out", self.out, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    def problems(self) -> str:
        path = self.out / "problems.txt"
        return path.read_text() if path.exists() else ""

    def test_all_right_runs_every_part_once_and_each_server_is_stopped(self):
        run = self.run_script("--device", "1", "--seconds", "3", "--document", "gpu.md")

        self.assertEqual(0, run.returncode, run.stdout + run.stderr)
        calls = self.calls()
        self.assertEqual(f"check machine --device 1 --out {self.out}", calls[0])
        self.assertEqual(f"check report --out {self.out} --document gpu.md", calls[-1])
        parts = [call.split()[1] for call in calls if call.startswith("check ")]
        self.assertEqual(["machine", "verify", "kernels", "path", "report"], [part for part in parts if part != "torchvision"])
        servers = [call for call in calls if call.startswith("server ")]
        self.assertEqual(["1", "stopped", "4", "stopped", "16", "stopped"], [call.split()[-1] for call in servers])
        self.assertTrue(all("--device cuda:1" in call for call in servers[::2]), servers)
        loads = [call for call in calls if call.startswith("load ")]
        self.assertEqual([False, True] * 3, ["--raw" in call for call in loads])
        self.assertIn("batches to 16, 32 calls in hand, raw frames", loads[-1])
        self.assertEqual("", self.problems())

    def test_sanitizer_every_tool_with_its_exit_status(self):
        self.run_script()

        lines = (self.out / "sanitizer.tsv").read_text().splitlines()
        self.assertEqual(["memcheck\t0", "racecheck\t9", "synccheck\t0", "initcheck\t0"], lines)

    def test_no_gpu_ends_with_6_and_one_line(self):
        run = self.run_script(NO_GPU="1")

        self.assertEqual((6, "no GPU\n", ""), (run.returncode, run.stderr, run.stdout))
        self.assertEqual(1, len(self.calls()))

    def test_part_that_fails_is_noted_and_the_others_go_on(self):
        run = self.run_script(WRONG="1")

        self.assertEqual(1, run.returncode)
        self.assertEqual("the part 'verify' ended with exit status 1: see verify.txt\n", self.problems())
        self.assertTrue(self.calls()[-1].startswith("check report"))

    def test_server_that_does_not_start_is_noted_with_its_reason(self):
        run = self.run_script(NO_SERVER="1")

        self.assertEqual(1, run.returncode)
        self.assertIn("the server did not start: ymasknet: can't start\n", self.problems())

    def test_load_that_fails_leaves_no_server_behind(self):
        run = self.run_script(NO_LOAD="1")

        self.assertEqual(1, run.returncode)
        self.assertIn("the part 'server' ended with exit status 1", self.problems())
        self.assertIn("server stopped", self.calls())

    def test_findings_of_an_earlier_run_are_gone_and_other_files_stay(self):
        self.out.mkdir()
        for name in ("verify.json", "server.jsonl", "problems.txt", "notes.txt"):
            (self.out / name).write_text("old\n")

        self.run_script()

        self.assertEqual(["notes.txt"], [path.name for path in self.out.iterdir() if path.read_text() == "old\n"])

    def test_unknown_option_and_missing_value_are_refused(self):
        self.assertIn("unknown argument '--fast'", self.run_script("--fast").stderr)
        self.assertIn("--device needs a value", self.run_script("--device").stderr)


if __name__ == "__main__":
    unittest.main()

import functools
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch
from torch.multiprocessing import ProcessRaisedException

from training.learning.processes import Processes, run_together


def average(folder: Path, processes: Processes) -> None:
    """Of two parameters, one gets a gradient in each process and the other in that of rank 1 alone."""
    network = torch.nn.ParameterDict({"both": torch.nn.Parameter(torch.zeros(2, 3)), "one": torch.nn.Parameter(torch.zeros(4))})
    loss = (network["both"] * torch.arange(6.0).view(2, 3)).sum() * (processes.rank + 1)
    if processes.rank == 1:
        loss = loss + network["one"].sum()
    loss.backward()
    processes.average_gradients(network)
    clock = processes.mean(10.0 + processes.rank)
    torch.save({"both": network["both"].grad, "one": network["one"].grad, "clock": clock}, folder / f"{processes.rank}.pt")


def write_then_read(folder: Path, processes: Processes) -> None:
    """Rank 0 writes late; whoever comes after must find it written."""
    def work() -> str:
        file = folder / "shared"
        if processes.rank == 0:
            torch.ones(2_000_000).sort()
            file.write_text("written")
        return file.read_text()
    (folder / f"read{processes.rank}").write_text(processes.in_turn(work))


def fail(processes: Processes) -> None:
    """Rank 1 fails while the other waits for it."""
    if processes.rank == 1:
        raise ValueError("no such board")
    processes.mean(0.0)


def interrupted(processes: Processes) -> None:
    """Rank 1 is interrupted while the other waits for it; should that one wait to be ended, it says so."""
    if processes.rank == 1:
        raise KeyboardInterrupt
    mock.patch("training.learning.processes.time.sleep", side_effect=AssertionError("it waits")).start()
    processes.mean(0.0)


class ProcessesTests(unittest.TestCase):
    def test_gradients_and_clock_are_means_and_the_same_in_every_process(self):
        with tempfile.TemporaryDirectory() as folder:
            run_together(2, functools.partial(average, Path(folder)))
            first, second = (torch.load(Path(folder) / f"{rank}.pt") for rank in (0, 1))
        self.assertEqual(first["both"].tolist(), [[0, 1.5, 3], [4.5, 6, 7.5]])
        self.assertEqual(first["one"].tolist(), [0.5] * 4)
        self.assertEqual(first["clock"], 10.5)
        for name, value in first.items():
            self.assertTrue(torch.equal(torch.as_tensor(value), torch.as_tensor(second[name])), name)

    def test_others_work_after_the_first(self):
        with tempfile.TemporaryDirectory() as folder:
            run_together(2, functools.partial(write_then_read, Path(folder)))
            self.assertEqual((Path(folder) / "read1").read_text(), "written")

    def test_where_one_fails_all_end_with_its_error(self):
        with self.assertRaisesRegex(Exception, "no such board"):
            run_together(2, fail)

    def test_after_an_interruption_nobody_waits_to_be_ended(self):
        with self.assertRaises(ProcessRaisedException) as caught:
            run_together(2, interrupted)
        self.assertNotIn("it waits", str(caught.exception))

    def test_a_process_alone_shares_nothing(self):
        seen = []
        run_together(1, lambda processes: seen.append((processes.rank, processes.count, processes.mean(3.0))))
        self.assertEqual(seen, [(0, 1, 3.0)])


if __name__ == "__main__":
    unittest.main()

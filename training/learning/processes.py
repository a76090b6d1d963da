"""Several processes that train one network together, each on batches of its own.

On a CPU two processes of one thread each see more images in the same time than one process of two threads: much of a step
is small operators, which a second thread hardly speeds up.
"""

import ctypes
import tempfile
import time
from multiprocessing.sharedctypes import Synchronized
from typing import Callable, TypeVar

import torch
import torch.distributed as distributed
import torch.multiprocessing as multiprocessing
from torch import Tensor, nn

Result = TypeVar("Result")
SECONDS_TO_BE_ENDED = 60
"""A process that fails because another did waits so long to be ended, lest its broken connection be taken for the cause."""


class Processes:
    """The processes of a run, seen from one of them. A process that trains alone shares nothing."""

    def __init__(self, rank: int = 0, count: int = 1):
        self.rank = rank
        """0..count - 1; the process of rank 0 is the one that logs and saves."""
        self.count = count

    def in_turn(self, work: Callable[[], Result]) -> Result:
        """Calls `work` in the process of rank 0 first and then in the others, which find what it has written."""
        if self.rank > 0:
            distributed.barrier()
        result = work()
        if self.rank == 0 and self.count > 1:
            distributed.barrier()
        return result

    def mean(self, value: float) -> float:
        """The mean of the processes' values, the same number in each of them."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64)
        distributed.all_reduce(shared)
        return float(shared) / self.count

    def average_gradients(self, network: nn.Module) -> None:
        """Sets every gradient to its mean over the processes. A parameter that got none in one of them counts as zero
        there."""
        if self.count == 1:
            return
        parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.count
        for parameter, mean in zip(parameters, _split(flat, parameters)):
            parameter.grad = mean


def _split(flat: Tensor, like: list[nn.Parameter]) -> list[Tensor]:
    return [part.view(p.shape) for part, p in zip(flat.split([p.numel() for p in like]), like)]


def run_together(count: int, work: Callable[[Processes], None]) -> None:
    """Calls `work` in `count` processes, in this one if there is only one. Where one fails, all end, with its error."""
    if count == 1:
        work(Processes())
        return
    failed = multiprocessing.get_context("spawn").Value(ctypes.c_bool, False)
    with tempfile.TemporaryDirectory() as folder:
        meeting = f"file://{folder}/meeting"
        multiprocessing.spawn(_join, (count, meeting, failed, work), count)


def _join(rank: int, count: int, meeting: str, failed: Synchronized, work: Callable[[Processes], None]) -> None:
    distributed.init_process_group("gloo", meeting, rank=rank, world_size=count)
    try:
        work(Processes(rank, count))
    except Exception:
        # Connections break only after this, so whoever fails because of that finds the mark. An interruption sets none: it
        # is nobody's failure, and then nobody comes to end who waits.
        with failed.get_lock():
            first, failed.value = not failed.value, True
        if not first:
            time.sleep(SECONDS_TO_BE_ENDED)
        raise
    finally:
        distributed.destroy_process_group()

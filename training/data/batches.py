"""Endless training batches, drawn in a worker process."""

import ctypes
import multiprocessing
from dataclasses import dataclass
from typing import Iterator

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from training.data.augmentation import Augmentation, random_view
from training.data.deeppcb import Board
from training.data.targets import Targets
from training.generator.stamps import StampLibrary

END_OF_RUN = 10**9


@dataclass(frozen=True)
class Batch:
    """N views of one size."""

    images: Tensor
    """[N, 1, S, S] float32, 0..1."""
    label_maps: Tensor
    """[N, S, S] uint8: 0 background, k the defect with `targets.instance` k of that image."""
    targets: Targets

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        return Batch(self.images.to(device), self.label_maps.to(device), self.targets.to(device))


class BatchSource(Dataset):
    """Draws the batch of a step from the seed and the step's number alone, so that a resumed run goes on as it would
    have gone. Boards come in a new order every epoch."""

    def __init__(
        self,
        boards: list[Board],
        augmentation: Augmentation,
        sizes: list[int],
        batch_size: int,
        seed: int,
        library: StampLibrary | None = None,
    ):
        self._boards = boards
        self._augmentation = augmentation
        self._sizes = sizes
        self._batch_size = batch_size
        self._seed = seed
        self._library = library
        self._full_size = boards[0].image.shape[0]
        self._full_boards = multiprocessing.Value(ctypes.c_bool, False)
        self.steps_per_epoch = len(boards) // batch_size

    def show_whole_images(self) -> None:
        """From now on (but for batches already drawn) views are whole boards."""
        self._full_boards.value = True

    def __len__(self) -> int:
        return END_OF_RUN

    def __getitem__(self, step: int) -> Batch:
        epoch, position = divmod(step, self.steps_per_epoch)
        order = np.random.default_rng([self._seed, 1, epoch]).permutation(len(self._boards))
        rng = np.random.default_rng([self._seed, 2, step])
        size = self._full_size if self._full_boards.value else int(rng.choice(self._sizes))
        chosen = order[position * self._batch_size : (position + 1) * self._batch_size]
        return collate([random_view(self._boards[index], size, self._augmentation, rng, self._library) for index in chosen])


def collate(views: list[Board]) -> Batch:
    """Views of one size to one batch."""
    images = torch.from_numpy(np.stack([view.image for view in views]))[:, None].float().div_(255)
    counts = [len(view.boxes) for view in views]
    targets = Targets(
        image=torch.arange(len(views)).repeat_interleave(torch.tensor(counts)),
        boxes=torch.from_numpy(np.concatenate([view.boxes for view in views]).astype(np.float32)),
        classes=torch.from_numpy(np.concatenate([view.classes for view in views])),
        instance=torch.cat([torch.arange(1, count + 1) for count in counts]),
    )
    return Batch(images, torch.from_numpy(np.stack([view.label_map for view in views])), targets)


def stream(source: Dataset, steps: range, workers: int) -> Iterator:
    """A source's batches of `steps`; `workers` processes draw ahead (0: drawn in this process)."""
    return iter(
        DataLoader(
            source,
            batch_size=None,
            sampler=steps,
            num_workers=workers,
            worker_init_fn=_start_worker,
        )
    )


def _start_worker(_: int) -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)

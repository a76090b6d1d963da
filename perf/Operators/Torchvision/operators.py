"""torchvision's RoIAlign and NMS on one thread or a GPU, on data that the caller wrote: timed round by round on request.

    python3 operators.py FOLDER cpu|cuda:N

FOLDER holds features.f32, regions.f32, boxes.f32, scores.f32 and classes.i64; aligned.f32 and kept.i64 are written there.
Each line "roi_align ITERATIONS" or "nms ITERATIONS" on standard input is answered with the seconds of one iteration.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from torchvision.ops import batched_nms, nms, roi_align

CHANNELS, SIDE, BINS, SCALE, SAMPLES = 32, 160, 14, 0.25, 2
IOU = 0.5


def read(folder: Path, name: str, kind: type, *shape: int) -> torch.Tensor:
    return torch.from_numpy(np.fromfile(folder / name, kind).reshape(shape))


def main() -> None:
    torch.set_num_threads(1)
    folder, device = Path(sys.argv[1]), torch.device(sys.argv[2])
    is_gpu = device.type == "cuda"
    features = read(folder, "features.f32", np.float32, 1, CHANNELS, SIDE, SIDE).to(device)
    regions = [read(folder, "regions.f32", np.float32, -1, 4).to(device)]
    boxes, scores = read(folder, "boxes.f32", np.float32, -1, 4), read(folder, "scores.f32", np.float32, -1)
    classes = read(folder, "classes.i64", np.int64, -1)
    boxes, scores, classes = boxes.to(device), scores.to(device), classes.to(device)
    # What batched_nms does for many boxes: classes are moved apart, then suppressed at once.
    apart = boxes + (classes * (boxes.max() + 1)).to(boxes)[:, None]
    jobs = {
        "roi_align": lambda: roi_align(features, regions, BINS, SCALE, SAMPLES, aligned=True),
        "nms": lambda: nms(apart, scores, IOU),
    }
    jobs["roi_align"]().cpu().numpy().tofile(folder / "aligned.f32")
    batched_nms(boxes, scores, classes, IOU).cpu().numpy().tofile(folder / "kept.i64")
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        name, iterations = line.split()
        start = time.perf_counter()
        for _ in range(int(iterations)):
            jobs[name]()
        if is_gpu:
            torch.cuda.synchronize(device)
        print((time.perf_counter() - start) / int(iterations), flush=True)


if __name__ == "__main__":
    with torch.no_grad():
        main()

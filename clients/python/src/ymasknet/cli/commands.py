"""What the commands do."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, Dict, Optional

from ymasknet.cli.report import JsonLines, describe_error, describe_found, failed_record, inspected_record
from ymasknet.client import Client
from ymasknet.enums import Task, Verdict
from ymasknet.images import Image
from ymasknet.results import Model

TASKS: Dict[str, Task] = {"detect": Task.DETECT, "segment": Task.SEGMENT, "both": Task.DETECT_AND_SEGMENT}


def inspect(client: Client, arguments: argparse.Namespace) -> bool:
    """Sends all images through one session. False when one of them was not inspected."""
    task = _task(arguments.task, client.model(arguments.model))
    begun = time.monotonic()
    failures = 0
    with JsonLines(arguments.json) as report, client.open_session(task, **_filters(arguments)) as session:
        for result in session.inspect(Image.from_file(path) for path in arguments.images):
            path = arguments.images[result.frame_id]
            if result.verdict is Verdict.ERROR and result.error is not None:
                failures += 1
                print(f"{path}: {describe_error(result.error)}", file=sys.stderr)
                report.write(failed_record(path, result.error))
                continue
            report.show(f"{path}: {describe_found(result.defects, result.regions)}")
            if result.image_size is not None:
                report.write(
                    inspected_record(path, result.image_size, session.model, result.defects, result.regions, task)
                )
        seconds = time.monotonic() - begun
        count = len(arguments.images)
        report.show(f"{count} images, {failures} failed, {count / seconds:.1f} images/s, {session.model}")
    return failures == 0


def board(client: Client, arguments: argparse.Namespace) -> bool:
    """Inspects one board."""
    task = _task(arguments.task, client.model(arguments.model))
    answer = client.inspect_board(arguments.image, task, overlap=arguments.overlap, **_filters(arguments))
    with JsonLines(arguments.json) as report:
        tiling = answer.tiling
        report.show(
            f"{arguments.image}: {answer.image_size.width} x {answer.image_size.height} pixels in {tiling.tile_count} tiles: "
            f"{describe_found(answer.defects, answer.regions)}"
        )
        report.write(
            inspected_record(arguments.image, answer.image_size, answer.model, answer.defects, answer.regions, task)
        )
    return True


def models(client: Client, arguments: argparse.Namespace) -> bool:
    """Describes what the server holds."""
    answer = client.models()
    for model in answer.models:
        is_default = " (default)" if str(model.reference) == answer.default_model else ""
        tasks = ", ".join(name for name, task in TASKS.items() if task in model.tasks)
        print(f"{model.reference}{is_default}: {model.description}")
        print(f"    {model.architecture}, {model.precision} on {model.device}; {tasks}")
        print(f"    classes: {', '.join(model.class_names)}")
    return True


def _filters(arguments: argparse.Namespace) -> Dict[str, Any]:
    return {
        "model": arguments.model,
        "min_score": arguments.min_score,
        "nms_iou_threshold": arguments.nms_iou,
        "max_defects": arguments.max_defects,
    }


def _task(name: Optional[str], model: Model) -> Task:
    if name is not None:
        return TASKS[name]
    return next(task for task in (Task.DETECT_AND_SEGMENT, Task.DETECT, Task.SEGMENT) if task in model.tasks)

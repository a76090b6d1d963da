"""What is measured. Everything that is compared runs by turns within one experiment."""

import statistics
from pathlib import Path

from perf.measuring.processes import networks_alone, serve

LANES = ((1, 1), (1, 2), (2, 1))
"""Lanes and the threads of each, for two cores."""
RATES = (0.2, 0.4, 0.6, 0.8, 0.9, 0.95)
"""Parts of the most that the server takes."""


def cpu(setup) -> dict:
    """Processor time of a frame: the server's against decoding and the two networks alone, for a sweep of lanes."""
    forms = {"png": ("png", "file", []), "jpeg": ("jpeg", "file", []), "raw": ("png", "raw", ["--raw"])}
    rounds = []
    for _ in range(setup.rounds):
        for count, threads in LANES:
            with serve(setup.models, *setup.one_model, "--lanes", str(count), "--threads", str(threads)) as server:
                server.load(setup.images["png"], setup.seconds)
                for form, (images, _, options) in forms.items():
                    row = {"form": form, "lanes": count, "threads": threads}
                    row["calls"] = server.load(setup.images[images], setup.seconds, *options)
                    row["stream"] = server.load(setup.images[images], setup.seconds, *options, "--stream")
                    rounds.append(row)
            for row in rounds[-len(forms):]:
                images, kind, _ = forms[row["form"]]
                row["alone"] = networks_alone(
                    setup.package, setup.precision, setup.images[images], kind, count, threads, setup.seconds
                )
    return {"rounds": rounds}


def lanes(setup) -> dict:
    """Lanes against threads: the most frames a second, and how long one frame alone takes."""
    rounds = []
    for _ in range(setup.rounds):
        for count, threads in LANES:
            for precision in ("fp32", "int8"):
                options = ["--lanes", str(count), "--threads", str(threads), *setup.one_model_in(precision)]
                with serve(setup.models, *options) as server:
                    full = server.load(setup.images["png"], setup.seconds, "--raw", "--stream")
                    alone = server.load(setup.images["png"], setup.seconds, "--raw", "--in-hand", "1")
                rounds.append({"lanes": count, "threads": threads, "precision": precision, "full": full, "alone": alone})
    return {"rounds": rounds}


def batches(setup) -> dict:
    """Batches against one after the other, one lane, as many frames in hand as a batch takes."""
    rounds = []
    for _ in range(setup.rounds):
        for size in (1, 4):
            with serve(setup.models, *setup.one_model, "--lanes", "1", "--max-batch", str(size)) as server:
                options = ["--raw", "--in-hand", "8"]
                rounds.append({"max_batch": size, "full": server.load(setup.images["png"], setup.seconds, *options)})
    return {"rounds": rounds}


def latency(setup) -> dict:
    """From due time to answer at parts of the most that the server takes, single calls with an open loop."""
    with serve(setup.models, *setup.one_model) as server:
        most = server.load(setup.images["png"], setup.seconds, "--raw")
        rates = [
            {
                "part": part,
                "figures": server.load(
                    setup.images["png"], setup.seconds * 2, "--raw", "--rate", f"{part * most['per_second']:.2f}"
                ),
            }
            for part in RATES
        ]
    return {"most": most, "rates": rates}


def overload(setup) -> dict:
    """Three times what the server takes for a minute, between two loads that it takes."""
    with serve(setup.models, *setup.one_model) as server:
        # As many in hand as keep the lanes busy while answers travel, and long enough before for the compiler to be done.
        most = server.load(
            setup.images["png"], setup.seconds, "--raw", "--callers", "4", "--in-hand", "4", "--warm-up", "15"
        )["per_second"]

        def at(part: float, seconds: float) -> dict:
            return server.load(
                setup.images["png"], seconds, "--raw", "--callers", "4", "--rate", f"{part * most:.2f}", "--warm-up", "10"
            )

        before, over, after = at(0.8, 30), at(3, 60), at(0.8, 30)
    return {"most_per_second": most, "queue": 64, "before": before, "over": over, "after": after}


def stream(setup) -> dict:
    """Ten thousand raw frames through one session: allocations and collections."""
    with serve(setup.models, *setup.one_model) as server:
        per_second = server.load(setup.images["png"], setup.seconds, "--raw", "--stream")["per_second"]
        seconds = 10_300 / per_second
        figures = server.load(setup.images["png"], seconds, "--raw", "--stream", "--warm-up", str(setup.seconds))
    return {"figures": figures}


def transport(setup) -> dict:
    """Raw frames through TCP, through a Unix socket, and in shared memory, by turns."""
    rounds = []
    with serve(setup.models, *setup.one_model) as server:
        for _ in range(setup.rounds):
            for name, socket, options in (
                ("TCP", False, []),
                ("Unix socket", True, []),
                ("shared memory", True, ["--shared-memory"]),
            ):
                figures = server.load(
                    setup.images["png"], setup.seconds, "--raw", "--stream", "--task", "detect", *options, socket=socket
                )
                rounds.append({"transport": name, "figures": figures})
    return {"rounds": rounds}


def median(values) -> float:
    """The median of an iterable of numbers."""
    return statistics.median(list(values))


ALL = {function.__name__: function for function in (cpu, lanes, batches, latency, overload, stream, transport)}

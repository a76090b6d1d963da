"""Tables of docs/performance.md from what was measured."""

from perf.measuring.experiments import LANES, median

FORMS = {"png": "PNG", "jpeg": "JPEG", "raw": "raw Mono8"}


def markdown(headings: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine(result: dict) -> str:
    """Which machine a table's figures come from."""
    cpu, cores, memory = (result["machine"][key] for key in ("cpu", "cores", "memory_gib"))
    return f"{cpu}, {cores} cores, {memory} GB."


def cpu(result: dict) -> str:
    """Processor time of a frame beside that of decoding and the networks alone; medians over the rounds."""
    def cost(form: str, lane: tuple[int, int], part: str) -> float:
        at = {"form": form, "lanes": lane[0], "threads": lane[1]}
        return median(entry[part]["cpu_ms"] for entry in result["rounds"] if at.items() <= entry.items())

    rows = []
    for form, name in FORMS.items():
        best = min(cost(form, lane, "alone") for lane in LANES)
        for lane in LANES:
            alone, calls, stream = (cost(form, lane, part) for part in ("alone", "calls", "stream"))
            rows.append(
                [name, f"{lane[0]} × {lane[1]}", f"{alone:.1f}", f"{calls:.1f}", f"{stream:.1f}"]
                + [f"{calls / alone:.2f}", f"{stream / alone:.2f}", f"{calls / best:.2f}", f"{stream / best:.2f}"]
            )
    headings = ["image", "lanes × threads", "alone, ms", "calls, ms", "session, ms"]
    headings += ["calls : alone", "session : alone", "calls : best alone", "session : best alone"]
    return markdown(headings, rows)


def lanes(result: dict) -> str:
    """Lanes against threads."""
    rows = []
    for precision in ("fp32", "int8"):
        for count, threads in LANES:
            key = {"lanes": count, "threads": threads, "precision": precision}
            rounds = [entry for entry in result["rounds"] if key.items() <= entry.items()]
            rows.append(
                [precision, f"{count} × {threads}"]
                + [f"{median(entry['full']['per_second'] for entry in rounds):.1f}"]
                + [f"{median(entry['full']['cpu_ms'] for entry in rounds):.1f}"]
                + [f"{median(entry['alone']['p50'] for entry in rounds):.1f}"]
            )
    headings = ["precision", "lanes × threads", "frames a second", "server's CPU ms a frame", "ms of one call alone"]
    return markdown(headings, rows)


def batches(result: dict) -> str:
    """Batches."""
    rows = []
    for size in sorted({entry["max_batch"] for entry in result["rounds"]}):
        rounds = [entry["full"] for entry in result["rounds"] if entry["max_batch"] == size]
        cells = [median(entry[figure] for entry in rounds) for figure in ("per_second", "cpu_ms", "p50")]
        rows.append([str(size), *(f"{cell:.1f}" for cell in cells)])
    return markdown(["largest batch", "frames a second", "server's CPU ms a frame", "median latency, ms"], rows)


def _latency_row(name: str, figures: dict) -> list[str]:
    cells = [f"{figures[key]:.1f}" if figures[key] is not None else "–" for key in ("p50", "p95", "p99", "p999")]
    return [name, f"{figures['per_second']:.1f}", *cells]


def latency(result: dict) -> str:
    """Latency over load."""
    rows = [_latency_row(f"{entry['part']:.2f}", entry["figures"]) for entry in result["rates"]]
    return markdown(["load", "frames a second", "p50, ms", "p95", "p99", "p99.9"], rows)


def overload(result: dict) -> str:
    """Before, during and after an overload."""
    rows = []
    for name, key in (("0.8", "before"), ("3.0", "over"), ("0.8, afterwards", "after")):
        figures = result[key]
        counts = [str(figures[count]) for count in ("inspected", "refused", "failed")]
        resident = [f"{figures['server'][at] / 2**20:.0f}" for at in ("resident_start_bytes", "resident_end_bytes")]
        rows.append([*_latency_row(name, figures), *counts, *resident])
    headings = ["load", "inspected a second", "p50, ms", "p95", "p99", "p99.9"]
    headings += ["inspected", "refused", "failed", "MB resident before", "after"]
    return markdown(headings, rows)


def stream(result: dict) -> str:
    """Allocations of a session."""
    figures = result["figures"]
    allocated, answer = figures["allocated_bytes"], figures["answer_bytes"]
    cells = [str(figures["inspected"]), f"{allocated:.0f}", f"{answer:.0f}", f"{allocated - answer:.0f}"]
    cells.append(str(figures["server"]["gen2_collections"]))
    return markdown(["frames", "bytes allocated a frame", "of them the answer", "beyond it", "Gen2 collections"], [cells])


def transport(result: dict) -> str:
    """Ways of a frame's pixels to the server."""
    rows = []
    for name in dict.fromkeys(entry["transport"] for entry in result["rounds"]):
        rounds = [entry["figures"] for entry in result["rounds"] if entry["transport"] == name]
        cells = [median(entry[figure] for entry in rounds) for figure in ("per_second", "cpu_ms", "allocated_bytes")]
        rows.append([name, f"{cells[0]:.1f}", f"{cells[1]:.2f}", f"{cells[2]:.0f}"])
    return markdown(["pixels come by", "frames a second", "server's CPU ms a frame", "bytes allocated a frame"], rows)


ALL = {function.__name__: function for function in (cpu, lanes, batches, latency, overload, stream, transport)}

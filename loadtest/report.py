"""Table and plot of a load."""

from pathlib import Path

HEAD = "| driver | RPC | payload | concurrency | images a second | p50, ms | p99, ms | failed |"


def table(rows: list[dict]) -> str:
    """A table in Markdown."""
    lines = [HEAD, "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        lines.append(
            f"| {row['driver']} | {row['rpc']} | {row['payload']} | {row['concurrency']} | {row['images_per_second']:.1f}"
            f" | {_milliseconds(row['p50'])} | {_milliseconds(row['p99'])} | {row['failed']} |"
        )
    return "\n".join(lines) + "\n"


def plot(rows: list[dict], out: Path) -> None:
    """Images a second over concurrency, one line for each driver, RPC and payload."""
    from training.plots.canvas import COLOURS, figure

    series: dict[tuple[str, str, str], list[dict]] = {}
    for row in rows:
        # Calls without an image are another scale.
        if row["payload"] != "none":
            series.setdefault((row["driver"], row["rpc"], row["payload"]), []).append(row)
    drivers = sorted({driver for driver, _, _ in series})
    with figure(out, 1, len(drivers), 5.5 * len(drivers), 4.2) as axes:
        for drawing, driver in zip(axes[0], drivers):
            mine = {key: points for key, points in series.items() if key[0] == driver}
            for index, ((_, rpc, payload), points) in enumerate(mine.items()):
                drawing.plot(
                    [point["concurrency"] for point in points],
                    [point["images_per_second"] for point in points],
                    marker="o",
                    linestyle="-" if payload == "png" else "--",
                    color=COLOURS[index // 2 % len(COLOURS)],
                    label=f"{rpc}, {payload}",
                )
            drawing.set(title=driver, xlabel="concurrency", ylabel="images a second", ylim=(0, None), xscale="log")
            drawing.legend(fontsize="small")
            drawing.grid(alpha=0.3)


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"

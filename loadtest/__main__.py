"""Loads the server with a matrix of RPCs, payloads and concurrency, and writes a table and a plot.

    dotnet build YMaskNet.Grpc.sln -c Release
    python3 -m loadtest --out out/loadtest

It starts a server of its own on the shipped models. The driver is ghz, or ymasknet-load where ghz is not installed; h2load
runs beside it where it is.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from loadtest import report, requests
from loadtest.drivers import Point, choose
from perf.measuring.__main__ import machine
from perf.measuring.processes import ROOT, serve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "out/loadtest")
    parser.add_argument("--rpcs", nargs="+", choices=requests.RPCS, default=list(requests.RPCS))
    parser.add_argument("--payloads", nargs="+", choices=requests.PAYLOADS, default=requests.PAYLOADS)
    parser.add_argument("--concurrency", nargs="+", type=int, default=[1, 4, 16])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--model", default="pcb-ymasknet")
    arguments = parser.parse_args()

    folder = arguments.out / "requests"
    requests.write(folder)
    points = [
        Point(rpc, payload, concurrency)
        for rpc in (requests.RPCS[name] for name in arguments.rpcs)
        for payload in rpc.payloads
        if payload in (*arguments.payloads, "none")
        for concurrency in arguments.concurrency
    ]
    rows = []
    # Room for all that the drivers have in hand: what is measured is how fast the server is, not whom it refuses.
    room = ["--queue-capacity", "4096", "--max-boards", "64"]
    with serve(ROOT / "models", "--default-model", arguments.model, *room) as server:
        address = server.address.removeprefix("http://")
        for driver in choose():
            for point in filter(driver.runs, points):
                figures = driver.run(address, folder, point, arguments.seconds)
                row = {"rpc": point.rpc.name, "payload": point.payload, "concurrency": point.concurrency}
                rows.append({"driver": driver.name, **row, **asdict(figures)})
                print(rows[-1], flush=True)

    text = report.table(rows)
    (arguments.out / "figures.json").write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")
    (arguments.out / "table.md").write_text(text)
    report.plot(rows, arguments.out / "plot.png")


if __name__ == "__main__":
    main()

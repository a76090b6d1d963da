"""The commands and their arguments."""

from __future__ import annotations

import argparse
import sys
from typing import Optional, Sequence

import grpc

from ymasknet.cli import commands
from ymasknet.client import DEFAULT_ADDRESS, Client
from ymasknet.connection import Tls
from ymasknet.errors import InspectionError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_UNREACHABLE = 3
EXIT_INTERRUPTED = 130


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs a command. Gives the exit code: 0, 1 when something could not be inspected, 2 for the command line, 3 when there is
    no server, 130 when interrupted."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    try:
        client = Client(
            parsed.server, tls=Tls(root_certificates=parsed.root_certificates) if parsed.root_certificates else None
        )
    except (ValueError, OSError) as error:
        parser.error(str(error))
    with client:
        try:
            return 0 if parsed.command(client, parsed) else EXIT_FAILED
        except InspectionError as error:
            print(f"ymasknet: {error}", file=sys.stderr)
            return EXIT_UNREACHABLE if error.status is grpc.StatusCode.UNAVAILABLE else EXIT_FAILED
        except OSError as error:
            print(f"ymasknet: {error}", file=sys.stderr)
            return EXIT_FAILED
        except KeyboardInterrupt:
            return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m ymasknet", description="Inspects images with a YMaskNet server.")
    commands_parser = parser.add_subparsers(required=True, metavar="COMMAND")

    inspect = commands_parser.add_parser("inspect", help="inspect images and show what was found")
    inspect.add_argument("images", nargs="+", metavar="IMAGE", help="JPEG, PNG, TIFF, WebP or BMP files")
    _add_options(inspect, commands.inspect)

    board = commands_parser.add_parser("board", help="inspect a whole board in tiles at full resolution")
    board.add_argument("image", metavar="IMAGE", help="a JPEG, PNG, TIFF, WebP or BMP file")
    board.add_argument("--overlap", type=int, help="pixels that tiles overlap; default: the model's")
    _add_options(board, commands.board)

    models = commands_parser.add_parser("models", help="describe what the server holds")
    _add_connection(models)
    models.set_defaults(command=commands.models)
    return parser


def _add_options(parser: argparse.ArgumentParser, command: object) -> None:
    _add_connection(parser)
    parser.add_argument("--model", default="", metavar="NAME[/VERSION]", help="default: the server's")
    parser.add_argument(
        "--task",
        choices=list(commands.TASKS),
        help="boxes alone, the whole image with a semantic model, or boxes and outlines; "
        "default: the most that the model can do without boxes of yours",
    )
    parser.add_argument(
        "--min-score", type=float, help="leave out defects below this score, 0 to 1; default: the model's"
    )
    parser.add_argument(
        "--nms-iou", type=float, help="suppress boxes that overlap a better one by more, 0 to 1; default: the model's"
    )
    parser.add_argument("--max-defects", type=int, help="at most this many defects; default: the model's")
    parser.add_argument("--json", metavar="FILE", help="write one JSON object per image and line; - is standard output")
    parser.set_defaults(command=command)


def _add_connection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", default=DEFAULT_ADDRESS, metavar="ADDRESS", help="default: %(default)s")
    parser.add_argument("--root-certificates", metavar="FILE", help="PEM file of whom to believe, for https")

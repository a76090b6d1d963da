"""Which pictures may show the same tile, and which tiles are held out.

The annotation file puts look-alikes into groups, but leaves some pictures of one tile in several. Each tile was taken
at six exposures in a row, and the file names tell the exposure and a number that rises with time; so pictures whose
exposures rise within a short stretch of numbers belong together too.
"""

import hashlib
import re
from collections import Counter, defaultdict

HOLDOUT_SHARE = 0.15
SERIES_GAP = 100
"""Largest step of the number from one exposure of a tile to the next."""

_NAME = re.compile(r"exp(?P<exposure>\d+)_num_(?P<number>\d+)")


def series(names: list[str]) -> dict[str, int]:
    """The number of the row of exposures by file name; names of another form are rows of their own."""
    result: dict[str, int] = {}
    last_number, last_exposure, row = 0, 0, -1
    for number, exposure, name in sorted((*_shot(name), name) for name in names):
        goes_on = 0 < last_exposure < exposure and number - last_number <= SERIES_GAP
        row += not goes_on
        result[name] = row
        last_number, last_exposure = number, exposure
    return result


def families(entries: list[dict]) -> dict[str, str]:
    """The family by file name: what shares a group or a row of exposures, directly or through others.

    A family is named after its first picture in alphabetical order.
    """
    row_of = series([entry["image"] for entry in entries])
    parents: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while (parent := parents.setdefault(node, node)) != node:
            node = parent
        return node

    for entry in entries:
        parents[root(("group", entry["group"]))] = root(("row", row_of[entry["image"]]))
    members = defaultdict(list)
    for entry in entries:
        members[root(("group", entry["group"]))].append(entry["image"])
    return {name: min(names) for names in members.values() for name in names}


def held_out(entries: list[dict], family_of: dict[str, str]) -> set[str]:
    """Families to hold out: of each kind of tile about 15 %, but one at least, the first by a hash of their names.

    A family with tiles of several kinds counts for the kind that is rarest in the whole set.
    """
    pictures = Counter(entry["cls"] for entry in entries)
    kind_of: dict[str, str] = {}
    for entry in entries:
        family = family_of[entry["image"]]
        kind_of[family] = min(entry["cls"], kind_of.get(family, entry["cls"]), key=lambda kind: (pictures[kind], kind))
    by_kind = defaultdict(list)
    for family, kind in kind_of.items():
        by_kind[kind].append(family)
    result = set()
    for of_kind in by_kind.values():
        of_kind.sort(key=lambda family: hashlib.sha256(family.encode()).digest())
        result.update(of_kind[: max(1, round(HOLDOUT_SHARE * len(of_kind)))])
    return result


def _shot(name: str) -> tuple[int, int]:
    """Number and exposure of a picture; 0 where its name does not tell."""
    match = _NAME.search(name)
    return (int(match["number"]), int(match["exposure"])) if match else (0, 0)

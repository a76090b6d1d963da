"""Finds ways for traces on a grid: straight runs with 45-degree bends, as a board designer draws them."""

import heapq

import numpy as np

GRID = 8
"""Pixels between grid lines."""
STEPS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
"""The eight directions as (x, y) grid steps, each 45 degrees from the next."""
STRAIGHT_COST, DIAGONAL_COST, BEND_COST = 5, 7, 6
"""Whole numbers, so that ways do not depend on how a machine rounds."""
MOST_VISITED = 30000
"""States after which a search gives up."""


def find_way(free: np.ndarray, start: tuple[int, int], goals: np.ndarray) -> list[tuple[int, int]] | None:
    """The cheapest way from `start` to any goal through free nodes, as its corners, or None.

    free, goals: bool [N, N], row y and column x. Points are (x, y) nodes. A way turns by 45 degrees at a time.
    """
    goal_rows, goal_columns = np.nonzero(goals)
    if len(goal_rows) == 0:
        return None
    top, bottom = int(goal_rows.min()), int(goal_rows.max())
    left, right = int(goal_columns.min()), int(goal_columns.max())

    def least_cost(x: int, y: int) -> int:
        if len(goal_rows) > 1:
            # Goals along the border surround the start, so their frame says nothing.
            return 0
        across = max(left - x, x - right, 0)
        down = max(top - y, y - bottom, 0)
        return STRAIGHT_COST * max(across, down) + (DIAGONAL_COST - STRAIGHT_COST) * min(across, down)

    height, width = free.shape
    is_free, is_goal = free.tolist(), goals.tolist()
    queue = [(least_cost(*start), 0, start[0], start[1], heading) for heading in range(8)]
    cheapest = {(start[0], start[1], heading): 0 for heading in range(8)}
    came_from: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    visited = 0
    while queue and visited < MOST_VISITED:
        _, cost, x, y, heading = heapq.heappop(queue)
        state = (x, y, heading)
        if cost > cheapest[state]:
            continue
        visited += 1
        if is_goal[y][x]:
            return _corners(state, came_from)
        for turn in (0, -1, 1):
            next_heading = (heading + turn) % 8
            step_x, step_y = STEPS[next_heading]
            next_x, next_y = x + step_x, y + step_y
            if not (0 <= next_x < width and 0 <= next_y < height and is_free[next_y][next_x]):
                continue
            step = DIAGONAL_COST if step_x and step_y else STRAIGHT_COST
            next_cost = cost + step + (BEND_COST if turn else 0)
            next_state = (next_x, next_y, next_heading)
            if next_cost < cheapest.get(next_state, 1 << 30):
                cheapest[next_state] = next_cost
                came_from[next_state] = state
                heapq.heappush(queue, (next_cost + least_cost(next_x, next_y), next_cost, *next_state))
    return None


def _corners(state: tuple[int, int, int], came_from: dict) -> list[tuple[int, int]]:
    way = [state]
    while state in came_from:
        state = came_from[state]
        way.append(state)
    way.reverse()
    inner = [here[:2] for here, after in zip(way[1:], way[2:]) if after[2] != here[2]]
    return [way[0][:2], *inner, way[-1][:2]]

// Inspecting a board.
#pragma once

#include "connection.h"
#include "ymasknet/board.h"

namespace ymasknet {

/// Sends a board and waits for its answer, again where that helps.
/// @throws Error, and what the board's source throws.
BoardResult InspectBoard(Connection& connection, const Board& board, const BoardOptions& options,
                         const CallOptions& call);

}  // namespace ymasknet

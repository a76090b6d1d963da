// Where a board's pieces come from.
#pragma once

#include <cstdint>
#include <memory>

#include "ymasknet/board.h"
#include "ymasknet/v1/board_service.pb.h"

namespace ymasknet {

/// A board that is being sent.
class BoardPieces {
  public:
    virtual ~BoardPieces() = default;

    /// Says in the opening what will come.
    virtual void Describe(v1::BoardOpening& opening) const = 0;

    /// Number of the field of InspectBoardRequest that pieces go into.
    virtual int field() const noexcept = 0;

    /// Length of all pieces, as the opening says it. Unit: bytes.
    virtual std::uint64_t total_bytes() const noexcept = 0;

    /// The next piece, in memory with an owner; without bytes after the last one.
    virtual Buffer Next() = 0;
};

/// Where a board comes from: strips of the caller's, a buffer, a file.
class BoardSource {
  public:
    virtual ~BoardSource() = default;

    /// Whether the board can be sent more than once.
    virtual bool is_repeatable() const noexcept { return true; }

    /// Starts from the first piece.
    virtual std::unique_ptr<BoardPieces> Open() const = 0;
};

/// The library's way to a board's source.
class BoardAccess {
  public:
    static const BoardSource& SourceOf(const Board& board) { return *board.source_; }
};

}  // namespace ymasknet

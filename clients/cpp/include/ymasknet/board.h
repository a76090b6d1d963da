/// @file
/// Boards: images too large for one message, as line-scan cameras make them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ymasknet/buffer.h"
#include "ymasknet/export.h"
#include "ymasknet/image.h"
#include "ymasknet/options.h"
#include "ymasknet/results.h"

namespace ymasknet {

class BoardSource;

/// A board to inspect: rows of pixels as a line-scan camera gives them, or a file. It is drawn from its source piece by
/// piece while it is sent, and no faster than the server takes it.
class YMASKNET_EXPORT Board {
  public:
    /// Gives the next rows: one whole row or several, top row first, without padding. A view must stay as it is until
    /// the function is called again; it is copied once, memory with an owner is not. No bytes: there are no more rows.
    /// While the function waits for its camera, nothing notices that the call has ended: let it give up in time.
    using StripSource = std::function<Buffer()>;

    /// Takes rows as they come. The source is called on the thread that called Client::InspectBoard; what it throws
    /// ends the call and comes out of it unchanged. Since its rows can't be drawn twice, such a board is sent once: a
    /// call that fails is not made again, and the board is of no further use.
    /// @param format Layout of a pixel.
    /// @param width Unit: pixels. Range: at least 1.
    /// @param height Unit: pixels. Range: at least 1.
    /// @param next Called until it has given all rows.
    /// @throws Error `PIXEL_FORMAT_UNKNOWN`, `RAW_DIMENSIONS_OUT_OF_RANGE`.
    static Board FromStrips(PixelFormat format, std::uint32_t width, std::uint32_t height, StripSource next);

    /// Takes the pixels of a whole board from memory. A view must stay as it is until Client::InspectBoard returns;
    /// about a mebibyte of it is copied at a time. Memory with an owner is not copied, but for rows with padding.
    /// @param pixels,format,width,height,stride As in Image::Raw.
    /// @throws Error As Image::Raw.
    static Board FromPixels(Buffer pixels, PixelFormat format, std::uint32_t width, std::uint32_t height,
                            std::uint32_t stride = 0);

    /// Takes a JPEG, PNG, TIFF, WebP or BMP file, which is read while it is sent. The server recognises the format by
    /// its signature.
    /// @param path The file; opened by Client::InspectBoard, which throws `FILE_UNREADABLE`.
    static Board FromFile(std::string path);

  private:
    friend class BoardAccess;

    explicit Board(std::shared_ptr<const BoardSource> source) noexcept;

    std::shared_ptr<const BoardSource> source_;
};

/// What to do with a board.
struct BoardOptions {
    /// A board for a task; the rest is optional.
    explicit BoardOptions(Task board_task) : task(board_task) {}

    /// Task::Detect or Task::DetectAndSegment, or with a semantic model Task::Segment.
    Task task;
    /// Model, filters and whether to return masks; max_defects is of the whole board, default 1,000. Filters are
    /// refused for Task::Segment.
    InspectionOptions inspection;
    /// How far neighbouring tiles of a detecting model overlap. Unit: pixels. Range: from the model's own value to less
    /// than half a tile's smaller side.
    std::optional<std::uint32_t> overlap;
    /// Told how many bytes of how many have been handed to gRPC, on the thread that called Client::InspectBoard. What
    /// it throws ends the call and comes out of it.
    std::function<void(std::uint64_t sent_bytes, std::uint64_t total_bytes)> progress;
};

/// How a board was cut into tiles.
struct BoardTiling {
    /// Number of tiles.
    std::uint32_t tile_count = 0;
    /// Size of a tile.
    ImageSize tile_size;
    /// How far neighbouring tiles overlap. Unit: pixels. 0 where there is one tile.
    std::uint32_t overlap = 0;
};

/// Answer of Client::InspectBoard.
struct BoardResult {
    /// In board pixels, highest score first. What lies on the seams of tiles is one defect.
    std::vector<Defect> defects;
    /// Task::Segment: the connected regions of the whole board, by class id, then by area, largest first.
    std::vector<Region> regions;
    /// Size of the board.
    ImageSize image_size;
    /// The model that made the answer.
    ModelReference model;
    /// What ran; times of stages are sums over all tiles.
    Execution execution;
    /// How the board was cut.
    BoardTiling tiling;
};

}  // namespace ymasknet

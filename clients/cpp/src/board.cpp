#include "ymasknet/board.h"

#include <algorithm>
#include <utility>

#include "board_source.h"
#include "failure.h"
#include "file_reader.h"
#include "pixel_rows.h"
#include "requests.h"
#include "uninitialised_bytes.h"

namespace ymasknet {
namespace {

// Large enough to cost nothing by their number, small enough that a server takes them by default.
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

/// What is known of a raw board before its rows come.
struct RawForm {
    PixelFormat format;
    std::uint32_t width;
    std::uint32_t height;

    std::size_t row_bytes() const noexcept { return std::size_t{width} * BytesPerPixel(format); }
    std::size_t rows_in_piece() const noexcept { return std::max<std::size_t>(1, kPieceBytes / row_bytes()); }
};

class RawPieces : public BoardPieces {
  public:
    explicit RawPieces(RawForm form) : form_(form) {}

    void Describe(v1::BoardOpening& opening) const override {
        v1::RawBoard& raw = *opening.mutable_raw();
        raw.set_pixel_format(static_cast<v1::PixelFormat>(form_.format));
        raw.set_width(form_.width);
        raw.set_height(form_.height);
    }
    int field() const noexcept override { return v1::InspectBoardRequest::kRowsFieldNumber; }
    std::uint64_t total_bytes() const noexcept override { return std::uint64_t{form_.row_bytes()} * form_.height; }

  protected:
    const RawForm& form() const noexcept { return form_; }

  private:
    RawForm form_;
};

/// Strips of the caller's, the larger ones in several pieces of whole rows.
class StripPieces final : public RawPieces {
  public:
    StripPieces(RawForm form, const Board::StripSource& next) : RawPieces(form), next_(next) {}

    Buffer Next() override {
        if (strip_.empty()) {
            if (drawn_ >= total_bytes())
                return {};
            strip_ = next_();
            drawn_ += strip_.size();
        }
        const std::size_t size = std::min(strip_.size(), form().rows_in_piece() * form().row_bytes());
        const Buffer piece = strip_.Part(0, size);
        strip_ = strip_.Part(size, strip_.size() - size);
        return piece.empty() ? piece : Owned(piece);
    }

  private:
    const Board::StripSource& next_;
    Buffer strip_;
    std::uint64_t drawn_ = 0;
};

class StripBoard final : public BoardSource {
  public:
    StripBoard(RawForm form, Board::StripSource next) : form_(form), next_(std::move(next)) {}

    bool is_repeatable() const noexcept override { return false; }
    std::unique_ptr<BoardPieces> Open() const override { return std::make_unique<StripPieces>(form_, next_); }

  private:
    RawForm form_;
    Board::StripSource next_;
};

/// Rows of a buffer.
class PixelPieces final : public RawPieces {
  public:
    PixelPieces(RawForm form, const Buffer& pixels, RowLayout layout)
        : RawPieces(form), pixels_(pixels), layout_(layout) {}

    Buffer Next() override {
        const auto rows =
            static_cast<std::uint32_t>(std::min<std::size_t>(form().rows_in_piece(), layout_.height - row_));
        const std::uint32_t first = std::exchange(row_, row_ + rows);
        if (rows == 0)
            return {};
        const bool in_place = pixels_.owner() != nullptr && layout_.stride == layout_.row_bytes;
        return in_place ? pixels_.Part(first * form().row_bytes(), rows * form().row_bytes())
                        : PackRows(pixels_, layout_, first, rows);
    }

  private:
    const Buffer& pixels_;
    RowLayout layout_;
    std::uint32_t row_ = 0;
};

class PixelBoard final : public BoardSource {
  public:
    PixelBoard(RawForm form, Buffer pixels, RowLayout layout)
        : form_(form), pixels_(std::move(pixels)), layout_(layout) {}

    std::unique_ptr<BoardPieces> Open() const override {
        return std::make_unique<PixelPieces>(form_, pixels_, layout_);
    }

  private:
    RawForm form_;
    Buffer pixels_;
    RowLayout layout_;
};

class FilePieces final : public BoardPieces {
  public:
    explicit FilePieces(const std::string& path) : file_(path), rest_(file_.size()) {}

    void Describe(v1::BoardOpening& opening) const override { opening.mutable_encoded()->set_size_bytes(file_.size()); }
    int field() const noexcept override { return v1::InspectBoardRequest::kFilePieceFieldNumber; }
    std::uint64_t total_bytes() const noexcept override { return file_.size(); }

    Buffer Next() override {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(rest_, kPieceBytes));
        const std::shared_ptr<std::byte[]> bytes = UninitialisedBytes(size);
        file_.Read(bytes.get(), size);
        rest_ -= size;
        return Buffer::Shared(bytes, bytes.get(), size);
    }

  private:
    FileReader file_;
    std::uint64_t rest_;
};

class FileBoard final : public BoardSource {
  public:
    explicit FileBoard(std::string path) : path_(std::move(path)) {}

    std::unique_ptr<BoardPieces> Open() const override { return std::make_unique<FilePieces>(path_); }

  private:
    std::string path_;
};

}  // namespace

Board::Board(std::shared_ptr<const BoardSource> source) noexcept : source_(std::move(source)) {}

Board Board::FromStrips(PixelFormat format, std::uint32_t width, std::uint32_t height, StripSource next) {
    CheckForm(format, width, height, "opening.raw");
    return Board(std::make_shared<StripBoard>(RawForm{format, width, height}, std::move(next)));
}

Board Board::FromPixels(Buffer pixels, PixelFormat format, std::uint32_t width, std::uint32_t height,
                        std::uint32_t stride) {
    const RowLayout layout = CheckRows(pixels, format, width, height, stride, "opening.raw");
    return Board(std::make_shared<PixelBoard>(RawForm{format, width, height}, std::move(pixels), layout));
}

Board Board::FromFile(std::string path) {
    return Board(std::make_shared<FileBoard>(std::move(path)));
}

}  // namespace ymasknet

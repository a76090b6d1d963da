// Reads files, whole or piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace ymasknet {

/// A file that is read from its start to its end.
class FileReader {
  public:
    /// @throws Error `FILE_UNREADABLE`.
    explicit FileReader(std::string path);

    /// Length when it was opened. Unit: bytes.
    std::uint64_t size() const noexcept { return size_; }

    /// Fills `size` bytes from where the last reading ended.
    /// @throws Error `FILE_UNREADABLE`, also when the file ends before.
    void Read(std::byte* bytes, std::size_t size);

  private:
    struct Closer {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };

    std::string path_;
    std::unique_ptr<std::FILE, Closer> file_;
    std::uint64_t size_ = 0;
};

}  // namespace ymasknet

#include "ymasknet/buffer.h"

#include "file_reader.h"
#include "uninitialised_bytes.h"

namespace ymasknet {

Buffer Buffer::FromFile(const std::string& path) {
    FileReader file(path);
    const auto size = static_cast<std::size_t>(file.size());
    const std::shared_ptr<std::byte[]> bytes = UninitialisedBytes(size);
    file.Read(bytes.get(), size);
    return Shared(bytes, bytes.get(), size);
}

}  // namespace ymasknet

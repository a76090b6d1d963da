#include "file_reader.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "failure.h"

namespace ymasknet {
namespace {

Error Unreadable(const std::string& path, int error) {
    const StatusCode code = error == ENOENT || error == ENOTDIR ? StatusCode::NotFound
                            : error == EACCES || error == EPERM ? StatusCode::PermissionDenied
                                                                : StatusCode::Internal;
    return Failure(code, "FILE_UNREADABLE", path + ": " + std::generic_category().message(error));
}

}  // namespace

FileReader::FileReader(std::string path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "rb")) {
    if (!file_)
        throw Unreadable(path_, errno);

    struct stat status = {};
    if (::fstat(::fileno(file_.get()), &status) != 0)
        throw Unreadable(path_, errno);
    if (S_ISDIR(status.st_mode))
        throw Unreadable(path_, EISDIR);
    size_ = static_cast<std::uint64_t>(status.st_size);
}

void FileReader::Read(std::byte* bytes, std::size_t size) {
    if (std::fread(bytes, 1, size, file_.get()) == size)
        return;
    if (std::ferror(file_.get()) != 0)
        throw Unreadable(path_, errno);
    throw Failure(StatusCode::Internal, "FILE_UNREADABLE", path_ + ": the file has become shorter while it was read");
}

}  // namespace ymasknet

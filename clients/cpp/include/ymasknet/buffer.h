/// @file
/// Memory that a call sends.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "ymasknet/export.h"

namespace ymasknet {

class Buffer;

namespace internal {

template <class T>
using ElementOf = std::remove_cv_t<std::remove_pointer_t<decltype(std::data(std::declval<const T&>()))>>;

template <class T, class = void>
struct IsContiguous : std::false_type {};

template <class T>
struct IsContiguous<T, std::void_t<ElementOf<T>, decltype(std::size(std::declval<const T&>()))>>
    : std::bool_constant<std::is_trivially_copyable_v<ElementOf<T>> && !std::is_same_v<std::remove_cv_t<T>, Buffer>> {};

}  // namespace internal

/// Memory that a call sends: a view of the caller's memory, or memory with an owner.
///
/// - **A view** belongs to the caller and must stay as it is until the call that takes it returns: `Client::Detect` and
/// its
///   siblings, `Session::Send`. It is copied once, into the memory that gRPC sends from, since gRPC may go on reading
///   it after a call that has failed.
/// - **Memory with an owner** is not copied: gRPC reads it in place, and lets the owner go when it has been sent. Give
/// a
///   camera's buffer an owner whose deleter hands it back to the camera. The deleter runs on any thread, gRPC's own
///   among them; it must not throw, and should do no more than hand the memory back.
///
/// A buffer is a handle; copying it copies no memory. Different threads may use different copies.
class YMASKNET_EXPORT Buffer {
  public:
    /// No bytes.
    Buffer() = default;

    /// A view of `size` bytes from `data` on.
    Buffer(const void* data, std::size_t size) noexcept : data_(static_cast<const std::byte*>(data)), size_(size) {}

    /// A view of all elements of a vector, an array or a string; a string literal counts with its terminating zero.
    template <class Container, class = std::enable_if_t<internal::IsContiguous<Container>::value>>
    Buffer(const Container& container) noexcept  // NOLINT(google-explicit-constructor): a container is a buffer
        : Buffer(std::data(container), std::size(container) * sizeof(internal::ElementOf<Container>)) {}

    /// A temporary's memory would be gone before it is sent: use Shared().
    template <class Container, class = std::enable_if_t<!std::is_lvalue_reference_v<Container> &&
                                                        internal::IsContiguous<Container>::value>>
    Buffer(Container&&) = delete;

    /// Memory that lives as long as `owner`.
    /// @param owner Kept until the memory is of no further use; its deleter must not throw.
    /// @param data The first byte; nobody may write to the memory while the owner is kept.
    /// @param size Unit: bytes.
    static Buffer Shared(std::shared_ptr<const void> owner, const void* data, std::size_t size) noexcept {
        Buffer buffer(data, size);
        buffer.owner_ = std::move(owner);
        return buffer;
    }

    /// All elements of a vector, an array or a string, which the buffer keeps.
    template <class Container, class = std::enable_if_t<internal::IsContiguous<Container>::value>>
    static Buffer Shared(std::shared_ptr<Container> container) noexcept {
        const Container& elements = *container;
        return Shared(std::shared_ptr<const void>(std::move(container)), std::data(elements),
                      std::size(elements) * sizeof(internal::ElementOf<Container>));
    }

    /// The bytes of a file, read now, and owned.
    /// @param path The file.
    /// @throws Error `FILE_UNREADABLE`.
    static Buffer FromFile(const std::string& path);

    /// The first byte; null only where there are no bytes.
    const std::byte* data() const noexcept { return data_; }

    /// Unit: bytes.
    std::size_t size() const noexcept { return size_; }

    /// Whether there are no bytes.
    bool empty() const noexcept { return size_ == 0; }

    /// The owner; null for a view.
    const std::shared_ptr<const void>& owner() const noexcept { return owner_; }

    /// A part of the buffer, with the same owner.
    /// @param offset Unit: bytes. Range: at most size().
    /// @param size Unit: bytes. Range: at most size() - `offset`.
    Buffer Part(std::size_t offset, std::size_t size) const noexcept {
        Buffer part = *this;
        part.data_ += offset;
        part.size_ = size;
        return part;
    }

  private:
    const std::byte* data_ = nullptr;
    std::size_t size_ = 0;
    std::shared_ptr<const void> owner_;
};

}  // namespace ymasknet

// Copies and fills, at once and in a stream's order.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <vector>

#include "call.h"

using namespace standin;

namespace {

std::string text(uint64_t address, size_t bytes) {
  char start[32];
  snprintf(start, sizeof start, "0x%zx", static_cast<size_t>(address));
  return std::to_string(bytes) + " bytes at " + start;
}

void* check_device_range(const Context& context, uint64_t address, size_t bytes) {
  void* const start = reinterpret_cast<void*>(address);
  if (!context.device_memory.contains(start, bytes))
    throw Refusal(Status::InvalidValue, text(address, bytes) + " do not lie in one allocation of device memory");
  return start;
}

// Whether a range of the host is pinned. Throws a Refusal for one that goes beyond a pinned allocation.
bool check_host_range(const Context& context, const void* start, size_t bytes) {
  required(static_cast<const char*>(start), "the host's address");
  if (!context.pinned_memory.holds(start))
    return false;
  if (!context.pinned_memory.contains(start, bytes)) {
    throw Refusal(Status::InvalidValue,
                  text(reinterpret_cast<uint64_t>(start), bytes) + " go beyond the end of a pinned allocation");
  }

  return true;
}

void copy_to_device(Context& context, uint64_t to, const void* from, size_t bytes, const std::shared_ptr<Queue>& queue) {
  if (bytes == 0)
    return;
  void* const target = check_device_range(context, to, bytes);
  if (check_host_range(context, from, bytes)) {
    context.enqueue(queue, [=] { memcpy(target, from, bytes); });
    return;
  }

  // A driver has taken pageable memory into a buffer of its own before it returns.
  const char* const first = static_cast<const char*>(from);
  const auto staged = std::make_shared<std::vector<char>>(first, first + bytes);
  context.enqueue(queue, [=] { memcpy(target, staged->data(), bytes); });
}

void copy_to_host(Context& context, void* to, uint64_t from, size_t bytes, const std::shared_ptr<Queue>& queue) {
  if (bytes == 0)
    return;
  const void* const source = check_device_range(context, from, bytes);
  const bool is_pinned = check_host_range(context, to, bytes);
  context.enqueue(queue, [=] { memcpy(to, source, bytes); });

  // A driver returns from a copy to pageable memory when it is done.
  if (!is_pinned)
    context.finish(*queue);
}

void copy_on_device(Context& context, uint64_t to, uint64_t from, size_t bytes, const std::shared_ptr<Queue>& queue) {
  if (bytes == 0)
    return;
  void* const target = check_device_range(context, to, bytes);
  const void* const source = check_device_range(context, from, bytes);
  context.enqueue(queue, [=] { memmove(target, source, bytes); });
}

template <class Element>
void fill(Context& context, uint64_t to, Element value, size_t count, const std::shared_ptr<Queue>& queue) {
  if (count == 0)
    return;
  if (to % sizeof(Element) != 0 || count > SIZE_MAX / sizeof(Element))
    throw Refusal(Status::InvalidValue, "the address is not aligned to the element, or there are too many elements");
  Element* const target = static_cast<Element*>(check_device_range(context, to, count * sizeof(Element)));
  context.enqueue(queue, [=] {
    for (size_t index = 0; index < count; index++)
      target[index] = value;
  });
}

// A call without a stream: on the default stream, and done when it returns.
template <class Body>
Status synchronous(const char* function, Body body) noexcept {
  return context_call(function, [&](Context& context) {
    const std::shared_ptr<Queue> queue = context.queue(nullptr);
    body(context, queue);
    context.finish(*queue);
  });
}

}  // namespace

STANDIN_ENTRY cuMemcpyHtoD_v2(uint64_t to, const void* from, size_t bytes) {
  return synchronous("cuMemcpyHtoD_v2", [&](Context& context, auto& queue) { copy_to_device(context, to, from, bytes, queue); });
}

STANDIN_ENTRY cuMemcpyDtoH_v2(void* to, uint64_t from, size_t bytes) {
  return synchronous("cuMemcpyDtoH_v2", [&](Context& context, auto& queue) { copy_to_host(context, to, from, bytes, queue); });
}

STANDIN_ENTRY cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) {
  return synchronous("cuMemcpyDtoD_v2", [&](Context& context, auto& queue) { copy_on_device(context, to, from, bytes, queue); });
}

STANDIN_ENTRY cuMemsetD8_v2(uint64_t to, unsigned char value, size_t count) {
  return synchronous("cuMemsetD8_v2", [&](Context& context, auto& queue) { fill(context, to, value, count, queue); });
}

STANDIN_ENTRY cuMemsetD32_v2(uint64_t to, unsigned value, size_t count) {
  return synchronous("cuMemsetD32_v2", [&](Context& context, auto& queue) { fill(context, to, value, count, queue); });
}

STANDIN_ENTRY cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, void* stream) {
  return context_call("cuMemcpyHtoDAsync_v2",
                      [&](Context& context) { copy_to_device(context, to, from, bytes, context.queue(stream)); });
}

STANDIN_ENTRY cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, void* stream) {
  return context_call("cuMemcpyDtoHAsync_v2",
                      [&](Context& context) { copy_to_host(context, to, from, bytes, context.queue(stream)); });
}

STANDIN_ENTRY cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
  return context_call("cuMemcpyDtoDAsync_v2",
                      [&](Context& context) { copy_on_device(context, to, from, bytes, context.queue(stream)); });
}

STANDIN_ENTRY cuMemsetD8Async(uint64_t to, unsigned char value, size_t count, void* stream) {
  return context_call("cuMemsetD8Async", [&](Context& context) { fill(context, to, value, count, context.queue(stream)); });
}

STANDIN_ENTRY cuMemsetD32Async(uint64_t to, unsigned value, size_t count, void* stream) {
  return context_call("cuMemsetD32Async", [&](Context& context) { fill(context, to, value, count, context.queue(stream)); });
}

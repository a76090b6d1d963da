// Device memory and pinned host memory.
#include "call.h"
#include "settings.h"

using namespace standin;

namespace {

void* pointer_of(uint64_t address) { return reinterpret_cast<void*>(address); }

void allocate_pinned(Context& context, void** pointer, size_t bytes) {
  required(pointer, "pointer");
  if (bytes == 0)
    throw Refusal(Status::InvalidValue, "0 bytes were asked for");
  void* const memory = context.pinned_memory.allocate(bytes);
  if (memory == nullptr)
    throw Refusal(Status::OutOfMemory, "the system has no " + std::to_string(bytes) + " bytes for pinned memory");
  *pointer = memory;
}

}  // namespace

STANDIN_ENTRY cuMemGetInfo_v2(size_t* free, size_t* total) {
  return context_call("cuMemGetInfo_v2", [&](Context& context) {
    required(free, "free") = settings().memory_bytes - context.device_memory.bytes();
    required(total, "total") = settings().memory_bytes;
  });
}

STANDIN_ENTRY cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  return context_call("cuMemAlloc_v2", [&](Context& context) {
    required(address, "address");
    if (bytes == 0)
      throw Refusal(Status::InvalidValue, "0 bytes were asked for");
    const uint64_t free = settings().memory_bytes - context.device_memory.bytes();
    void* const memory = bytes <= free ? context.device_memory.allocate(bytes) : nullptr;
    if (memory == nullptr) {
      throw Refusal(Status::OutOfMemory, std::to_string(bytes) + " bytes were asked for; " + std::to_string(free) + " of "
                                             + std::to_string(settings().memory_bytes) + " are free");
    }

    *address = reinterpret_cast<uint64_t>(memory);
  });
}

// A driver's own cuMemFree waits for everything, too.
STANDIN_ENTRY cuMemFree_v2(uint64_t address) {
  return context_call("cuMemFree_v2", [&](Context& context) {
    context.finish_all();
    if (!context.device_memory.release(pointer_of(address)))
      throw Refusal(Status::InvalidValue, "the address is not the start of an allocation of the current context");
  });
}

STANDIN_ENTRY cuMemAllocHost_v2(void** pointer, size_t bytes) {
  return context_call("cuMemAllocHost_v2", [&](Context& context) { allocate_pinned(context, pointer, bytes); });
}

STANDIN_ENTRY cuMemHostAlloc(void** pointer, size_t bytes, unsigned flags) {
  return context_call("cuMemHostAlloc", [&](Context& context) {
    if (flags > 7)
      throw Refusal(Status::InvalidValue, "there are no flags " + std::to_string(flags));
    allocate_pinned(context, pointer, bytes);
  });
}

STANDIN_ENTRY cuMemFreeHost(void* pointer) {
  return context_call("cuMemFreeHost", [&](Context& context) {
    context.finish_all();
    if (!context.pinned_memory.release(pointer))
      throw Refusal(Status::InvalidValue, "the address is not the start of a pinned allocation of the current context");
  });
}

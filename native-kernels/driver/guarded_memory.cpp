#include "guarded_memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace standin {

namespace {

constexpr size_t Alignment = 256;
constexpr unsigned char Poison = 0xff;

size_t page_bytes() {
  static const size_t bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

size_t round_up(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

// What is freed keeps its addresses, so that no later allocation hides a late use; only its pages go back.
void retire(void* mapping, size_t bytes) {
  madvise(mapping, bytes, MADV_DONTNEED);
  mprotect(mapping, bytes, PROT_NONE);
}

size_t first_changed(const unsigned char* bytes, size_t count) {
  for (size_t index = 0; index < count; index++) {
    if (bytes[index] != Poison)
      return index;
  }

  return count;
}

std::string text(uintptr_t start, size_t bytes) {
  char address[32];
  snprintf(address, sizeof address, "0x%zx", static_cast<size_t>(start));
  return "the allocation of " + std::to_string(bytes) + " bytes at " + address;
}

}  // namespace

void GuardedMemory::release_all() {
  for (const auto& [start, block] : blocks_)
    retire(block.mapping, block.mapping_bytes);
  blocks_.clear();
  bytes_ = 0;
}

void* GuardedMemory::allocate(size_t bytes) {
  const size_t page = page_bytes();
  const size_t aligned = round_up(bytes, Alignment);
  if (aligned < bytes || aligned > SIZE_MAX - 2 * page)
    return nullptr;
  const size_t usable = round_up(aligned, page);
  void* mapping = mmap(nullptr, usable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED)
    return nullptr;
  unsigned char* const first = static_cast<unsigned char*>(mapping);
  mprotect(first + usable, page, PROT_NONE);
  memset(first, Poison, usable);
  unsigned char* const start = first + usable - aligned;
  blocks_[reinterpret_cast<uintptr_t>(start)] = {first, usable + page, bytes};
  bytes_ += bytes;
  return start;
}

bool GuardedMemory::release(void* start) {
  const auto found = blocks_.find(reinterpret_cast<uintptr_t>(start));
  if (found == blocks_.end())
    return false;
  retire(found->second.mapping, found->second.mapping_bytes);
  bytes_ -= found->second.bytes;
  blocks_.erase(found);
  return true;
}

bool GuardedMemory::contains(const void* start, size_t bytes) const {
  const uintptr_t address = reinterpret_cast<uintptr_t>(start);
  auto after = blocks_.upper_bound(address);
  if (after == blocks_.begin())
    return false;
  const auto& [block_start, block] = *--after;
  const size_t offset = address - block_start;
  return offset < block.bytes && bytes <= block.bytes - offset;
}

std::string GuardedMemory::damage() const {
  for (const auto& [start, block] : blocks_) {
    const unsigned char* const first = reinterpret_cast<const unsigned char*>(start);
    const size_t before = std::min(static_cast<size_t>(first - block.mapping), Alignment);
    if (const size_t at = first_changed(first - before, before); at < before)
      return std::to_string(before - at) + " bytes before " + text(start, block.bytes);
    const size_t behind = round_up(block.bytes, Alignment) - block.bytes;
    if (const size_t at = first_changed(first + block.bytes, behind); at < behind)
      return std::to_string(at) + " bytes behind the end of " + text(start, block.bytes);
  }

  return "";
}

std::string GuardedMemory::nearest(const void* address) const {
  auto after = blocks_.upper_bound(reinterpret_cast<uintptr_t>(address));
  if (after == blocks_.begin())
    return "";
  const auto& [start, block] = *--after;
  const size_t offset = reinterpret_cast<uintptr_t>(address) - start;
  if (offset < block.bytes || offset - block.bytes > page_bytes() + Alignment)
    return "";
  return std::to_string(offset - block.bytes) + " bytes behind the end of " + text(start, block.bytes);
}

}  // namespace standin

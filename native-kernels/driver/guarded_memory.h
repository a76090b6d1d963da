// Memory in which every use beyond an allocation shows: a page that cannot be touched lies behind each, what lies between its
// end and that page is checked, and what has been freed cannot be touched again.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <map>
#include <string>

namespace standin {

class GuardedMemory {
 public:
  GuardedMemory() = default;
  ~GuardedMemory() { release_all(); }

  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  // Aligned to 256 bytes as a driver's allocations are, and filled with 0xff, which is NaN to every float type. nullptr: the
  // system has no more.
  void* allocate(size_t bytes);

  // False: not the start of an allocation.
  bool release(void* start);

  void release_all();

  // Whether all of a range lies in one allocation.
  bool contains(const void* start, size_t bytes) const;

  // Whether an address lies in an allocation.
  bool holds(const void* address) const { return contains(address, 1); }

  // What was written outside an allocation, in words; empty if nothing was.
  std::string damage() const;

  // The allocation that an address lies nearest behind, in words; empty if none is near.
  std::string nearest(const void* address) const;

  size_t allocations() const { return blocks_.size(); }
  uint64_t bytes() const { return bytes_; }

 private:
  struct Block {
    unsigned char* mapping;
    size_t mapping_bytes;
    size_t bytes;
  };

  std::map<uintptr_t, Block> blocks_;
  uint64_t bytes_ = 0;
};

}  // namespace standin

// CUDA's names on the CPU: what a .cu file uses of the language, over the blocks of block.h. Not covered: races between the
// lanes of a warp, the memory model between blocks (they run one after the other), and speed.
#pragma once

#include <math.h>

#include "registry.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)

#define threadIdx (emulation::Block::current().thread().index)
#define blockIdx (emulation::Block::current().index)
#define blockDim (emulation::Block::current().size)
#define gridDim (emulation::Block::current().grid)

// A shared array: type, name, number of elements.
#define SHARED_ARRAY(type, name, count) \
  type* const name = static_cast<type*>(emulation::Block::current().shared_array(__COUNTER__, sizeof(type) * (count)))

// The dynamic shared memory, as an array of a type.
#define DYNAMIC_SHARED(type, name) type* const name = static_cast<type*>(emulation::Block::current().dynamic_shared())

// Makes a kernel known by its name.
#define REGISTER_KERNEL(name, max_threads) \
  static const bool is_registered_##name = emulation::add_kernel(#name, max_threads, &name);

inline void __syncthreads(int line = __builtin_LINE()) { emulation::Block::current().synchronise(line); }

inline void __syncwarp(unsigned mask = emulation::FullMask, int line = __builtin_LINE()) {
  emulation::Block::current().exchange(mask, 0, "__syncwarp", line);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  const uint64_t* votes = emulation::Block::current().exchange(mask, predicate != 0, "__ballot_sync", line);
  unsigned ballot = 0;
  for (unsigned lane = 0; lane < emulation::WarpSize; lane++)
    ballot |= static_cast<unsigned>(votes[lane]) << lane;
  return ballot;
}

namespace emulation {

template <class T>
T value_of_lane(unsigned mask, T value, int lane, const char* operation, int line) {
  static_assert(sizeof(T) <= sizeof(uint64_t));
  uint64_t given = 0;
  memcpy(&given, &value, sizeof value);
  const uint64_t* received = Block::current().exchange(mask, given, operation, line);
  T result;
  memcpy(&result, &received[lane], sizeof result);
  return result;
}

inline int own_lane() { return static_cast<int>(Block::current().thread().linear % WarpSize); }

}  // namespace emulation

template <class T>
T __shfl_sync(unsigned mask, T value, int lane, int line = __builtin_LINE()) {
  return emulation::value_of_lane(mask, value, lane & 31, "__shfl_sync", line);
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned distance, int line = __builtin_LINE()) {
  const int source = emulation::own_lane() - static_cast<int>(distance);
  return emulation::value_of_lane(mask, value, source < 0 ? emulation::own_lane() : source, "__shfl_up_sync", line);
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int line = __builtin_LINE()) {
  return emulation::value_of_lane(mask, value, (emulation::own_lane() ^ lanes) & 31, "__shfl_xor_sync", line);
}

inline int atomicAdd(int* address, int value) { return __atomic_fetch_add(address, value, __ATOMIC_RELAXED); }

inline int __popc(unsigned bits) { return __builtin_popcount(bits); }
inline int __ffs(int bits) { return __builtin_ffs(bits); }

inline unsigned __brev(unsigned bits) {
  unsigned reversed = 0;
  for (int bit = 0; bit < 32; bit++)
    reversed |= ((bits >> bit) & 1u) << (31 - bit);
  return reversed;
}

inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }

inline float __int_as_float(int bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

inline int __float_as_int(float value) {
  int bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

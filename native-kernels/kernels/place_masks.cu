// Gives every instance's mask its place in the arena: one after the other, in the order of the instances, by a running sum of
// their bytes. A mask that would end beyond the arena gets no place (-1) and is counted; what all would have needed is kept, so
// that the host can provide a larger arena and launch this and paste_masks again.
//
// A thread takes one instance of 256; the sums go from lane to lane, then from warp to warp.
//
// Block: 256. Grid: 1. Shared memory: 68 bytes. Bound by latency: 300 instances take two rounds.
#include "parameters.cuh"
#include "records.cuh"

constexpr int PlaceThreads = 256;
constexpr int PlaceWarps = PlaceThreads / Warp;

// Masks begin at multiples of this many bytes.
constexpr long long MaskAlignment = 16;

// [height, ceil(width / 8)] bytes, rounded up.
__device__ __forceinline__ long long mask_bytes(const Instance& instance) {
  const long long row_bytes = (instance.mask_width + 7) / 8;
  return (row_bytes * instance.mask_height + MaskAlignment - 1) / MaskAlignment * MaskAlignment;
}

// A 64-bit value of the lane distance below; the lane's own where there is none.
__device__ __forceinline__ long long value_from_below(long long value, int distance) {
  const int low = __shfl_up_sync(FullWarp, static_cast<int>(value), distance);
  const int high = __shfl_up_sync(FullWarp, static_cast<int>(value >> 32), distance);
  return static_cast<long long>(high) << 32 | static_cast<unsigned>(low);
}

// The sum of the values of this thread and those before it in its warp.
__device__ __forceinline__ long long warp_running_sum(long long value, int lane) {
  for (int distance = 1; distance < Warp; distance *= 2) {
    const long long below = value_from_below(value, distance);
    if (lane >= distance)
      value += below;
  }

  return value;
}

// region_count: [1]
// instances:    [total]; mask_offset is written for the instances of the chunk that are kept
// state:        [1], 0 before the first chunk's launch; later chunks go on behind
extern "C" __global__ void __launch_bounds__(PlaceThreads)
place_masks(const int* __restrict__ region_count, RegionChunk chunk, long long arena_bytes, Instance* __restrict__ instances,
            ArenaState* __restrict__ state) {
  SHARED_ARRAY(long long, warp_sums, PlaceWarps);
  SHARED_ARRAY(int, missing, 1);
  const int thread = static_cast<int>(threadIdx.x);
  const int lane = thread % Warp;
  const int count = minimum(*region_count - chunk.first, chunk.capacity);
  if (thread == 0)
    *missing = 0;
  long long used = state->needed_bytes;
  __syncthreads();

  for (int first = 0; first < count; first += PlaceThreads) {
    const bool has_mask = first + thread < count && instances[chunk.first + first + thread].is_kept;
    const long long bytes = has_mask ? mask_bytes(instances[chunk.first + first + thread]) : 0;
    const long long sum_in_warp = warp_running_sum(bytes, lane);
    if (lane == Warp - 1)
      warp_sums[thread / Warp] = sum_in_warp;
    __syncthreads();

    long long end = used + sum_in_warp;
    for (int warp = 0; warp < PlaceWarps; warp++) {
      end += warp < thread / Warp ? warp_sums[warp] : 0;
      used += warp_sums[warp];
    }

    if (has_mask) {
      const bool fits = end <= arena_bytes;
      instances[chunk.first + first + thread].mask_offset = fits ? static_cast<int>(end - bytes) : -1;
      if (!fits)
        atomicAdd(missing, 1);
    }

    __syncthreads();
  }

  if (thread == 0) {
    state->needed_bytes = used;
    state->missing_masks += *missing;
  }
}
REGISTER_KERNEL(place_masks, PlaceThreads)

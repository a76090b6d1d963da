// Sorts each slot's candidate keys, ascending, which is best first. Bitonic: which keys are compared does not depend on them, so
// that a block needs no communication beyond barriers. Up to 4096 candidates, more than a sensible threshold lets
// through, are sorted in shared memory alone; beyond that tiles of 4096 are merged through global memory.
//
// A thread compares and exchanges pairs of keys. The work goes by the candidates that there are, not by the capacity.
//
// Block: 1024. Grid: slots. Shared memory: 32 KiB.
// Bound by latency: 512 candidates take 45 steps between barriers. The worst case, all of 24,000 anchors, is one
// multiprocessor's traffic to the L2 cache, in the order of 0.1 ms by estimate.
#include "device.cuh"

constexpr int SortThreads = 1024;
constexpr int SortTile = 4096;

// Sorts the pairs of one step: of keys j apart, ascending where the key's index in the whole list has no bit k.
__device__ __forceinline__ void exchange_pairs(unsigned long long* keys, int first, int count, int k, int j) {
  for (int pair = static_cast<int>(threadIdx.x); pair < count / 2; pair += SortThreads) {
    const int low = ((pair & ~(j - 1)) << 1) | (pair & (j - 1));
    const unsigned long long a = keys[low];
    const unsigned long long b = keys[low + j];
    const bool is_ascending = ((first + low) & k) == 0;
    if ((a > b) == is_ascending) {
      keys[low] = b;
      keys[low + j] = a;
    }
  }

  __syncthreads();
}

// Runs the steps k = first_k .. last_k whose pairs lie within a tile of count keys that begins at first.
__device__ __forceinline__ void sort_tile(
    unsigned long long* keys, unsigned long long* tile, int first, int count, int first_k, int last_k) {
  for (int index = static_cast<int>(threadIdx.x); index < count; index += SortThreads)
    tile[index] = keys[first + index];
  __syncthreads();
  for (int k = first_k; k <= last_k; k *= 2) {
    for (int j = minimum(k, count) / 2; j > 0; j /= 2)
      exchange_pairs(tile, first, count, k, j);
  }

  for (int index = static_cast<int>(threadIdx.x); index < count; index += SortThreads)
    keys[first + index] = tile[index];
  __syncthreads();
}

// counts: [slots]
// keys:   [slots, key_capacity]; key_capacity a power of two, at least the most candidates. What lies between a count and the
//         next power of two is overwritten. Threads hand keys to each other through it, hence no __restrict__.
extern "C" __global__ void __launch_bounds__(SortThreads)
sort_candidates(const int* __restrict__ counts, int key_capacity, unsigned long long* keys) {
  SHARED_ARRAY(unsigned long long, tile, SortTile);
  const int count = minimum(counts[blockIdx.x], key_capacity);
  if (count < 2)
    return;

  int padded = 2;
  while (padded < count)
    padded *= 2;
  keys += static_cast<long long>(blockIdx.x) * key_capacity;
  for (int index = count + static_cast<int>(threadIdx.x); index < padded; index += SortThreads)
    keys[index] = ~0ull;
  __syncthreads();

  const int tile_size = minimum(padded, SortTile);
  for (int first = 0; first < padded; first += tile_size)
    sort_tile(keys, tile, first, tile_size, 2, tile_size);
  for (int k = 2 * tile_size; k <= padded; k *= 2) {
    for (int j = k / 2; j >= tile_size; j /= 2)
      exchange_pairs(keys, 0, padded, k, j);
    for (int first = 0; first < padded; first += tile_size)
      sort_tile(keys, tile, first, tile_size, k, k);
  }
}
REGISTER_KERNEL(sort_candidates, SortThreads)

// Kernels for the tests of the stand-in driver: small ones that do right, and some that do wrong.
#include "../kernels/device.cuh"

constexpr int TestThreads = 64;

struct Weights {
  double scale;
  int first;
  float offsets[3];
};

// out[i] = in[i] * factor. One thread a value; block: 64, grid: enough for count values.
extern "C" __global__ void __launch_bounds__(TestThreads) test_scale(float* out, const float* in, int count, float factor) {
  const int index = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (index < count)
    out[index] = in[index] * factor;
}

// out[i] = scale * (i + first) + offsets[i % 3] + added. Arguments of every alignment, one of them a struct. Block: any up to 64.
extern "C" __global__ void __launch_bounds__(TestThreads)
    test_weigh(char added, Weights weights, float* out, short count) {
  const int index = static_cast<int>(threadIdx.x);
  if (index < count)
    out[index] = static_cast<float>(weights.scale) * static_cast<float>(index + weights.first) + weights.offsets[index % 3] + added;
}

// Reverses each block's 64 values through static and dynamic shared memory, 256 bytes each. Block: 64, grid: any.
extern "C" __global__ void __launch_bounds__(TestThreads) test_reverse(int* values) {
  SHARED_ARRAY(int, first, TestThreads);
  DYNAMIC_SHARED(int, second);
  int* const block = values + blockIdx.x * TestThreads;
  const int index = static_cast<int>(threadIdx.x);
  first[index] = block[index];
  __syncthreads();
  second[index] = first[TestThreads - 1 - index];
  __syncthreads();
  block[index] = second[index];
}

// Writes a byte at an offset from memory, wherever that is. Block: 1, grid: 1.
extern "C" __global__ void __launch_bounds__(TestThreads) test_write(char* memory, long long offset) { memory[offset] = 1; }

// Only half of the threads come to the barrier. Block: 64, grid: 1.
extern "C" __global__ void __launch_bounds__(TestThreads) test_diverge(int* values) {
  if (threadIdx.x < TestThreads / 2)
    __syncthreads();
  values[threadIdx.x] = 1;
}

REGISTER_KERNEL(test_scale, TestThreads)
REGISTER_KERNEL(test_weigh, TestThreads)
REGISTER_KERNEL(test_reverse, TestThreads)
REGISTER_KERNEL(test_write, TestThreads)
REGISTER_KERNEL(test_diverge, TestThreads)

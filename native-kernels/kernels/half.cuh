// Half-precision values: 16 bits in memory, float32 in registers.
#pragma once

#include "device.cuh"

struct Half {
  uint16_t bits;
};

#if defined(KERNEL_EMULATION)

__device__ __forceinline__ float to_float(Half value) {
  _Float16 half;
  memcpy(&half, &value.bits, sizeof half);
  return static_cast<float>(half);
}

__device__ __forceinline__ Half to_half(float value) {
  const _Float16 half = static_cast<_Float16>(value);
  Half result;
  memcpy(&result.bits, &half, sizeof half);
  return result;
}

#else

// The same PTX for nvcc and clang; neither needs cuda_fp16.h.
__device__ __forceinline__ float to_float(Half value) {
  float result;
  asm("cvt.f32.f16 %0, %1;" : "=f"(result) : "h"(value.bits));
  return result;
}

__device__ __forceinline__ Half to_half(float value) {
  Half result;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(result.bits) : "f"(value));
  return result;
}

#endif

__device__ __forceinline__ float load(const float* address) { return *address; }
__device__ __forceinline__ float load(const Half* address) { return to_float(*address); }
__device__ __forceinline__ void store(float* address, float value) { *address = value; }
__device__ __forceinline__ void store(Half* address, float value) { *address = to_half(value); }

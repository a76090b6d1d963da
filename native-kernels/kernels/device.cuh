// What the kernels use of CUDA, for three compilers:
//   nvcc                              the toolkit's own names
//   clang -x cuda, without a toolkit  names over clang's builtins, from which build.sh makes the committed PTX
//   g++ -DKERNEL_EMULATION            names over fibers (../emulation), for tests on the CPU
// All three are told not to contract a * b + c, so that a value is the same to the last bit everywhere.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(KERNEL_EMULATION)

#include "../emulation/emulation.h"

#else

#if !defined(__NVCC__)

#include <__clang_cuda_builtin_vars.h>

#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __host__ __attribute__((host))
#define __shared__ __attribute__((shared))
#define __forceinline__ __inline__ __attribute__((always_inline))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))

// The last argument of a shuffle: lanes outside the warp, and the size of its groups (32), as PTX encodes them.
__device__ __forceinline__ int __shfl_sync(unsigned mask, int value, int lane) {
  return __nvvm_shfl_sync_idx_i32(mask, value, lane, 31);
}

__device__ __forceinline__ unsigned __shfl_sync(unsigned mask, unsigned value, int lane) {
  return static_cast<unsigned>(__nvvm_shfl_sync_idx_i32(mask, static_cast<int>(value), lane, 31));
}

__device__ __forceinline__ float __shfl_sync(unsigned mask, float value, int lane) {
  return __nvvm_shfl_sync_idx_f32(mask, value, lane, 31);
}

__device__ __forceinline__ int __shfl_up_sync(unsigned mask, int value, unsigned distance) {
  return __nvvm_shfl_sync_up_i32(mask, value, static_cast<int>(distance), 0);
}

__device__ __forceinline__ int __shfl_xor_sync(unsigned mask, int value, int lanes) {
  return __nvvm_shfl_sync_bfly_i32(mask, value, lanes, 31);
}

__device__ __forceinline__ float __shfl_xor_sync(unsigned mask, float value, int lanes) {
  return __nvvm_shfl_sync_bfly_f32(mask, value, lanes, 31);
}

__device__ __forceinline__ unsigned __ballot_sync(unsigned mask, int predicate) {
  return __nvvm_vote_ballot_sync(mask, predicate != 0);
}

__device__ __forceinline__ void __syncwarp(unsigned mask = 0xffffffffu) { __nvvm_bar_warp_sync(mask); }
__device__ __forceinline__ int atomicAdd(int* address, int value) { return __nvvm_atom_add_gen_i(address, value); }
__device__ __forceinline__ int __popc(unsigned bits) { return __builtin_popcount(bits); }
__device__ __forceinline__ int __ffs(int bits) { return __builtin_ffs(bits); }
__device__ __forceinline__ unsigned __brev(unsigned bits) { return __builtin_bitreverse32(bits); }
__device__ __forceinline__ float fminf(float a, float b) { return __nvvm_fmin_f(a, b); }
__device__ __forceinline__ float fmaxf(float a, float b) { return __nvvm_fmax_f(a, b); }
__device__ __forceinline__ float floorf(float a) { return __nvvm_floor_f(a); }
__device__ __forceinline__ float ceilf(float a) { return __nvvm_ceil_f(a); }
__device__ __forceinline__ float sqrtf(float a) { return __nvvm_sqrt_rn_f(a); }
__device__ __forceinline__ float __fmaf_rn(float a, float b, float c) { return __nvvm_fma_rn_f(a, b, c); }
__device__ __forceinline__ float __int_as_float(int bits) { return __builtin_bit_cast(float, bits); }
__device__ __forceinline__ int __float_as_int(float value) { return __builtin_bit_cast(int, value); }

#endif

// A shared array: type, name, number of elements.
#define SHARED_ARRAY(type, name, count) __shared__ type name[count]

// The dynamic shared memory, as an array of a type.
#define DYNAMIC_SHARED(type, name)                                   \
  extern __shared__ __attribute__((aligned(16))) char name##_bytes[]; \
  type* const name = reinterpret_cast<type*>(name##_bytes)

#define REGISTER_KERNEL(name, max_threads)

#endif

constexpr unsigned FullWarp = 0xffffffffu;
constexpr int Warp = 32;

__device__ __forceinline__ int minimum(int a, int b) { return a < b ? a : b; }
__device__ __forceinline__ int maximum(int a, int b) { return a > b ? a : b; }

__device__ __forceinline__ float negative_infinity() { return __int_as_float(static_cast<int>(0xff800000u)); }

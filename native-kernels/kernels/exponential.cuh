// exp and the logistic function out of multiply-add and whole-number operations alone: the same bits on every device and in
// the emulation, without the CUDA toolkit's libdevice.
#pragma once

#include "device.cuh"

// Within 1 unit in the last place. NaN stays NaN; above 88.72 infinity, below -87.33, where the result would be denormal, 0.
__device__ __forceinline__ float exponential(float x) {
  const float LargestFinite = 88.722832f;
  const float SmallestNormal = -87.336544f;
  if (!(x <= LargestFinite))
    return x != x ? x : __int_as_float(0x7f800000);
  if (x < SmallestNormal)
    return 0.0f;

  // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 rounds to the whole number n and leaves it in the low bits.
  const float Magic = 12582912.0f;
  const float shifted = __fmaf_rn(x, 1.44269504f, Magic);
  const int n = __float_as_int(shifted) - __float_as_int(Magic);
  const float whole = shifted - Magic;
  float r = __fmaf_rn(whole, -0.693359375f, x);
  r = __fmaf_rn(whole, 2.12194440e-4f, r);

  float series = 1.9875691e-4f;
  series = __fmaf_rn(series, r, 1.3981999e-3f);
  series = __fmaf_rn(series, r, 8.3334519e-3f);
  series = __fmaf_rn(series, r, 4.1665796e-2f);
  series = __fmaf_rn(series, r, 1.6666665e-1f);
  series = __fmaf_rn(series, r, 5.0000001e-1f);
  const float power = __fmaf_rn(r * r, series, r) + 1.0f;

  // times 2^n, in the exponent's bits
  return __int_as_float(static_cast<int>(static_cast<unsigned>(__float_as_int(power)) + (static_cast<unsigned>(n) << 23)));
}

__device__ __forceinline__ float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

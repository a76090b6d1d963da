// Boxes: sides, clipping, and the way from network pixels to image pixels.
#pragma once

#include "records.cuh"

// The part of [low, high]; NaN stays NaN, unlike with fminf and fmaxf.
template <class T>
__device__ __forceinline__ T clamp(T value, T low, T high) {
  return value < low ? low : value > high ? high : value;
}

__device__ __forceinline__ float width_of(const Box& box) { return box.x2 - box.x1; }
__device__ __forceinline__ float height_of(const Box& box) { return box.y2 - box.y1; }
__device__ __forceinline__ float area_of(const Box& box) { return width_of(box) * height_of(box); }

// Both sides are at least one pixel; written so that NaN is not.
__device__ __forceinline__ bool is_at_least_one_pixel(const Box& box) { return width_of(box) >= 1.0f && height_of(box) >= 1.0f; }

__device__ __forceinline__ Box clipped_to_content(const Box& box, const Slot& slot) {
  const float left = static_cast<float>(slot.left);
  const float top = static_cast<float>(slot.top);
  const float right = static_cast<float>(slot.left + slot.content_width);
  const float bottom = static_cast<float>(slot.top + slot.content_height);
  return {clamp(box.x1, left, right), clamp(box.y1, top, bottom), clamp(box.x2, left, right), clamp(box.y2, top, bottom)};
}

// One coordinate, clipped to the image. In double, as the CPU operator does, so that both end at the same float.
__device__ __forceinline__ float to_image(float network, int offset, int image_extent, int content_extent) {
  const double position = (static_cast<double>(network) - offset) * image_extent / content_extent;
  return static_cast<float>(clamp(position, 0.0, static_cast<double>(image_extent)));
}

__device__ __forceinline__ Box to_image(const Box& box, const Slot& slot) {
  return {
      to_image(box.x1, slot.left, slot.image_width, slot.content_width),
      to_image(box.y1, slot.top, slot.image_height, slot.content_height),
      to_image(box.x2, slot.left, slot.image_width, slot.content_width),
      to_image(box.y2, slot.top, slot.image_height, slot.content_height),
  };
}

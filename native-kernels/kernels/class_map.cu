// A semantic model's logits to the class of every pixel of the image: the class with the largest logit, the first of equals, of
// the network pixel that holds the image pixel's centre. NaN is never the largest; without a value above minus infinity a pixel
// is background.
//
// A thread computes four rows of one column of one slot's image. Columns and rows are found in whole numbers, so that no
// rounding decides.
//
// Block: 64 x 4. Grid: x and y blocks of 64 columns and 16 rows, any number of either, z slots. Shared memory: none.
// Bound by memory: class_count loads a pixel, from the L1 cache where the image is larger than the network's input.
#include "records.cuh"

constexpr int ClassMapColumns = 64;
constexpr int ClassMapLanes = 4;
constexpr int ClassMapRowsPerThread = 4;
constexpr int ClassMapThreads = ClassMapColumns * ClassMapLanes;

// The network's pixel that holds the centre of an image's.
__device__ __forceinline__ int network_pixel(int pixel, int network_extent, int image_extent) {
  return static_cast<int>((2ll * pixel + 1) * network_extent / (2ll * image_extent));
}

__device__ __forceinline__ int class_of(const float* logits, long long plane, int class_count, int background, float background_offset) {
  float largest = negative_infinity();
  int best = background;
  for (int class_id = 0; class_id < class_count; class_id++) {
    const float logit = logits[class_id * plane] + (class_id == background ? background_offset : 0.0f);
    if (logit > largest) {
      largest = logit;
      best = class_id;
    }
  }

  return best;
}

// logits: [slots, class_count, height, width] float32; class_count at most 255
extern "C" __global__ void __launch_bounds__(ClassMapThreads)
class_map(const Slot* __restrict__ slots, int class_count, int height, int width, int background, float background_offset,
          const float* __restrict__ logits) {
  const Slot slot = slots[blockIdx.z];
  if (slot.task != Classify)
    return;
  const long long plane = static_cast<long long>(height) * width;
  const float* values = logits + static_cast<long long>(blockIdx.z) * class_count * plane;
  const int column_step = static_cast<int>(gridDim.x) * ClassMapColumns;
  const int row_step = static_cast<int>(gridDim.y) * ClassMapLanes * ClassMapRowsPerThread;
  for (int x = static_cast<int>(blockIdx.x * ClassMapColumns + threadIdx.x); x < slot.image_width; x += column_step) {
    const int column = slot.left + network_pixel(x, slot.content_width, slot.image_width);
    for (int first_y = static_cast<int>(blockIdx.y) * ClassMapLanes * ClassMapRowsPerThread; first_y < slot.image_height;
         first_y += row_step) {
      for (int step = 0; step < ClassMapRowsPerThread; step++) {
        const int y = first_y + step * ClassMapLanes + static_cast<int>(threadIdx.y);
        if (y >= slot.image_height)
          break;
        const int row = slot.top + network_pixel(y, slot.content_height, slot.image_height);
        const float* pixel = values + static_cast<long long>(row) * width + column;
        slot.class_map[static_cast<long long>(y) * slot.image_width + x] =
            static_cast<unsigned char>(class_of(pixel, plane, class_count, background, background_offset));
      }
    }
  }
}
REGISTER_KERNEL(class_map, ClassMapThreads)

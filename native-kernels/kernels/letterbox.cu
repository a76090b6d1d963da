// Raw frames into the network's input: colour conversion, bilinear resampling, letterbox and normalisation in one pass, so that
// a frame's bytes are read where they were uploaded and no image of another format is ever stored.
//
// A thread computes one column of four rows of one slot, all channels. Which source pixels a column lies between is worked
// out once for its rows. Values equal those of src/Inference/Frames to the last bit: positions in double, the rest in float32
// and in the same order.
//
// Block: 64 x 4. Grid: ceil(width / 64), ceil(height / 16), slots. Shared memory: none.
// Bound by memory: each output value is written once, whole lines per warp; the source is read through the L1 cache. With
// 640 x 640 values a slot an H100 needs a few microseconds by estimate, most of it the launch.
#include "parameters.cuh"
#include "samples.cuh"

constexpr int LetterboxColumns = 64;
constexpr int LetterboxLanes = 4;
constexpr int LetterboxRowsPerThread = 4;
constexpr int LetterboxThreads = LetterboxColumns * LetterboxLanes;

// Between which two source samples a target sample lies: half-pixel centres, replicated edges.
struct BilinearPlace {
  int first;
  int second;
  float weight;  // of the second
};

__device__ __forceinline__ BilinearPlace bilinear_place(int target, double scale, int source_extent) {
  double position = (target + 0.5) * scale - 0.5;
  const double last = source_extent - 1;
  position = position < 0.0 ? 0.0 : position > last ? last : position;
  const int first = static_cast<int>(position);
  return {first, minimum(first + 1, source_extent - 1), static_cast<float>(position - first)};
}

// Values of one pixel of the source in the network's channels; a grey network uses the first alone.
struct Samples {
  float values[3];
};

__device__ __forceinline__ Samples samples_at(const Slot& slot, int channels, int x, int y) {
  if (channels == 1 || is_grey(slot.format)) {
    const float grey = static_cast<float>(grey_at(slot, x, y));
    return {{grey, grey, grey}};
  }

  const Colour colour = colour_at(slot, x, y);
  return {{static_cast<float>(colour.red), static_cast<float>(colour.green), static_cast<float>(colour.blue)}};
}

__device__ __forceinline__ Samples mixed(const Samples& first, const Samples& second, float weight) {
  Samples result;
  for (int channel = 0; channel < 3; channel++)
    result.values[channel] = first.values[channel] + (second.values[channel] - first.values[channel]) * weight;
  return result;
}

__device__ __forceinline__ Samples row_samples(const Slot& slot, int channels, const BilinearPlace& column, int y) {
  const Samples first = samples_at(slot, channels, column.first, y);
  return column.weight == 0.0f ? first : mixed(first, samples_at(slot, channels, column.second, y), column.weight);
}

extern "C" __global__ void __launch_bounds__(LetterboxThreads)
letterbox(const Slot* __restrict__ slots, NetworkInput input, float* __restrict__ output) {
  const Slot slot = slots[blockIdx.z];
  const int x = static_cast<int>(blockIdx.x * LetterboxColumns + threadIdx.x);
  if (slot.task == NoTask || x >= input.width)
    return;

  const long long plane = static_cast<long long>(input.height) * input.width;
  float* target = output + blockIdx.z * plane * input.channels + x;
  const int content_x = x - slot.left;
  const bool is_content_column = content_x >= 0 && content_x < slot.content_width;
  const BilinearPlace column =
      bilinear_place(content_x, static_cast<double>(slot.image_width) / slot.content_width, slot.image_width);
  const double row_scale = static_cast<double>(slot.image_height) / slot.content_height;

  for (int step = 0; step < LetterboxRowsPerThread; step++) {
    const int y = static_cast<int>((blockIdx.y * LetterboxRowsPerThread + step) * LetterboxLanes + threadIdx.y);
    if (y >= input.height)
      return;

    Samples samples = {{input.surround, input.surround, input.surround}};
    float max_sample = 255.0f;
    const int content_y = y - slot.top;
    if (is_content_column && content_y >= 0 && content_y < slot.content_height) {
      const BilinearPlace row = bilinear_place(content_y, row_scale, slot.image_height);
      samples = row_samples(slot, input.channels, column, row.first);
      if (row.weight != 0.0f)
        samples = mixed(samples, row_samples(slot, input.channels, column, row.second), row.weight);
      max_sample = slot.max_sample;
    }

    // A constant bound, so that the samples stay in registers.
    for (int channel = 0; channel < 3; channel++) {
      if (channel < input.channels) {
        target[channel * plane + static_cast<long long>(y) * input.width] =
            (samples.values[channel] / max_sample - input.mean[channel]) / input.std[channel];
      }
    }
  }
}
REGISTER_KERNEL(letterbox, LetterboxThreads)

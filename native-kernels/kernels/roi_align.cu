// RoIAlign with aligned = true of one region input, its pixel unshuffle, and its place among the channels of the second
// network's input. One launch for each input that the manifest names.
//
// Bilinear sampling and the average over a bin are separable: per axis, a sample draws on two source pixels with two weights,
// which hold the average. A block works the samples of both axes of its region out once, into shared memory; then a
// thread computes one output value at a time, along the memory of the output: for each column that it draws on the weighted
// sum over the rows, and the weighted sum of those. That is the CPU operator's order, so float32 values equal its own to the
// last bit. Half-precision values are widened when they are read and rounded once, when the result is stored.
//
// Samples outside [-1, extent] are 0, others are clamped. Several levels of a feature pyramid may be given: a region goes to
// floor(k0 + log2(sqrt(area) / canonical)), clamped to those there are, found by comparing its area with the levels' bounds.
//
// Block: 256. Grid: x blocks that share a region's values, y regions; both any size, the blocks go on to further regions.
// Shared memory: 32 bytes for each sample along an axis, output_size * sampling_ratio (dynamic). Above 48 KiB, that is 1536
// samples, the host must ask for it (CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES).
// Bound by the L1 cache: a value takes (2 * sampling_ratio)^2 loads, of which neighbouring bins share most.
#include "geometry.cuh"
#include "half.cuh"
#include "parameters.cuh"

constexpr int AlignThreads = 256;

// The two source pixels of a sample along an axis, and their weights.
struct alignas(16) AxisSample {
  int low;
  int high;
  float low_weight;
  float high_weight;
};

__device__ __forceinline__ int level_of(const Box& box, const RegionInput& input) {
  const float area = area_of(box);
  float bound = input.second_level_area;
  int level = 0;
  while (level + 1 < input.level_count && area >= bound) {
    level++;
    bound *= 4.0f;
  }

  return level;
}

__device__ __forceinline__ AxisSample axis_sample(float position, int extent, int sampling_ratio) {
  // Written so that NaN is outside. What is outside has no weight.
  if (!(position >= -1.0f && position <= static_cast<float>(extent))) {
    const int nearest = position > 0.0f ? extent - 1 : 0;
    return {nearest, nearest, 0.0f, 0.0f};
  }

  float clamped = position > 0.0f ? position : 0.0f;
  int low = static_cast<int>(clamped);
  int high = low + 1;
  if (low >= extent - 1) {
    low = high = extent - 1;
    clamped = static_cast<float>(low);
  }

  const float part = clamped - static_cast<float>(low);
  const float ratio = static_cast<float>(sampling_ratio);
  return {low, high, (1.0f - part) / ratio, part / ratio};
}

// The samples of one axis: start in source pixels minus 0.5, extent of the region in source pixels.
__device__ __forceinline__ void place_samples(
    const RegionInput& input, float start, float region_extent, int source_extent, AxisSample* samples) {
  const float bin_extent = region_extent / static_cast<float>(input.output_size);
  const int count = input.output_size * input.sampling_ratio;
  for (int index = static_cast<int>(threadIdx.x); index < count; index += AlignThreads) {
    const int bin = index / input.sampling_ratio;
    const int sample = index - bin * input.sampling_ratio;
    const float position = start + static_cast<float>(bin) * bin_extent
        + (static_cast<float>(sample) + 0.5f) * bin_extent / static_cast<float>(input.sampling_ratio);
    samples[index] = axis_sample(position, source_extent, input.sampling_ratio);
  }
}

// One bin. FixedRatio: the sampling ratio where it is known when compiling, 0 elsewhere.
template <int FixedRatio, class Source>
__device__ __forceinline__ float bin_value(
    const Source* plane, int width, const AxisSample* rows, const AxisSample* columns, int sampling_ratio) {
  const int ratio = FixedRatio > 0 ? FixedRatio : sampling_ratio;
  float value = 0.0f;
  for (int column = 0; column < ratio; column++) {
    const AxisSample x = columns[column];
    float low_sum = 0.0f;
    float high_sum = 0.0f;
    for (int row = 0; row < ratio; row++) {
      const AxisSample y = rows[row];

      // The test keeps an infinite source value without a weight from becoming NaN.
      if (y.low_weight != 0.0f) {
        const Source* source = plane + static_cast<long long>(y.low) * width;
        low_sum = low_sum + load(source + x.low) * y.low_weight;
        high_sum = high_sum + load(source + x.high) * y.low_weight;
      }

      if (y.high_weight != 0.0f) {
        const Source* source = plane + static_cast<long long>(y.high) * width;
        low_sum = low_sum + load(source + x.low) * y.high_weight;
        high_sum = high_sum + load(source + x.high) * y.high_weight;
      }
    }

    value = value + x.low_weight * low_sum;
    value = value + x.high_weight * high_sum;
  }

  return value;
}

template <class Source, class Target>
__device__ __forceinline__ void align_region(
    const RegionInput& input, const RegionLevel& level, int slot, const AxisSample* rows, const AxisSample* columns, Target* output) {
  const int unshuffle = input.unshuffle;
  const int size = input.output_size / unshuffle;
  const int factor = unshuffle * unshuffle;
  const int count = input.channels * factor * size * size;
  const long long plane = static_cast<long long>(level.height) * level.width;
  const Source* source = static_cast<const Source*>(level.values) + static_cast<long long>(slot) * input.channels * plane;
  for (int index = static_cast<int>(blockIdx.x * AlignThreads + threadIdx.x); index < count;
       index += static_cast<int>(gridDim.x * AlignThreads)) {
    // From the output's [channels * unshuffle^2, size, size] to the bin that pixel_unshuffle takes the value from.
    const int output_row = index / size;
    const int output_column = index - output_row * size;
    const int output_channel = output_row / size;
    const int row_in_channel = output_row - output_channel * size;
    const int channel = output_channel / factor;
    const int offset = output_channel - channel * factor;
    const int offset_row = offset / unshuffle;
    const int bin_row = row_in_channel * unshuffle + offset_row;
    const int bin_column = output_column * unshuffle + offset - offset_row * unshuffle;

    const Source* values = source + channel * plane;
    const AxisSample* row_samples = rows + bin_row * input.sampling_ratio;
    const AxisSample* column_samples = columns + bin_column * input.sampling_ratio;
    float value;
    if (input.sampling_ratio == 1)
      value = bin_value<1>(values, level.width, row_samples, column_samples, 1);
    else if (input.sampling_ratio == 2)
      value = bin_value<2>(values, level.width, row_samples, column_samples, 2);
    else
      value = bin_value<0>(values, level.width, row_samples, column_samples, input.sampling_ratio);
    store(output + index, value);
  }
}

template <class Source, class Target>
__device__ __forceinline__ void align_regions(
    const Region* regions, const int* list, const int* region_count, const RegionChunk& chunk, const RegionInput& input, Target* output) {
  DYNAMIC_SHARED(AxisSample, samples);
  AxisSample* rows = samples;
  AxisSample* columns = samples + input.output_size * input.sampling_ratio;
  const int size = input.output_size / input.unshuffle;
  const long long region_values = static_cast<long long>(input.total_channels) * size * size;
  const int end = minimum(*region_count - chunk.first, chunk.capacity);
  for (int place = static_cast<int>(blockIdx.y); place < end; place += static_cast<int>(gridDim.y)) {
    const Region& region = regions[list[chunk.first + place]];
    const Box box = region.network_box;
    const RegionLevel& level = input.levels[level_of(box, input)];
    place_samples(input, box.y1 * level.spatial_scale - 0.5f, height_of(box) * level.spatial_scale, level.height, rows);
    place_samples(input, box.x1 * level.spatial_scale - 0.5f, width_of(box) * level.spatial_scale, level.width, columns);
    __syncthreads();
    Target* target = output + place * region_values + static_cast<long long>(input.first_channel) * size * size;
    align_region<Source>(input, level, region.slot, rows, columns, target);
    __syncthreads();
  }
}

// regions:      [slots, max_rois]
// list:         [total], index into the regions
// region_count: [1], length of the list
// output:       [chunk.capacity, total_channels, size, size], size = output_size / unshuffle; written for the regions of the
//               chunk, in this input's channels
extern "C" __global__ void __launch_bounds__(AlignThreads)
roi_align_f32_f32(const Region* __restrict__ regions, const int* __restrict__ list, const int* __restrict__ region_count,
                  RegionChunk chunk, RegionInput input, float* __restrict__ output) {
  align_regions<float>(regions, list, region_count, chunk, input, output);
}
REGISTER_KERNEL(roi_align_f32_f32, AlignThreads)

extern "C" __global__ void __launch_bounds__(AlignThreads)
roi_align_f32_f16(const Region* __restrict__ regions, const int* __restrict__ list, const int* __restrict__ region_count,
                  RegionChunk chunk, RegionInput input, Half* __restrict__ output) {
  align_regions<float>(regions, list, region_count, chunk, input, output);
}
REGISTER_KERNEL(roi_align_f32_f16, AlignThreads)

extern "C" __global__ void __launch_bounds__(AlignThreads)
roi_align_f16_f32(const Region* __restrict__ regions, const int* __restrict__ list, const int* __restrict__ region_count,
                  RegionChunk chunk, RegionInput input, float* __restrict__ output) {
  align_regions<Half>(regions, list, region_count, chunk, input, output);
}
REGISTER_KERNEL(roi_align_f16_f32, AlignThreads)

extern "C" __global__ void __launch_bounds__(AlignThreads)
roi_align_f16_f16(const Region* __restrict__ regions, const int* __restrict__ list, const int* __restrict__ region_count,
                  RegionChunk chunk, RegionInput input, Half* __restrict__ output) {
  align_regions<Half>(regions, list, region_count, chunk, input, output);
}
REGISTER_KERNEL(roi_align_f16_f16, AlignThreads)

// The second network's word on a region: its class, its score, its place.
//
// A warp judges one region: its lanes share the class logits for the softmax and the largest class, the first lane moves the
// box and writes the instance. An instance carries the rectangle of pixels that its mask will cover: what the unrefined box
// touches.
//
// DetectAndSegment keeps an instance when its score reaches the slot's and its box is at least one network pixel a side. A
// Segment region is always kept: where its box can't be refined, the caller's stays. NaN and infinity fail the tests.
//
// Block: 256. Grid: any number of blocks, 8 regions in each at a time. Shared memory: none.
// Bound by latency: a few hundred bytes a region.
#include "exponential.cuh"
#include "geometry.cuh"
#include "parameters.cuh"

constexpr int RefineThreads = 256;
constexpr int RefineWarps = RefineThreads / Warp;

__device__ __forceinline__ float warp_maximum(float value) {
  for (int lanes = Warp / 2; lanes > 0; lanes /= 2)
    value = fmaxf(value, __shfl_xor_sync(FullWarp, value, lanes));
  return value;
}

__device__ __forceinline__ float warp_sum(float value) {
  for (int lanes = Warp / 2; lanes > 0; lanes /= 2)
    value += __shfl_xor_sync(FullWarp, value, lanes);
  return value;
}

// Softmax of one class; NaN where a logit is NaN or plus infinity. Every lane gets it.
__device__ __forceinline__ float class_probability(const float* logits, int count, int class_id, int lane) {
  float largest = negative_infinity();
  for (int index = lane; index < count; index += Warp)
    largest = fmaxf(largest, logits[index]);
  largest = warp_maximum(largest);
  float sum = 0.0f;
  for (int index = lane; index < count; index += Warp)
    sum += exponential(logits[index] - largest);
  return exponential(logits[class_id] - largest) / warp_sum(sum);
}

// The class with the largest logit, the first of equals, background left out; 0 where none is above minus infinity. Every lane
// gets it.
__device__ __forceinline__ int likeliest_class(const float* logits, int class_count, int lane) {
  float largest = negative_infinity();
  int best = class_count;
  for (int class_id = lane; class_id < class_count; class_id += Warp) {
    if (logits[class_id] > largest) {
      largest = logits[class_id];
      best = class_id;
    }
  }

  for (int lanes = Warp / 2; lanes > 0; lanes /= 2) {
    const float other_largest = __shfl_xor_sync(FullWarp, largest, lanes);
    const int other_best = __shfl_xor_sync(FullWarp, best, lanes);
    if (other_largest > largest || (other_largest == largest && other_best < best)) {
      largest = other_largest;
      best = other_best;
    }
  }

  return best < class_count ? best : 0;
}

__device__ __forceinline__ Box moved_box(const Box& box, const float* deltas, const Refinement& refinement) {
  const float* weights = refinement.delta_weights;
  const float limit = refinement.log_scale_clamp;
  const float width = width_of(box);
  const float height = height_of(box);
  const float centre_x = box.x1 + width / 2.0f + deltas[0] / weights[0] * width;
  const float centre_y = box.y1 + height / 2.0f + deltas[1] / weights[1] * height;
  const float half_width = width * exponential(clamp(deltas[2] / weights[2], -limit, limit)) / 2.0f;
  const float half_height = height * exponential(clamp(deltas[3] / weights[3], -limit, limit)) / 2.0f;
  return {centre_x - half_width, centre_y - half_height, centre_x + half_width, centre_y + half_height};
}

__device__ __forceinline__ Instance refined(
    const Region& region, const Slot& slot, const Refinement& refinement, const float* deltas, int class_id, float probability) {
  Instance instance = {};
  instance.class_id = class_id;
  instance.anchor_index = region.anchor_index;
  instance.slot = region.slot;
  const Box box = clipped_to_content(moved_box(region.network_box, deltas, refinement), slot);
  const bool has_box = is_at_least_one_pixel(box);
  if (slot.task == Segment) {
    instance.score = probability == probability ? probability : 0.0f;
    instance.image_box = has_box ? to_image(box, slot) : region.image_box;
    instance.is_kept = 1;
  } else {
    const float score = refinement.uses_stage1_score ? region.score : sqrtf(region.score * probability);
    const bool is_kept = score >= slot.min_score && has_box;
    instance.score = is_kept ? score : 0.0f;
    instance.image_box = is_kept ? to_image(box, slot) : Box{};
    instance.is_kept = is_kept ? 1 : 0;
  }

  instance.mask_offset = -1;
  if (instance.is_kept) {
    instance.mask_x = static_cast<int>(floorf(region.image_box.x1));
    instance.mask_y = static_cast<int>(floorf(region.image_box.y1));
    instance.mask_width = static_cast<int>(ceilf(region.image_box.x2)) - instance.mask_x;
    instance.mask_height = static_cast<int>(ceilf(region.image_box.y2)) - instance.mask_y;
  }

  return instance;
}

// regions:      [slots, max_rois]
// list:         [total], index into the regions
// region_count: [1], length of the list
// class_logits: [chunk.capacity, class_count + 1] float32, the last of the background
// deltas:       [chunk.capacity, 4] float32: dx, dy, dw, dh
// instances:    [total], in the order of the list; written for the regions of the chunk
extern "C" __global__ void __launch_bounds__(RefineThreads)
refine_regions(const Slot* __restrict__ slots, const Region* __restrict__ regions, const int* __restrict__ list,
               const int* __restrict__ region_count, RegionChunk chunk, Refinement refinement,
               const float* __restrict__ class_logits, const float* __restrict__ deltas, Instance* __restrict__ instances) {
  const int lane = static_cast<int>(threadIdx.x) % Warp;
  const int end = minimum(*region_count - chunk.first, chunk.capacity);
  const int logit_count = refinement.class_count + 1;

  // The same for all lanes of a warp.
  for (int place = static_cast<int>(blockIdx.x) * RefineWarps + static_cast<int>(threadIdx.x) / Warp; place < end;
       place += static_cast<int>(gridDim.x) * RefineWarps) {
    const Region& region = regions[list[chunk.first + place]];
    const float* logits = class_logits + static_cast<long long>(place) * logit_count;
    const int class_id = region.class_id >= 0 ? region.class_id : likeliest_class(logits, refinement.class_count, lane);
    const float probability = class_probability(logits, logit_count, class_id, lane);
    if (lane == 0) {
      instances[chunk.first + place] =
          refined(region, slots[region.slot], refinement, deltas + static_cast<long long>(place) * 4, class_id, probability);
    }
  }
}
REGISTER_KERNEL(refine_regions, RefineThreads)

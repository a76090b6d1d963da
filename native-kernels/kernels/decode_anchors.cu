// Raw head outputs to candidates. For cell (gx, gy), with s = sigmoid: centre (2 s(t) - 0.5 + g) * stride, size
// (2 s(t))^2 * anchor, class the one with the largest logit (the first of equals), score s(objectness) * s(class logit).
//
// A thread looks at one anchor of one cell. A class probability is at most 1, so the objectness logit alone, compared with
// that of the least score, sends nearly every thread home before it has computed an exponential or read anything else.
//
// Compaction: a warp's candidates get neighbouring places in the slot's list of keys through one atomic addition. Their order
// in the list is left to chance, but a key holds the score and the anchor's index, so that the sorted list is always the same.
// What else there is of a candidate lies in arrays that the anchor's index addresses: nothing needs to be moved when keys are.
// Boxes that are not finite, or below one network pixel a side within the image, get no key.
//
// Block: 256. Grid: ceil(most anchors of a head / 256), slots, heads. Shared memory: none.
// Bound by memory: the objectness plane is read whole and in lines; of the rest what belongs to candidates.
#include "exponential.cuh"
#include "geometry.cuh"
#include "parameters.cuh"

constexpr int DecodeThreads = 256;

// Sorts by (score descending, anchor index ascending): the bits of a float that is not negative order as the float does.
__device__ __forceinline__ unsigned long long candidate_key(float score, int anchor_index) {
  const unsigned score_bits = static_cast<unsigned>(__float_as_int(score));
  return static_cast<unsigned long long>(~score_bits) << 32 | static_cast<unsigned>(anchor_index);
}

// The largest logit's class, the first of equals; -1 where none is above minus infinity.
__device__ __forceinline__ int best_class(const float* logits, int class_count, long long plane, float* largest) {
  int best = -1;
  *largest = negative_infinity();
  for (int class_id = 0; class_id < class_count; class_id++) {
    const float logit = logits[class_id * plane];
    if (logit > *largest) {
      *largest = logit;
      best = class_id;
    }
  }

  return best;
}

__device__ __forceinline__ Box decoded_box(const float* values, long long plane, int column, int row, int stride, const float* size) {
  const float centre_x = (2.0f * sigmoid(values[0]) - 0.5f + column) * stride;
  const float centre_y = (2.0f * sigmoid(values[plane]) - 0.5f + row) * stride;
  const float width_factor = 2.0f * sigmoid(values[2 * plane]);
  const float height_factor = 2.0f * sigmoid(values[3 * plane]);
  const float half_width = width_factor * width_factor * size[0] / 2.0f;
  const float half_height = height_factor * height_factor * size[1] / 2.0f;
  return {centre_x - half_width, centre_y - half_height, centre_x + half_width, centre_y + half_height};
}

// keys:    [slots, key_capacity]
// boxes:   [slots, total_anchors], in network pixels, clipped to the content; written where there is a candidate
// classes: [slots, total_anchors], likewise
// counts:  [slots], 0 before the launch
extern "C" __global__ void __launch_bounds__(DecodeThreads)
decode_anchors(const Slot* __restrict__ slots, AnchorHeads heads, int key_capacity, unsigned long long* __restrict__ keys,
               Box* __restrict__ boxes, int* __restrict__ classes, int* __restrict__ counts) {
  const int slot_index = static_cast<int>(blockIdx.y);
  const Slot slot = slots[slot_index];
  if (slot.task != Detect && slot.task != DetectAndSegment)
    return;

  const AnchorHead& head = heads.heads[blockIdx.z];
  const int plane = head.columns * head.rows;
  const int anchors = plane * head.anchor_count;
  const int index = static_cast<int>(blockIdx.x * DecodeThreads + threadIdx.x);
  const int anchor = index / plane;
  const int cell = index - anchor * plane;
  const int channels = 5 + heads.class_count;
  const float* values = head.values + (static_cast<long long>(slot_index) * head.anchor_count + anchor) * channels * plane + cell;

  bool is_candidate = index < anchors && values[4ll * plane] >= slot.min_objectness_logit;
  int class_id = -1;
  float score = 0.0f;
  Box box = {};
  if (is_candidate) {
    float class_logit;
    class_id = best_class(values + 5ll * plane, heads.class_count, plane, &class_logit);
    score = sigmoid(values[4ll * plane]) * sigmoid(class_logit);

    // Written so that NaN is left out.
    is_candidate = class_id >= 0 && score >= slot.candidate_min_score;
  }

  if (is_candidate) {
    const int row = cell / head.columns;
    box = decoded_box(values, plane, cell - row * head.columns, row, head.stride, head.anchor_sizes[anchor]);
    box = clipped_to_content(box, slot);
    is_candidate = is_at_least_one_pixel(box);
  }

  const unsigned candidates = __ballot_sync(FullWarp, is_candidate);
  if (candidates == 0)
    return;
  const int lane = static_cast<int>(threadIdx.x) % Warp;
  const int leader = __ffs(static_cast<int>(candidates)) - 1;
  int first = 0;
  if (lane == leader)
    first = atomicAdd(&counts[slot_index], __popc(candidates));
  first = __shfl_sync(FullWarp, first, leader);
  if (!is_candidate)
    return;

  const int anchor_index = head.first_anchor + index;
  const long long candidate = static_cast<long long>(slot_index) * heads.total_anchors + anchor_index;
  const int place = first + __popc(candidates & ((1u << lane) - 1u));
  keys[static_cast<long long>(slot_index) * key_capacity + place] = candidate_key(score, anchor_index);
  boxes[candidate] = box;
  classes[candidate] = class_id;
}
REGISTER_KERNEL(decode_anchors, DecodeThreads)

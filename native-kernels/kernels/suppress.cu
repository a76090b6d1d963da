// Non-maximum suppression, class by class: best first, a box is left out when a kept one of its class overlaps it with an IoU
// above the threshold. Ends at the slot's most defects.
//
// Candidates come in chunks of 256, a thread for each. First every thread compares its candidate with all boxes kept so far;
// then those that are left are compared with the later ones of their chunk, a bit for each pair; then one warp walks through
// the chunk, from kept box to kept box, with the chunk's 256 bits in eight of its lanes. So no matrix over all candidates is
// stored, whatever their number, and the walk has as many steps as boxes are kept.
//
// Block: 256. Grid: slots. Shared memory: 15 KiB, and 24 bytes for each of max_rois (dynamic).
// Bound by computing: candidates times kept boxes, on one multiprocessor a slot. With some hundred candidates, the walk's
// latency counts for more.
#include "geometry.cuh"

constexpr int SuppressThreads = 256;
constexpr int ChunkWords = SuppressThreads / Warp;

// Strictly above; an IoU that is NaN suppresses nothing.
__device__ __forceinline__ bool overlaps(const Box& a, float area_a, const Box& b, float area_b, float threshold) {
  const float width = fminf(a.x2, b.x2) - fmaxf(a.x1, b.x1);
  const float height = fminf(a.y2, b.y2) - fmaxf(a.y1, b.y1);
  const float intersection = fmaxf(width, 0.0f) * fmaxf(height, 0.0f);
  return intersection / (area_a + area_b - intersection) > threshold;
}

// Boxes kept so far, in dynamic shared memory.
struct KeptBoxes {
  Box* boxes;
  float* areas;
  int* classes;
};

__device__ __forceinline__ bool is_suppressed(const KeptBoxes& kept, int count, const Box& box, float area, int class_id, float threshold) {
  for (int index = 0; index < count; index++) {
    if (kept.classes[index] == class_id && overlaps(box, area, kept.boxes[index], kept.areas[index], threshold))
      return true;
  }

  return false;
}

// One warp: which of the chunk's alive candidates stay, at most most of them, in their order. Returns how many.
__device__ __forceinline__ int walk_chunk(const unsigned* alive, const unsigned* suppresses, int most, int* stay) {
  const int lane = static_cast<int>(threadIdx.x);
  unsigned word = lane < ChunkWords ? alive[lane] : 0u;
  int count = 0;
  while (count < most) {
    const unsigned lanes = __ballot_sync(FullWarp, word != 0u);
    if (lanes == 0u)
      break;
    const int first_lane = __ffs(static_cast<int>(lanes)) - 1;
    const int bit = __ffs(static_cast<int>(__shfl_sync(FullWarp, word, first_lane))) - 1;
    const int index = first_lane * Warp + bit;
    if (lane < ChunkWords)
      word &= ~suppresses[index * ChunkWords + lane];
    if (lane == first_lane)
      word &= ~(1u << bit);
    if (lane == 0)
      stay[count] = index;
    count++;
  }

  return count;
}

// counts:        [slots], candidates
// keys:          [slots, key_capacity], sorted
// boxes:         [slots, total_anchors], by anchor index
// classes:       [slots, total_anchors], likewise
// regions:       [slots, max_rois], best first
// region_counts: [slots]; those of slots with other tasks are left as they are
extern "C" __global__ void __launch_bounds__(SuppressThreads)
suppress(const Slot* __restrict__ slots, const int* __restrict__ counts, const unsigned long long* __restrict__ keys,
         int key_capacity, const Box* __restrict__ boxes, const int* __restrict__ classes, int total_anchors,
         int max_candidates, int max_rois, Region* __restrict__ regions, int* __restrict__ region_counts) {
  DYNAMIC_SHARED(char, dynamic);
  SHARED_ARRAY(Box, chunk_boxes, SuppressThreads);
  SHARED_ARRAY(float, chunk_areas, SuppressThreads);
  SHARED_ARRAY(int, chunk_classes, SuppressThreads);
  SHARED_ARRAY(unsigned, suppresses, SuppressThreads * ChunkWords);
  SHARED_ARRAY(unsigned, alive, ChunkWords);
  SHARED_ARRAY(int, stay, SuppressThreads);
  SHARED_ARRAY(int, stay_count, 1);

  const int slot_index = static_cast<int>(blockIdx.x);
  const Slot slot = slots[slot_index];
  if (slot.task != Detect && slot.task != DetectAndSegment)
    return;

  KeptBoxes kept;
  kept.boxes = reinterpret_cast<Box*>(dynamic);
  kept.areas = reinterpret_cast<float*>(kept.boxes + max_rois);
  kept.classes = reinterpret_cast<int*>(kept.areas + max_rois);

  keys += static_cast<long long>(slot_index) * key_capacity;
  boxes += static_cast<long long>(slot_index) * total_anchors;
  classes += static_cast<long long>(slot_index) * total_anchors;
  regions += static_cast<long long>(slot_index) * max_rois;
  const int candidates = minimum(minimum(counts[slot_index], max_candidates), total_anchors);
  const int most = minimum(slot.max_defects, max_rois);
  const int thread = static_cast<int>(threadIdx.x);
  int kept_count = 0;

  for (int first = 0; first < candidates && kept_count < most; first += SuppressThreads) {
    const int chunk_size = minimum(SuppressThreads, candidates - first);
    unsigned long long key = 0;
    Box box = {};
    float area = 0.0f;
    int class_id = -1;
    bool is_alive = thread < chunk_size;
    if (is_alive) {
      key = keys[first + thread];
      const int anchor_index = static_cast<int>(key);
      box = boxes[anchor_index];
      area = area_of(box);
      class_id = classes[anchor_index];
      is_alive = !is_suppressed(kept, kept_count, box, area, class_id, slot.iou_threshold);
    }

    chunk_boxes[thread] = box;
    chunk_areas[thread] = area;
    chunk_classes[thread] = class_id;
    const unsigned alive_lanes = __ballot_sync(FullWarp, is_alive);
    if (thread % Warp == 0)
      alive[thread / Warp] = alive_lanes;
    __syncthreads();

    for (int word = 0; word < ChunkWords; word++) {
      unsigned bits = 0u;
      const int end = minimum(word * Warp + Warp, chunk_size);
      for (int other = maximum(word * Warp, thread + 1); is_alive && other < end; other++) {
        if (chunk_classes[other] == class_id
            && overlaps(box, area, chunk_boxes[other], chunk_areas[other], slot.iou_threshold))
          bits |= 1u << (other % Warp);
      }

      suppresses[thread * ChunkWords + word] = bits;
    }

    __syncthreads();
    if (thread < Warp) {
      const int count = walk_chunk(alive, suppresses, most - kept_count, stay);
      if (thread == 0)
        *stay_count = count;
    }

    __syncthreads();
    const int new_count = *stay_count;
    if (thread < new_count) {
      const int source = stay[thread];
      const int place = kept_count + thread;
      const Box kept_box = chunk_boxes[source];
      const unsigned long long kept_key = keys[first + source];
      kept.boxes[place] = kept_box;
      kept.areas[place] = chunk_areas[source];
      kept.classes[place] = chunk_classes[source];

      Region region;
      region.network_box = kept_box;
      region.image_box = to_image(kept_box, slot);
      region.score = __int_as_float(static_cast<int>(~static_cast<unsigned>(kept_key >> 32)));
      region.class_id = chunk_classes[source];
      region.anchor_index = static_cast<int>(kept_key);
      region.slot = slot_index;
      regions[place] = region;
    }

    kept_count += new_count;
    __syncthreads();
  }

  if (thread == 0)
    region_counts[slot_index] = kept_count;
}
REGISTER_KERNEL(suppress, SuppressThreads)

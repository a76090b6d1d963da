// The regions that the second network looks at, of all slots, one after the other: what a slot has goes behind what the slots
// before it have. The counts never leave the device.
//
// A thread writes entries of one slot's part of the list.
//
// Block: 256. Grid: slots. Shared memory: none. Bound by the launch.
#include "records.cuh"

constexpr int ListThreads = 256;

__device__ __forceinline__ int region_count_of(const Slot& slot, int count, int max_rois) {
  return slot.task == DetectAndSegment || slot.task == Segment ? minimum(count, max_rois) : 0;
}

// region_counts: [slots]
// list:          [slots * max_rois], index into the regions [slots, max_rois]
// first_regions: [slots], where a slot's part of the list begins
// total:         [1], length of the list
extern "C" __global__ void __launch_bounds__(ListThreads)
list_regions(const Slot* __restrict__ slots, const int* __restrict__ region_counts, int max_rois, int* __restrict__ list,
             int* __restrict__ first_regions, int* __restrict__ total) {
  const int slot_index = static_cast<int>(blockIdx.x);
  int first = 0;
  for (int before = 0; before < slot_index; before++)
    first += region_count_of(slots[before], region_counts[before], max_rois);
  const int count = region_count_of(slots[slot_index], region_counts[slot_index], max_rois);

  for (int index = static_cast<int>(threadIdx.x); index < count; index += ListThreads)
    list[first + index] = slot_index * max_rois + index;
  if (threadIdx.x == 0) {
    first_regions[slot_index] = first;
    if (blockIdx.x == gridDim.x - 1)
      *total = first + count;
  }
}
REGISTER_KERNEL(list_regions, ListThreads)

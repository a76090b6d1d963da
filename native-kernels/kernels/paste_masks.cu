// Mask logits to bits: the class's map of [mask_size, mask_size] is spread over the unrefined box, bilinear between cell
// centres with its border replicated, compared with the threshold at the image's resolution and packed, eight pixels to a byte,
// the left-most in the highest bit. A mask is [height, ceil(width / 8)] bytes, the bits beyond the width 0.
//
// A block turns the region's logits into probabilities in shared memory, once. A warp then takes a tile of 32 x 32 pixels:
// each lane works out the cells of one column and of one row, in double as the CPU operator does; row after row, a lane
// computes the pixel of its column, and a vote of the warp makes the row's 32 bits, which one lane keeps and writes.
//
// Block: 256. Grid: x blocks that share an instance's tiles, y instances; both any size, the blocks go on to further ones.
// Shared memory: 4 * mask_size^2 bytes (dynamic) where that is at most 48 KiB; none for larger masks, whose
// probabilities are computed where they are needed.
// Bound by computing: about 20 operations a pixel; writes are an eighth of a byte a pixel.
#include "exponential.cuh"
#include "geometry.cuh"
#include "parameters.cuh"

constexpr int PasteThreads = 256;
constexpr int PasteWarps = PasteThreads / Warp;
constexpr int MaxStagedCells = 48 * 1024 / 4;

// The probabilities of a region's class: staged in shared memory, or still logits.
struct MaskCells {
  const float* values;
  bool are_logits;
};

__device__ __forceinline__ float probability_of(const MaskCells& cells, int index) {
  const float value = cells.values[index];
  return cells.are_logits ? sigmoid(value) : value;
}

// The cell at or before a pixel's centre, and the weight of the next one.
struct CellPlace {
  int cell;
  float weight;
};

__device__ __forceinline__ CellPlace cell_place(int pixel, float start, float end, int mask_size) {
  const double position = (pixel + 0.5 - start) / (static_cast<double>(end) - start) * mask_size - 0.5;
  const double clamped = clamp(position, 0.0, static_cast<double>(mask_size - 1));
  const int cell = static_cast<int>(clamped);
  return {cell, static_cast<float>(clamped - cell)};
}

__device__ __forceinline__ float mask_value(const MaskCells& cells, int mask_size, const CellPlace& row, const CellPlace& column) {
  const int top = row.cell * mask_size;
  const int bottom = minimum(row.cell + 1, mask_size - 1) * mask_size;
  const int left = column.cell;
  const int right = minimum(column.cell + 1, mask_size - 1);
  const float left_value = probability_of(cells, top + left) * (1.0f - row.weight) + probability_of(cells, bottom + left) * row.weight;
  const float right_value =
      probability_of(cells, top + right) * (1.0f - row.weight) + probability_of(cells, bottom + right) * row.weight;
  return left_value * (1.0f - column.weight) + right_value * column.weight;
}

// Writes the tile's word of one row, as far as the row goes; word: the left-most pixel in the highest bit.
__device__ __forceinline__ void write_word(unsigned char* row, int row_bytes, int first_byte, unsigned word) {
  for (int index = 0; index < 4 && first_byte + index < row_bytes; index++)
    row[first_byte + index] = static_cast<unsigned char>(word >> (24 - 8 * index));
}

__device__ __forceinline__ void paste_tile(
    const MaskCells& cells, const Refinement& refinement, const Box& box, const Instance& instance, int tile_x, int tile_y,
    unsigned char* mask) {
  const int lane = static_cast<int>(threadIdx.x) % Warp;
  const CellPlace column = cell_place(instance.mask_x + tile_x + lane, box.x1, box.x2, refinement.mask_size);
  const CellPlace own_row = cell_place(instance.mask_y + tile_y + lane, box.y1, box.y2, refinement.mask_size);
  const bool is_column = tile_x + lane < instance.mask_width;
  const int rows = minimum(Warp, instance.mask_height - tile_y);
  unsigned own_word = 0u;
  for (int index = 0; index < rows; index++) {
    const CellPlace row = {__shfl_sync(FullWarp, own_row.cell, index), __shfl_sync(FullWarp, own_row.weight, index)};
    const bool is_inside = is_column && mask_value(cells, refinement.mask_size, row, column) > refinement.mask_threshold;
    const unsigned word = __brev(__ballot_sync(FullWarp, is_inside));
    own_word = index == lane ? word : own_word;
  }

  const int row_bytes = (instance.mask_width + 7) / 8;
  if (lane < rows)
    write_word(mask + static_cast<long long>(tile_y + lane) * row_bytes, row_bytes, tile_x / 8, own_word);
}

// regions:      [slots, max_rois]
// list:         [total], index into the regions
// region_count: [1], length of the list
// mask_logits:  [chunk.capacity, class_count, mask_size, mask_size] float32
// instances:    [total]
// arena:        [arena_bytes]; every byte of a mask that has a place is written, no other
extern "C" __global__ void __launch_bounds__(PasteThreads)
paste_masks(const Region* __restrict__ regions, const int* __restrict__ list, const int* __restrict__ region_count,
            RegionChunk chunk, Refinement refinement, const float* __restrict__ mask_logits,
            const Instance* __restrict__ instances, unsigned char* __restrict__ arena) {
  DYNAMIC_SHARED(float, staged);
  const int cell_count = refinement.mask_size * refinement.mask_size;
  const bool is_staged = cell_count <= MaxStagedCells;
  const int thread = static_cast<int>(threadIdx.x);
  const int end = minimum(*region_count - chunk.first, chunk.capacity);
  for (int place = static_cast<int>(blockIdx.y); place < end; place += static_cast<int>(gridDim.y)) {
    const Instance instance = instances[chunk.first + place];
    if (!instance.is_kept || instance.mask_offset < 0)
      continue;

    const int columns = (instance.mask_width + Warp - 1) / Warp;
    const int rows = (instance.mask_height + Warp - 1) / Warp;
    const long long tiles = static_cast<long long>(columns) * rows;
    if (static_cast<long long>(blockIdx.x) * PasteWarps >= tiles)
      continue;

    const float* logits = mask_logits + (static_cast<long long>(place) * refinement.class_count + instance.class_id) * cell_count;
    MaskCells cells = {logits, true};
    if (is_staged) {
      __syncthreads();
      for (int index = thread; index < cell_count; index += PasteThreads)
        staged[index] = sigmoid(logits[index]);
      __syncthreads();
      cells = {staged, false};
    }

    const Box box = regions[list[chunk.first + place]].image_box;
    for (long long tile = static_cast<long long>(blockIdx.x) * PasteWarps + thread / Warp; tile < tiles;
         tile += static_cast<long long>(gridDim.x) * PasteWarps) {
      const int tile_row = static_cast<int>(tile / columns);
      const int tile_column = static_cast<int>(tile - static_cast<long long>(tile_row) * columns);
      paste_tile(cells, refinement, box, instance, tile_column * Warp, tile_row * Warp, arena + instance.mask_offset);
    }
  }
}
REGISTER_KERNEL(paste_masks, PasteThreads)

// Blocks of parameters that kernels take by value: what is constant for a model. README.md gives the offsets.
#pragma once

#include "device.cuh"

// The network's input, [slots, channels, height, width] float32; constant for a model.
struct NetworkInput {
  int channels;  // 1 or 3
  int height;
  int width;
  float surround;  // sample around the image, of 255
  float mean[3];
  float std[3];
};
static_assert(sizeof(NetworkInput) == 40);

constexpr int MaxHeads = 8;
constexpr int MaxAnchorsOfHead = 16;

// An output of the first network, [slots, anchor_count * (5 + classes), rows, columns] float32.
struct AnchorHead {
  const float* values;
  int columns;
  int rows;
  int stride;
  int anchor_count;
  int first_anchor;  // anchors of the heads before this one
  int reserved;
  float anchor_sizes[MaxAnchorsOfHead][2];  // width, height in network pixels
};
static_assert(sizeof(AnchorHead) == 160);

struct AnchorHeads {
  int class_count;
  int total_anchors;  // of all heads: most candidates of a slot
  AnchorHead heads[MaxHeads];
};
static_assert(sizeof(AnchorHeads) == 1288);

constexpr int MaxLevels = 5;

// A feature map, or the network's input, [slots, channels, height, width].
struct RegionLevel {
  const void* values;
  int height;
  int width;
  float spatial_scale;  // source pixels for each network pixel
  int reserved;
};
static_assert(sizeof(RegionLevel) == 24);

// An entry of the manifest's regions.inputs.
struct RegionInput {
  RegionLevel levels[MaxLevels];  // the finest first
  int level_count;
  float second_level_area;  // in square network pixels; regions below it belong to the first level, each further level begins
                            // at four times its predecessor's
  int channels;
  int output_size;
  int sampling_ratio;
  int unshuffle;
  int first_channel;   // of the output, where this input's channels begin
  int total_channels;  // of the output
};
static_assert(sizeof(RegionInput) == 152);

// Of the batch's regions those that one run of the second network takes.
struct RegionChunk {
  int first;
  int capacity;
};
static_assert(sizeof(RegionChunk) == 8);

// How the second network's outputs are read; constant for a model.
struct Refinement {
  int class_count;
  int mask_size;
  float mask_threshold;
  float log_scale_clamp;
  float delta_weights[4];
  int uses_stage1_score;  // 0: the square root of both stages' scores
};
static_assert(sizeof(Refinement) == 36);

// What the host and the kernels share in device memory. README.md gives the offsets; the host's copies must have the same.
#pragma once

#include "device.cuh"

// A rectangle by its corners, continuous; one vector load.
struct alignas(16) Box {
  float x1;
  float y1;
  float x2;
  float y2;
};

// How the samples of a raw frame lie in memory. Rows are Slot::stride bytes apart; 16-bit samples are little-endian and need
// no alignment.
enum SampleFormat {
  Grey8 = 0,
  Grey16 = 1,
  Rgb8 = 2,
  Bgr8 = 3,
  Rgb16 = 4,
  BayerRg8 = 5,  // the top-left 2 x 2 cell is R G / G B; at least 2 x 2 pixels
};

// What is to be done with a slot's image.
enum Task {
  NoTask = 0,  // the slot is left out by every kernel
  Detect = 1,
  DetectAndSegment = 2,
  Segment = 3,   // the host has written the slot's regions
  Classify = 4,  // class map of a semantic model
};

// One inspection of the batch; written by the host.
struct Slot {
  const unsigned char* pixels;  // [image_height] rows of samples
  unsigned char* class_map;     // [image_height, image_width], written by class_map; not used by the other tasks
  int image_width;
  int image_height;
  int stride;
  int format;
  float max_sample;  // what stands for 1.0: 255, 1023, 4095 or 65535
  int task;

  // Where the image lies in the network's input, in network pixels.
  int content_width;
  int content_height;
  int left;
  int top;

  float candidate_min_score;   // candidates below it are left out
  float min_objectness_logit;  // at or below the logit of candidate_min_score
  float iou_threshold;
  int max_defects;
  float min_score;  // of refined instances; not used by Segment
  int reserved;
};
static_assert(sizeof(Slot) == 80);

// What the second network looks at: a candidate that suppression kept, or a caller's box.
struct Region {
  Box network_box;  // in network pixels
  Box image_box;    // the same in image pixels
  float score;
  int class_id;  // -1: the second network is to choose
  int anchor_index;
  int slot;
};
static_assert(sizeof(Region) == 48);

// A region after the second network, and where its mask lies.
struct Instance {
  Box image_box;  // refined, in image pixels
  float score;
  int class_id;
  int anchor_index;
  int slot;

  // The mask's rectangle in image pixels, and its first byte in the arena: -1 where there is no mask.
  int mask_x;
  int mask_y;
  int mask_width;
  int mask_height;
  int mask_offset;

  int is_kept;  // 0: below the score, or its box is gone
  int reserved[2];
};
static_assert(sizeof(Instance) == 64);

// How full the arena of the masks is.
struct ArenaState {
  long long needed_bytes;  // what all masks take so far; above the capacity, some are missing
  int missing_masks;
  int reserved;
};
static_assert(sizeof(ArenaState) == 16);


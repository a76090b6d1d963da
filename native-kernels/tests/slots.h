// Slots as the host fills them.
#pragma once

#include <cmath>

#include "device.h"

// An image fitted into the network's input: as large as it goes, in the middle.
inline Slot fitted_slot(int image_width, int image_height, int network_width, int network_height, int task) {
  Slot slot = {};
  const double scale =
      std::fmin(static_cast<double>(network_width) / image_width, static_cast<double>(network_height) / image_height);
  slot.image_width = image_width;
  slot.image_height = image_height;
  slot.content_width = std::max(1, static_cast<int>(std::round(image_width * scale)));
  slot.content_height = std::max(1, static_cast<int>(std::round(image_height * scale)));
  slot.left = (network_width - slot.content_width) / 2;
  slot.top = (network_height - slot.content_height) / 2;
  slot.task = task;
  slot.max_sample = 255.0f;
  return slot;
}

// Filters of a detection.
inline void set_limits(Slot& slot, float candidate_min_score, float iou_threshold, int max_defects) {
  slot.candidate_min_score = candidate_min_score;
  const double score = candidate_min_score;
  slot.min_objectness_logit = static_cast<float>(std::fmin(std::log(score / (1.0 - score)), 14.0) - 0.1);
  slot.iou_threshold = iou_threshold;
  slot.max_defects = max_defects;
}

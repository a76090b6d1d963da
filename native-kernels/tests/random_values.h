// Random values that are the same with every standard library.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

class RandomValues {
 public:
  explicit RandomValues(uint32_t seed) : engine_(seed) {}

  // In [low, high).
  float uniform(float low, float high) { return low + (high - low) * static_cast<float>(engine_() >> 8) / 16777216.0f; }

  // In [low, high].
  int whole(int low, int high) { return low + static_cast<int>(engine_() % static_cast<uint32_t>(high - low + 1)); }

  std::vector<float> floats(size_t count, float low, float high) {
    std::vector<float> values(count);
    for (float& value : values)
      value = uniform(low, high);
    return values;
  }

 private:
  std::mt19937 engine_;
};

// What stands for a device in the tests: arrays as long as a kernel may use and not a byte longer, and launches by name.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../emulation/emulation.h"
#include "../kernels/parameters.cuh"
#include "../kernels/records.cuh"

constexpr float NaN = std::numeric_limits<float>::quiet_NaN();
constexpr float Infinity = std::numeric_limits<float>::infinity();

// Device memory. Its bytes are 0xff until they are written, which are NaN as floats and -1 as whole numbers; it lies on the
// heap alone, so that the address sanitizer sees what goes beyond it.
template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(size_t count) : count_(count), values_(static_cast<T*>(malloc(count * sizeof(T)))) {
    memset(static_cast<void*>(values_), 0xff, count * sizeof(T));
  }

  DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    std::copy(values.begin(), values.end(), values_);
  }

  ~DeviceArray() { free(values_); }

  DeviceArray(DeviceArray&& other) noexcept : count_(std::exchange(other.count_, 0)), values_(std::exchange(other.values_, nullptr)) {}
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  T* data() { return values_; }
  const T* data() const { return values_; }
  size_t size() const { return count_; }
  T& operator[](size_t index) { return values_[index]; }
  const T& operator[](size_t index) const { return values_[index]; }
  std::vector<T> values() const { return std::vector<T>(values_, values_ + count_); }

 private:
  size_t count_;
  T* values_;
};

inline emulation::Dimensions blocks(unsigned x, unsigned y = 1, unsigned z = 1) { return {x, y, z}; }

// Launches a kernel as the host does: by name, with one pointer for each argument. The arguments must have the parameters' sizes.
template <class... Arguments>
void launch(const char* name, emulation::Dimensions grid, emulation::Dimensions block, size_t shared_bytes, Arguments... arguments) {
  const emulation::Kernel* kernel = emulation::find(name);
  if (kernel == nullptr)
    throw emulation::Fault(std::string("there is no kernel '") + name + "'");
  if (kernel->parameter_sizes != std::vector<size_t>{sizeof(Arguments)...})
    throw emulation::Fault(std::string(name) + ": the test's arguments have other sizes than the kernel's parameters");
  void* pointers[] = {&arguments...};
  emulation::Launch shape;
  shape.grid = grid;
  shape.block = block;
  shape.shared_bytes = shared_bytes;
  shape.schedule = emulation::schedule_of_environment();
  emulation::launch(*kernel, shape, pointers);
}

inline unsigned ceiling_divide(unsigned value, unsigned divisor) { return (value + divisor - 1) / divisor; }

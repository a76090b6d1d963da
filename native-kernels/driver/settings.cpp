#include "settings.h"

#include <errno.h>
#include <stdlib.h>

#include <string>

#include "status.h"

namespace standin {

namespace {

uint64_t number(const char* name, uint64_t standard, uint64_t least, uint64_t most) {
  const char* text = getenv(name);
  if (text == nullptr)
    return standard;
  char* end = nullptr;
  errno = 0;
  const uint64_t value = strtoull(text, &end, 10);
  if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value < least || value > most) {
    throw Refusal(Status::OperatingSystem, std::string(name) + " is '" + text + "'; it must be a number from "
                                               + std::to_string(least) + " to " + std::to_string(most));
  }

  return value;
}

Settings read() {
  const Settings standard;
  Settings read;
  read.devices = static_cast<int>(number("CUDA_STANDIN_DEVICES", standard.devices, 0, 8));
  read.driver_version = static_cast<int>(number("CUDA_STANDIN_DRIVER_VERSION", standard.driver_version, 10000, 99990));
  read.compute_capability = static_cast<int>(number("CUDA_STANDIN_COMPUTE_CAPABILITY", standard.compute_capability, 50, 129));
  read.memory_bytes = number("CUDA_STANDIN_MEMORY_BYTES", standard.memory_bytes, 1, UINT64_MAX);
  read.lost_at_launch = number("CUDA_STANDIN_LOST_AT_LAUNCH", standard.lost_at_launch, 0, UINT64_MAX);
  read.init_error = static_cast<int>(number("CUDA_STANDIN_INIT_ERROR", standard.init_error, 0, 999));
  read.eager = number("CUDA_STANDIN_EAGER", standard.eager, 0, 1) != 0;
  return read;
}

}  // namespace

const Settings& settings() {
  static const Settings all = read();
  return all;
}

}  // namespace standin

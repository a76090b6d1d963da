// What the environment asks of the stand-in. README.md lists the variables.
#pragma once

#include <stdint.h>

namespace standin {

struct Settings {
  // CUDA_STANDIN_DEVICES, 0 to 8. Without a device cuInit says so, as a driver does.
  int devices = 1;

  // CUDA_STANDIN_DRIVER_VERSION, 1000 * major + 10 * minor, 10000 to 99990.
  int driver_version = 13000;

  // CUDA_STANDIN_COMPUTE_CAPABILITY, 10 * major + minor, 50 to 129.
  int compute_capability = 90;

  // CUDA_STANDIN_MEMORY_BYTES, bytes of each device's memory, at least 1.
  uint64_t memory_bytes = 8ull << 30;

  // CUDA_STANDIN_LOST_AT_LAUNCH: the device is lost while it runs this launch of the process, counted from 1. 0: never.
  uint64_t lost_at_launch = 0;

  // CUDA_STANDIN_INIT_ERROR: the code that cuInit gives. 0: none.
  int init_error = 0;

  // CUDA_STANDIN_EAGER, 0 or 1: work runs when it is enqueued, and not when somebody waits for it.
  bool eager = false;
};

// Read at the first call. Throws a Refusal that names the variable and its range.
const Settings& settings();

}  // namespace standin

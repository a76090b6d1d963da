// cuInit, versions, devices, error texts.
#include <stdio.h>

#include "call.h"
#include "limits.h"
#include "settings.h"

using namespace standin;

namespace {

constexpr int LargestAttribute = 150;

// The attributes of CUdevice_attribute that this device has; the others are 0.
int attribute_of_device(int attribute) {
  switch (attribute) {
    case 1: return MaxThreads;
    case 2: return MaxBlockX;
    case 3: return MaxBlockY;
    case 4: return MaxBlockZ;
    case 5: return MaxGridX;
    case 6: case 7: return MaxGridYZ;
    case 8: return static_cast<int>(MaxSharedBytes);
    case 9: return 65536;                // constant memory, in bytes
    case 10: return 32;                  // threads of a warp
    case 11: return 2147483647;          // largest pitch, in bytes
    case 12: case 82: return 65536;      // registers of a block, of a multiprocessor
    case 13: case 36: return 1000000;    // clocks of cores and memory, in kHz
    case 14: return 512;                 // alignment of textures, in bytes
    case 16: return 4;                   // multiprocessors
    case 19: case 31: case 41: return 1; // maps host memory, runs kernels side by side, one address space with the host
    case 37: return 256;                 // width of the memory's bus, in bits
    case 38: return 4 << 20;             // level 2 cache, in bytes
    case 39: return 2048;                // threads of a multiprocessor
    case 40: return 2;                   // engines for copies
    case 75: return settings().compute_capability / 10;
    case 76: return settings().compute_capability % 10;
    case 81: return static_cast<int>(MaxSharedBytesOnRequest) + 1024;
    case 97: return static_cast<int>(MaxSharedBytesOnRequest);
    default: return 0;
  }
}

}  // namespace

STANDIN_ENTRY cuInit(unsigned flags) {
  return call("cuInit", [&] {
    if (flags != 0)
      throw Refusal(Status::InvalidValue, "flags must be 0");
    if (settings().init_error != 0)
      throw Refusal(static_cast<Status>(settings().init_error), "CUDA_STANDIN_INIT_ERROR asks for this");
    if (settings().devices == 0)
      throw Refusal(Status::NoDevice, "CUDA_STANDIN_DEVICES is 0");
    Process::instance().is_started = true;
  });
}

STANDIN_ENTRY cuDriverGetVersion(int* version) {
  return call("cuDriverGetVersion", [&] { required(version, "version") = settings().driver_version; });
}

STANDIN_ENTRY cuDeviceGetCount(int* count) {
  return started_call("cuDeviceGetCount", [&] { required(count, "count") = settings().devices; });
}

STANDIN_ENTRY cuDeviceGet(int* device, int ordinal) {
  return started_call("cuDeviceGet", [&] {
    Process::instance().check_device(ordinal);
    required(device, "device") = ordinal;
  });
}

STANDIN_ENTRY cuDeviceGetName(char* name, int length, int device) {
  return started_call("cuDeviceGetName", [&] {
    Process::instance().check_device(device);
    required(name, "name");
    if (length < 1)
      throw Refusal(Status::InvalidValue, "length is " + std::to_string(length));
    snprintf(name, static_cast<size_t>(length), "Stand-in for a CUDA device (CPU)");
  });
}

STANDIN_ENTRY cuDeviceTotalMem_v2(size_t* bytes, int device) {
  return started_call("cuDeviceTotalMem_v2", [&] {
    Process::instance().check_device(device);
    required(bytes, "bytes") = settings().memory_bytes;
  });
}

STANDIN_ENTRY cuDeviceGetAttribute(int* value, int attribute, int device) {
  return started_call("cuDeviceGetAttribute", [&] {
    Process::instance().check_device(device);
    if (attribute < 1 || attribute > LargestAttribute)
      throw Refusal(Status::InvalidValue, "there is no attribute " + std::to_string(attribute));
    required(value, "value") = attribute_of_device(attribute);
  });
}

STANDIN_ENTRY cuGetErrorName(Status status, const char** text) {
  if (text == nullptr)
    return Status::InvalidValue;
  *text = name_of(status);
  return *text == nullptr ? Status::InvalidValue : Status::Success;
}

STANDIN_ENTRY cuGetErrorString(Status status, const char** text) {
  if (text == nullptr)
    return Status::InvalidValue;
  *text = description_of(status);
  return *text == nullptr ? Status::InvalidValue : Status::Success;
}

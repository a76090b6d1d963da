#include "module.h"

#include "limits.h"
#include "settings.h"
#include "status.h"

namespace standin {

namespace {

// The newest PTX that a driver compiles, 10 * major + minor: CUDA 11.0 brought 7.0, 12.0 brought 8.0, 13.0 brings 9.0.
int newest_ptx(int driver_version) {
  const int major = driver_version / 1000;
  const int minor = driver_version % 1000 / 10;
  if (major == 12 && minor >= 6)
    return 80 + minor - 1;
  if (major >= 11)
    return (major - 4) * 10 + minor;
  return 63 + (major - 10) * 10 + minor;
}

std::string dotted(int version) { return std::to_string(version / 10) + "." + std::to_string(version % 10); }

std::string list(const std::vector<size_t>& sizes) {
  std::string text;
  for (size_t size : sizes)
    text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "(" + text + ")";
}

void check(const PtxKernel& kernel, const emulation::Kernel* emulated) {
  if (emulated == nullptr)
    throw Refusal(Status::NoBinaryForGpu, "the kernel '" + kernel.name + "' has no emulation in the stand-in");
  std::vector<size_t> sizes;
  for (const PtxParameter& parameter : kernel.parameters)
    sizes.push_back(parameter.bytes);
  if (sizes != emulated->parameter_sizes) {
    throw Refusal(Status::InvalidImage, "the kernel '" + kernel.name + "' has parameters of " + list(sizes)
                                            + " bytes in the PTX and of " + list(emulated->parameter_sizes)
                                            + " in its source: the PTX is stale");
  }

  if (kernel.max_threads != emulated->max_threads) {
    throw Refusal(Status::InvalidImage, "the kernel '" + kernel.name + "' takes blocks of " + std::to_string(kernel.max_threads)
                                            + " threads by the PTX and of " + std::to_string(emulated->max_threads)
                                            + " by its source: the PTX is stale");
  }
}

}  // namespace

Module::Module(const char* image) {
  const Ptx ptx = read_ptx(image);
  const int newest = newest_ptx(settings().driver_version);
  if (ptx.version > newest) {
    throw Refusal(Status::UnsupportedPtxVersion,
                  "the PTX is of version " + dotted(ptx.version) + "; this driver knows up to " + dotted(newest));
  }

  if (ptx.target > settings().compute_capability) {
    throw Refusal(Status::NoBinaryForGpu, "the PTX is for sm_" + std::to_string(ptx.target) + "; the device is sm_"
                                              + std::to_string(settings().compute_capability));
  }

  for (const PtxKernel& kernel : ptx.kernels) {
    const emulation::Kernel* const emulated = emulation::find(kernel.name);
    check(kernel, emulated);
    const size_t dynamic = kernel.shared_bytes > MaxSharedBytes ? 0 : MaxSharedBytes - kernel.shared_bytes;
    functions_[kernel.name] = std::make_unique<Function>(Function{kernel, emulated, ptx.version, dynamic});
  }
}

Function* Module::function_named(const std::string& name) {
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : found->second.get();
}

Function* Module::function_of(void* handle) {
  for (const auto& [name, function] : functions_) {
    if (function.get() == handle)
      return function.get();
  }

  return nullptr;
}

}  // namespace standin

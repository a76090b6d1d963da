// A module: the kernels of a PTX text, each with its emulation.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "../emulation/registry.h"
#include "ptx.h"

namespace standin {

struct Function {
  PtxKernel ptx;
  const emulation::Kernel* emulated;
  int ptx_version;

  // Most bytes of dynamic shared memory at a launch.
  size_t max_dynamic_shared_bytes;
};

class Module {
 public:
  // Throws a Refusal for PTX that this driver or device cannot take, or whose kernels differ from the emulated ones.
  explicit Module(const char* image);

  // nullptr: no kernel of that name.
  Function* function_named(const std::string& name);

  // nullptr: no function of this module.
  Function* function_of(void* handle);

 private:
  std::map<std::string, std::unique_ptr<Function>> functions_;
};

}  // namespace standin

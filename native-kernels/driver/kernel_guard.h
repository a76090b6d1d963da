// While a kernel runs: an access outside memory ends the process, as it must, but says first which kernel did what.
#pragma once

#include <string>

namespace standin {

class Context;

// One at a time in the process.
class KernelGuard {
 public:
  KernelGuard(const std::string& kernel, const Context& context);
  ~KernelGuard();

  KernelGuard(const KernelGuard&) = delete;
  KernelGuard& operator=(const KernelGuard&) = delete;
};

}  // namespace standin

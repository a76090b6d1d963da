// What a driver takes from PTX text before it compiles it: versions, kernels, their parameters and limits.
#pragma once

#include <stddef.h>

#include <string>
#include <vector>

namespace standin {

struct PtxParameter {
  size_t bytes;
  size_t alignment;
};

struct PtxKernel {
  std::string name;
  std::vector<PtxParameter> parameters;

  // .maxntid, or 1024.
  unsigned max_threads = 1024;

  // Bytes of the shared arrays that its body names.
  size_t shared_bytes = 0;
};

struct Ptx {
  // .version, 10 * major + minor.
  int version = 0;

  // .target sm_NN.
  int target = 0;

  std::vector<PtxKernel> kernels;
};

// Throws a Refusal: InvalidImage for what is not PTX, InvalidPtx for PTX that is broken or does not end in NUL.
Ptx read_ptx(const char* image);

}  // namespace standin

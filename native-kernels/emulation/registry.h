// The kernels by name, and their launch with a void** argument list as cuLaunchKernel takes it.
#pragma once

#include <stdlib.h>

#include <map>
#include <tuple>
#include <type_traits>
#include <utility>

#include "block.h"

namespace emulation {

struct Launch {
  Dimensions grid;
  Dimensions block;
  size_t shared_bytes = 0;
  Schedule schedule = Schedule::Forward;
};

struct Kernel {
  std::string name;

  // Most threads of a block, as its __launch_bounds__ say.
  unsigned max_threads;

  // Bytes of each parameter, in their order.
  std::vector<size_t> parameter_sizes;

  // Makes the body that each thread runs, over copies of the arguments.
  std::function<std::function<void()>(void** arguments)> bind;
};

// EMULATION_SCHEDULE=reverse in the environment gives the other order; a value that is neither is a Fault.
inline Schedule schedule_of_environment() {
  const char* value = getenv("EMULATION_SCHEDULE");
  if (value == nullptr || strcmp(value, "forward") == 0)
    return Schedule::Forward;
  if (strcmp(value, "reverse") == 0)
    return Schedule::Reverse;
  throw Fault(std::string("EMULATION_SCHEDULE is '") + value + "'; it must be 'forward' or 'reverse'");
}

inline std::map<std::string, Kernel>& kernels() {
  static std::map<std::string, Kernel> all;
  return all;
}

// The kernel of a name, or nullptr.
inline const Kernel* find(const std::string& name) {
  const auto found = kernels().find(name);
  return found == kernels().end() ? nullptr : &found->second;
}

// Runs every block, one after the other. Throws a Fault that names the kernel.
inline void launch(const Kernel& kernel, const Launch& shape, void** arguments) {
  const std::string name = kernel.name + ": ";
  if (product(shape.grid) == 0 || product(shape.block) == 0)
    throw Fault(name + "the grid is " + text(shape.grid) + ", the block " + text(shape.block) + "; neither may be empty");
  if (product(shape.block) > kernel.max_threads) {
    throw Fault(name + "the block " + text(shape.block) + " has more than the kernel's " + std::to_string(kernel.max_threads)
                + " threads");
  }

  const std::function<void()> body = kernel.bind(arguments);
  Block block;
  block.grid = shape.grid;
  block.size = shape.block;
  for (block.index.z = 0; block.index.z < shape.grid.z; block.index.z++) {
    for (block.index.y = 0; block.index.y < shape.grid.y; block.index.y++) {
      for (block.index.x = 0; block.index.x < shape.grid.x; block.index.x++) {
        try {
          block.run(body, shape.shared_bytes, shape.schedule);
        } catch (const Fault& fault) {
          throw Fault(name + fault.what());
        }
      }
    }
  }
}

template <class... Parameters, size_t... Index>
std::function<void()> bind_arguments(void (*function)(Parameters...), void** arguments, std::index_sequence<Index...>) {
  std::tuple<std::remove_cv_t<Parameters>...> values;
  (memcpy(&std::get<Index>(values), arguments[Index], sizeof(std::get<Index>(values))), ...);
  return [function, values] { std::apply(function, values); };
}

template <class... Parameters>
bool add_kernel(const char* name, unsigned max_threads, void (*function)(Parameters...)) {
  kernels()[name] = Kernel{
      name,
      max_threads,
      {sizeof(Parameters)...},
      [function](void** arguments) { return bind_arguments(function, arguments, std::index_sequence_for<Parameters...>()); },
  };
  return true;
}

}  // namespace emulation

// All kernels on the CPU behind a C interface, for callers from other languages.
#include "../kernels/kernels.cu"

namespace {

void write_message(const char* text, char* message, size_t message_bytes) {
  if (message_bytes == 0)
    return;
  strncpy(message, text, message_bytes - 1);
  message[message_bytes - 1] = '\0';
}

}  // namespace

// Runs a kernel. Returns 0, or 1 with what went wrong in message, cut to its size. arguments: as for cuLaunchKernel, one
// pointer for each parameter. The order of the threads is that of EMULATION_SCHEDULE.
extern "C" __attribute__((visibility("default"))) int emulation_launch(
    const char* name, const unsigned grid[3], const unsigned block[3], size_t shared_bytes, void** arguments, char* message,
    size_t message_bytes) {
  const emulation::Kernel* kernel = emulation::find(name);
  if (kernel == nullptr) {
    write_message((std::string("there is no kernel '") + name + "'").c_str(), message, message_bytes);
    return 1;
  }

  try {
    emulation::Launch shape;
    shape.grid = {grid[0], grid[1], grid[2]};
    shape.block = {block[0], block[1], block[2]};
    shape.shared_bytes = shared_bytes;
    shape.schedule = emulation::schedule_of_environment();
    emulation::launch(*kernel, shape, arguments);
    return 0;
  } catch (const std::exception& exception) {
    write_message(exception.what(), message, message_bytes);
    return 1;
  }
}

// Number of a kernel's parameters, the first capacity of their sizes in sizes; -1: there is no such kernel.
extern "C" __attribute__((visibility("default"))) int emulation_parameters(const char* name, size_t* sizes, int capacity) {
  const emulation::Kernel* kernel = emulation::find(name);
  if (kernel == nullptr)
    return -1;
  const int count = static_cast<int>(kernel->parameter_sizes.size());
  for (int index = 0; index < count && index < capacity; index++)
    sizes[index] = kernel->parameter_sizes[index];
  return count;
}

// Most threads of a kernel's block; 0: there is no such kernel.
extern "C" __attribute__((visibility("default"))) unsigned emulation_max_threads(const char* name) {
  const emulation::Kernel* kernel = emulation::find(name);
  return kernel == nullptr ? 0 : kernel->max_threads;
}

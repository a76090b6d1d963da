// Kernels and host functions in a stream's order.
#include <string.h>

#include <vector>

#include "call.h"
#include "kernel_guard.h"
#include "limits.h"
#include "settings.h"

using namespace standin;

namespace {

// CU_LAUNCH_PARAM_...: how cuLaunchKernel's extra names its arguments.
void* const ExtraEnd = nullptr;
void* const ExtraBuffer = reinterpret_cast<void*>(1);
void* const ExtraBufferBytes = reinterpret_cast<void*>(2);

using Arguments = std::vector<std::vector<char>>;

std::vector<char> copy_of(const void* start, size_t bytes) {
  const char* const first = static_cast<const char*>(start);
  return std::vector<char>(first, first + bytes);
}

Arguments arguments_of_pointers(const Function& function, void** pointers) {
  Arguments arguments;
  for (size_t index = 0; index < function.ptx.parameters.size(); index++) {
    if (pointers[index] == nullptr)
      throw Refusal(Status::InvalidValue, "the pointer to argument " + std::to_string(index) + " is null");
    arguments.push_back(copy_of(pointers[index], function.ptx.parameters[index].bytes));
  }

  return arguments;
}

// The arguments lie one behind the other, each aligned as its type.
Arguments arguments_of_buffer(const Function& function, void** extra) {
  const char* buffer = nullptr;
  size_t bytes = 0;
  for (; *extra != ExtraEnd; extra += 2) {
    if (*extra == ExtraBuffer)
      buffer = static_cast<const char*>(extra[1]);
    else if (*extra == ExtraBufferBytes)
      bytes = *static_cast<const size_t*>(extra[1]);
    else
      throw Refusal(Status::InvalidValue, "extra has a name that is neither the buffer nor its size");
  }

  required(buffer, "the buffer of the arguments");
  Arguments arguments;
  size_t offset = 0;
  for (const PtxParameter& parameter : function.ptx.parameters) {
    offset = (offset + parameter.alignment - 1) / parameter.alignment * parameter.alignment;
    if (offset + parameter.bytes > bytes)
      throw Refusal(Status::InvalidValue, "the buffer of the arguments has " + std::to_string(bytes) + " bytes, too few");
    arguments.push_back(copy_of(buffer + offset, parameter.bytes));
    offset += parameter.bytes;
  }

  return arguments;
}

// A driver copies the arguments before it returns, so their memory may change at once.
Arguments copy_arguments(const Function& function, void** pointers, void** extra) {
  if (pointers != nullptr && extra != nullptr)
    throw Refusal(Status::InvalidValue, "the arguments are given both as pointers and in a buffer");
  if (pointers != nullptr)
    return arguments_of_pointers(function, pointers);
  if (extra != nullptr)
    return arguments_of_buffer(function, extra);
  if (!function.ptx.parameters.empty())
    throw Refusal(Status::InvalidValue, "the kernel has parameters, and no arguments are given");
  return {};
}

void check_shape(const Function& function, const emulation::Launch& shape) {
  const emulation::Dimensions& grid = shape.grid;
  const emulation::Dimensions& block = shape.block;
  const std::string given = "the grid is " + emulation::text(grid) + ", the block " + emulation::text(block) + ": ";
  if (product(grid) == 0 || product(block) == 0)
    throw Refusal(Status::InvalidValue, given + "neither may be empty");
  if (grid.x > MaxGridX || grid.y > MaxGridYZ || grid.z > MaxGridYZ)
    throw Refusal(Status::InvalidValue, given + "a grid has at most (2147483647, 65535, 65535) blocks");
  if (block.x > MaxBlockX || block.y > MaxBlockY || block.z > MaxBlockZ || product(block) > MaxThreads)
    throw Refusal(Status::InvalidValue, given + "a block has at most (1024, 1024, 64) and 1024 threads");
  if (product(block) > function.ptx.max_threads) {
    throw Refusal(Status::InvalidValue,
                  given + "this kernel's block has at most " + std::to_string(function.ptx.max_threads) + " threads");
  }

  if (shape.shared_bytes > function.max_dynamic_shared_bytes) {
    throw Refusal(Status::InvalidValue, std::to_string(shape.shared_bytes) + " bytes of dynamic shared memory; this kernel's most is "
                                            + std::to_string(function.max_dynamic_shared_bytes));
  }
}

void run(Context& context, const Function& function, emulation::Launch shape, Arguments& arguments) {
  std::vector<void*> pointers;
  for (std::vector<char>& argument : arguments)
    pointers.push_back(argument.data());
  try {
    const KernelGuard guard(function.ptx.name, context);
    shape.schedule = emulation::schedule_of_environment();
    emulation::launch(*function.emulated, shape, pointers.data());
  } catch (const emulation::Fault& fault) {
    throw Refusal(Status::LaunchFailed, fault.what());
  }

  if (const std::string damage = context.device_memory.damage(); !damage.empty())
    throw Refusal(Status::IllegalAddress, "the kernel '" + function.ptx.name + "' wrote " + damage);
}

}  // namespace

STANDIN_ENTRY cuLaunchKernel(void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,
                             unsigned block_z, unsigned shared_bytes, void* stream, void** pointers, void** extra) {
  return context_call("cuLaunchKernel", [&](Context& context) {
    const Function& launched = context.function(function);
    emulation::Launch shape;
    shape.grid = {grid_x, grid_y, grid_z};
    shape.block = {block_x, block_y, block_z};
    shape.shared_bytes = shared_bytes;
    try {
      check_shape(launched, shape);
      const auto arguments = std::make_shared<Arguments>(copy_arguments(launched, pointers, extra));
      const std::shared_ptr<Queue> queue = context.queue(stream);
      const bool loses_device = ++Process::instance().launches == settings().lost_at_launch;
      context.enqueue(queue, [&context, &launched, shape, arguments, loses_device] {
        if (loses_device) {
          Process::instance().lose_device(context.device);
          throw Refusal(Status::LaunchFailed, "CUDA_STANDIN_LOST_AT_LAUNCH: the device is lost");
        }

        run(context, launched, shape, *arguments);
      });
    } catch (const Refusal& refusal) {
      throw Refusal(refusal.status, "the kernel '" + launched.ptx.name + "': " + refusal.what());
    }
  });
}

STANDIN_ENTRY cuLaunchHostFunc(void* stream, void (*function)(void*), void* data) {
  return context_call("cuLaunchHostFunc", [&](Context& context) {
    if (function == nullptr)
      throw Refusal(Status::InvalidValue, "the function is null");
    context.enqueue(context.queue(stream), [=] {
      is_in_host_function() = true;
      function(data);
      is_in_host_function() = false;
    });
  });
}

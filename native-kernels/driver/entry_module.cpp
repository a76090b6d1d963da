// Modules and their kernels.
#include "call.h"
#include "limits.h"

using namespace standin;

namespace {

constexpr int MaxDynamicSharedBytesAttribute = 8;
constexpr int LargestAttribute = 15;

void load(Context& context, void** module, const void* image) {
  required(module, "module");
  *module = context.add_module(std::make_unique<Module>(&required(static_cast<const char*>(image), "image")));
}

// The attributes of CUfunction_attribute that an emulated kernel has; the others are 0.
int attribute_of_function(const Function& function, int attribute) {
  switch (attribute) {
    case 0: return static_cast<int>(function.ptx.max_threads);
    case 1: return static_cast<int>(function.ptx.shared_bytes);
    case 5: return function.ptx_version;
    case MaxDynamicSharedBytesAttribute: return static_cast<int>(function.max_dynamic_shared_bytes);
    default: return 0;
  }
}

}  // namespace

STANDIN_ENTRY cuModuleLoadData(void** module, const void* image) {
  return context_call("cuModuleLoadData", [&](Context& context) { load(context, module, image); });
}

STANDIN_ENTRY cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
  return context_call("cuModuleLoadDataEx", [&](Context& context) { load(context, module, image); });
}

STANDIN_ENTRY cuModuleUnload(void* module) {
  return context_call("cuModuleUnload", [&](Context& context) {
    // What is enqueued may be the module's kernels.
    context.finish_all();
    context.remove_module(module);
  });
}

STANDIN_ENTRY cuModuleGetFunction(void** function, void* module, const char* name) {
  return context_call("cuModuleGetFunction", [&](Context& context) {
    required(function, "function");
    Function* const found = context.module(module).function_named(&required(name, "name"));
    if (found == nullptr)
      throw Refusal(Status::NotFound, std::string("the module has no kernel '") + name + "'");
    *function = found;
  });
}

STANDIN_ENTRY cuFuncGetAttribute(int* value, int attribute, void* function) {
  return context_call("cuFuncGetAttribute", [&](Context& context) {
    if (attribute < 0 || attribute > LargestAttribute)
      throw Refusal(Status::InvalidValue, "there is no attribute " + std::to_string(attribute));
    required(value, "value") = attribute_of_function(context.function(function), attribute);
  });
}

STANDIN_ENTRY cuFuncSetAttribute(void* function, int attribute, int value) {
  return context_call("cuFuncSetAttribute", [&](Context& context) {
    Function& changed = context.function(function);
    if (attribute != MaxDynamicSharedBytesAttribute)
      throw Refusal(Status::InvalidValue, "the attribute " + std::to_string(attribute) + " cannot be set");
    const size_t most = MaxSharedBytesOnRequest - changed.ptx.shared_bytes;
    if (value < 0 || static_cast<size_t>(value) > most) {
      throw Refusal(Status::InvalidValue, std::to_string(value) + " bytes of dynamic shared memory were asked for; "
                                              + std::to_string(most) + " is the most");
    }

    changed.max_dynamic_shared_bytes = static_cast<size_t>(value);
  });
}

// Primary contexts, and which context is current to a thread.
#include "call.h"

using namespace standin;

STANDIN_ENTRY cuDevicePrimaryCtxRetain(void** context, int device) {
  return started_call("cuDevicePrimaryCtxRetain", [&] {
    required(context, "context") = Process::instance().retain_primary(device);
  });
}

STANDIN_ENTRY cuDevicePrimaryCtxRelease_v2(int device) {
  return started_call("cuDevicePrimaryCtxRelease_v2", [&] { Process::instance().release_primary(device); });
}

STANDIN_ENTRY cuDevicePrimaryCtxReset_v2(int device) {
  return started_call("cuDevicePrimaryCtxReset_v2", [&] { Process::instance().reset_primary(device); });
}

STANDIN_ENTRY cuDevicePrimaryCtxSetFlags_v2(int device, unsigned) {
  return started_call("cuDevicePrimaryCtxSetFlags_v2", [&] { Process::instance().check_device(device); });
}

STANDIN_ENTRY cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
  return started_call("cuDevicePrimaryCtxGetState", [&] {
    Process::instance().check_device(device);
    required(flags, "flags") = 0;
    required(active, "active") = Process::instance().primary_is_active(device);
  });
}

STANDIN_ENTRY cuCtxSetCurrent(void* handle) {
  return started_call("cuCtxSetCurrent", [&] {
    Context* const context = Process::instance().context(handle);
    std::vector<Context*>& current = Process::current();
    if (!current.empty())
      current.pop_back();
    if (context != nullptr)
      current.push_back(context);
  });
}

STANDIN_ENTRY cuCtxGetCurrent(void** context) {
  return started_call("cuCtxGetCurrent", [&] {
    const std::vector<Context*>& current = Process::current();
    required(context, "context") = current.empty() ? nullptr : current.back();
  });
}

STANDIN_ENTRY cuCtxPushCurrent_v2(void* handle) {
  return started_call("cuCtxPushCurrent_v2", [&] {
    Context* const context = Process::instance().context(handle);
    if (context == nullptr)
      throw Refusal(Status::InvalidContext, "the context is null");
    Process::current().push_back(context);
  });
}

STANDIN_ENTRY cuCtxPopCurrent_v2(void** context) {
  return started_call("cuCtxPopCurrent_v2", [&] {
    std::vector<Context*>& current = Process::current();
    if (current.empty())
      throw Refusal(Status::InvalidContext, "no context is current to the calling thread");
    if (context != nullptr)
      *context = current.back();
    current.pop_back();
  });
}

STANDIN_ENTRY cuCtxGetDevice(int* device) {
  return context_call("cuCtxGetDevice", [&](Context& context) { required(device, "device") = context.device; });
}

STANDIN_ENTRY cuCtxSynchronize() {
  return context_call("cuCtxSynchronize", [](Context& context) { context.finish_all(); });
}

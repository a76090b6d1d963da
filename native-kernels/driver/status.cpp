#include "status.h"

namespace standin {

namespace {

struct Text {
  Status status;
  const char* name;
  const char* description;
};

constexpr Text Texts[] = {
    {Status::Success, "CUDA_SUCCESS", "no error"},
    {Status::InvalidValue, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {Status::OutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {Status::NotInitialised, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {Status::NoDevice, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {Status::InvalidDevice, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {Status::InvalidImage, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {Status::InvalidContext, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {Status::NoBinaryForGpu, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {Status::InvalidPtx, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {Status::UnsupportedPtxVersion, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain"},
    {Status::OperatingSystem, "CUDA_ERROR_OPERATING_SYSTEM", "OS call failed or operation not supported on this OS"},
    {Status::InvalidHandle, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {Status::NotFound, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {Status::NotReady, "CUDA_ERROR_NOT_READY", "device not ready"},
    {Status::IllegalAddress, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {Status::ContextIsDestroyed, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {Status::LaunchFailed, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {Status::NotPermitted, "CUDA_ERROR_NOT_PERMITTED", "operation not permitted"},
    {Status::NotSupported, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {Status::SystemDriverMismatch, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "system has unsupported display driver / cuda driver combination"},
    {Status::Unknown, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const Text* find(Status status) {
  for (const Text& text : Texts) {
    if (text.status == status)
      return &text;
  }

  return nullptr;
}

}  // namespace

const char* name_of(Status status) {
  const Text* text = find(status);
  return text == nullptr ? nullptr : text->name;
}

const char* description_of(Status status) {
  const Text* text = find(status);
  return text == nullptr ? nullptr : text->description;
}

}  // namespace standin

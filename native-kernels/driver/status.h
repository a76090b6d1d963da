// The driver's result codes, with the numbers of cuda.h.
#pragma once

#include <stdexcept>
#include <string>

namespace standin {

enum class Status : int {
  Success = 0,
  InvalidValue = 1,
  OutOfMemory = 2,
  NotInitialised = 3,
  NoDevice = 100,
  InvalidDevice = 101,
  InvalidImage = 200,
  InvalidContext = 201,
  NoBinaryForGpu = 209,
  InvalidPtx = 218,
  UnsupportedPtxVersion = 222,
  OperatingSystem = 304,
  InvalidHandle = 400,
  NotFound = 500,
  NotReady = 600,
  IllegalAddress = 700,
  ContextIsDestroyed = 709,
  LaunchFailed = 719,
  NotPermitted = 800,
  NotSupported = 801,
  SystemDriverMismatch = 803,
  Unknown = 999,
};

// The name in cuda.h, or nullptr for a code that is not above.
const char* name_of(Status status);

// A short sentence, or nullptr for a code that is not above.
const char* description_of(Status status);

// Why a call is refused. A real driver tells only the code; the reason goes to standard error.
class Refusal : public std::runtime_error {
 public:
  Refusal(Status status, const std::string& reason) : std::runtime_error(reason), status(status) {}

  const Status status;
};

}  // namespace standin

// What every entry point does first: one call at a time, no call from a host function, the driver started, a usable context.
#pragma once

#include <exception>

#include "process.h"
#include "report.h"
#include "status.h"

#define STANDIN_ENTRY extern "C" __attribute__((visibility("default"))) standin::Status

namespace standin {

// Whether the calling thread runs a host function.
bool& is_in_host_function();

// Runs an entry point's body; what it throws becomes its result.
template <class Body>
Status call(const char* function, Body body) noexcept {
  try {
    if (is_in_host_function())
      throw Refusal(Status::NotPermitted, "a host function must not call the driver");
    std::lock_guard<std::recursive_mutex> lock(Process::instance().mutex);
    body();
    return Status::Success;
  } catch (const Refusal& refusal) {
    // An answer, and no error.
    if (refusal.status != Status::NotReady)
      report(function, refusal.what());
    return refusal.status;
  } catch (const std::exception& exception) {
    report(function, exception.what());
    return Status::Unknown;
  }
}

// The same for what needs the driver started.
template <class Body>
Status started_call(const char* function, Body body) noexcept {
  return call(function, [&] {
    if (!Process::instance().is_started)
      throw Refusal(Status::NotInitialised, "cuInit has not been called, or has failed");
    body();
  });
}

// The calling thread's context, usable. Throws a Refusal.
Context& current_context();

// The same for what needs a context; the body gets it.
template <class Body>
Status context_call(const char* function, Body body) noexcept {
  return started_call(function, [&] { body(current_context()); });
}

template <class T>
T& required(T* pointer, const char* name) {
  if (pointer == nullptr)
    throw Refusal(Status::InvalidValue, std::string(name) + " is null");
  return *pointer;
}

}  // namespace standin

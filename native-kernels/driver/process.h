// What the driver knows of the process: whether it was started, its devices' primary contexts, the contexts current to threads.
#pragma once

#include <stdint.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "context.h"

namespace standin {

class Process {
 public:
  static Process& instance();

  std::recursive_mutex mutex;
  bool is_started = false;

  // Kernels launched so far.
  uint64_t launches = 0;

  // The device of an ordinal exists; throws a Refusal.
  void check_device(int device) const;

  Context* retain_primary(int device);
  void release_primary(int device);

  // Whatever the number of its users.
  void reset_primary(int device);

  bool primary_is_active(int device) const { return primaries_.count(device) > 0; }

  // The context of a handle, or nullptr for the handle 0. Throws a Refusal.
  Context* context(void* handle) const;

  // The calling thread's contexts; the last is current.
  static std::vector<Context*>& current();

  // A device that is lost stays so.
  void lose_device(int device) { is_lost_[device] = true; }

 private:
  struct Primary {
    Context* context;
    int users;
  };

  std::map<int, Primary> primaries_;
  std::map<int, bool> is_lost_;

  // Destroyed ones stay, since threads may still have them current.
  std::vector<std::unique_ptr<Context>> contexts_;
};

}  // namespace standin

#include "process.h"

#include "settings.h"

namespace standin {

Process& Process::instance() {
  // Never destroyed: threads of the caller may outlive static objects.
  static Process* const process = new Process();
  return *process;
}

void Process::check_device(int device) const {
  if (device < 0 || device >= settings().devices) {
    throw Refusal(Status::InvalidDevice, "there is no device " + std::to_string(device) + "; there are "
                                             + std::to_string(settings().devices) + ", counted from 0");
  }
}

Context* Process::retain_primary(int device) {
  check_device(device);
  if (is_lost_.count(device) > 0)
    throw Refusal(Status::Unknown, "device " + std::to_string(device) + " is lost");
  Primary& primary = primaries_.try_emplace(device, Primary{nullptr, 0}).first->second;
  if (primary.context == nullptr) {
    contexts_.push_back(std::make_unique<Context>(device));
    primary.context = contexts_.back().get();
  }

  primary.users++;
  return primary.context;
}

void Process::release_primary(int device) {
  check_device(device);
  const auto found = primaries_.find(device);
  if (found == primaries_.end())
    throw Refusal(Status::InvalidContext, "the primary context of device " + std::to_string(device) + " has no user");
  if (--found->second.users == 0)
    reset_primary(device);
}

void Process::reset_primary(int device) {
  check_device(device);
  const auto found = primaries_.find(device);
  if (found == primaries_.end())
    return;
  Context* const context = found->second.context;
  primaries_.erase(found);
  context->destroy();
}

Context* Process::context(void* handle) const {
  if (handle == nullptr)
    return nullptr;
  for (const std::unique_ptr<Context>& context : contexts_) {
    if (context.get() != handle)
      continue;
    if (context->is_destroyed)
      throw Refusal(Status::ContextIsDestroyed, "the context was destroyed");
    return context.get();
  }

  throw Refusal(Status::InvalidContext, "the handle is no context");
}

std::vector<Context*>& Process::current() {
  static thread_local std::vector<Context*> stack;
  return stack;
}

}  // namespace standin

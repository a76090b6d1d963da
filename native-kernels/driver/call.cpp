#include "call.h"

namespace standin {

bool& is_in_host_function() {
  static thread_local bool is_in = false;
  return is_in;
}

Context& current_context() {
  std::vector<Context*>& current = Process::current();
  if (current.empty())
    throw Refusal(Status::InvalidContext, "no context is current to the calling thread");
  Context& context = *current.back();
  if (context.is_destroyed)
    throw Refusal(Status::ContextIsDestroyed, "the context that is current to the calling thread was destroyed");
  context.refuse_if_lost();
  return context;
}

}  // namespace standin

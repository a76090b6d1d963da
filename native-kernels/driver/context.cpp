#include "context.h"

#include <utility>
#include <vector>

#include "report.h"
#include "settings.h"

namespace standin {

namespace {

void* const LegacyStream = reinterpret_cast<void*>(1);
void* const PerThreadStream = reinterpret_cast<void*>(2);

template <class T>
typename T::iterator find_handle(T& all, void* handle, const char* what) {
  const auto found = all.find(handle);
  if (found == all.end())
    throw Refusal(Status::InvalidHandle, std::string("the handle is no ") + what + " of the current context");
  return found;
}

}  // namespace

void Context::refuse_if_lost() const {
  if (lost_ != Status::Success)
    throw Refusal(lost_, "the context is lost: " + reason_);
}

void Context::lose(Status status, const std::string& reason) {
  if (lost_ != Status::Success)
    return;
  lost_ = status;
  reason_ = reason;
}

std::shared_ptr<Queue> Context::queue(void* stream) {
  if (stream == nullptr || stream == LegacyStream)
    return default_queue_;
  if (stream == PerThreadStream)
    throw Refusal(Status::NotSupported, "the stand-in has no default stream for each thread");
  return find_handle(queues_, stream, "stream")->second;
}

void* Context::add_queue(bool is_blocking) {
  auto queue = std::make_shared<Queue>(is_blocking);
  void* const handle = queue.get();
  queues_[handle] = std::move(queue);
  return handle;
}

void Context::remove_queue(void* stream) {
  const auto found = find_handle(queues_, stream, "stream");
  found->second->run_all();
  queues_.erase(found);
}

void Context::enqueue(const std::shared_ptr<Queue>& queue, std::function<void()> work, std::optional<Place> after) {
  std::vector<Place> places;
  if (after)
    places.push_back(*after);
  if (queue == default_queue_) {
    for (const auto& [handle, other] : queues_) {
      if (other->is_blocking)
        places.push_back({other, other->added()});
    }
  } else if (queue->is_blocking) {
    places.push_back({default_queue_, default_queue_->added()});
  }

  queue->add(std::move(places), [this, work = std::move(work)] {
    if (lost_ != Status::Success)
      return;
    try {
      work();
    } catch (const Refusal& refusal) {
      report("a stream", refusal.what());
      lose(refusal.status, refusal.what());
    }
  });

  if (settings().eager)
    queue->run_all();
}

void Context::finish(Queue& queue) {
  queue.run_all();
  refuse_if_lost();
}

void Context::finish_all() {
  default_queue_->run_all();
  for (const auto& [handle, queue] : queues_)
    queue->run_all();
  refuse_if_lost();
}

Event& Context::event(void* handle) { return *find_handle(events_, handle, "event")->second; }

void* Context::add_event(bool takes_time) {
  auto event = std::make_unique<Event>();
  event->takes_time = takes_time;
  void* const handle = event.get();
  events_[handle] = std::move(event);
  return handle;
}

void Context::remove_event(void* handle) { events_.erase(find_handle(events_, handle, "event")); }

Module& Context::module(void* handle) { return *find_handle(modules_, handle, "module")->second; }

void* Context::add_module(std::unique_ptr<Module> module) {
  void* const handle = module.get();
  modules_[handle] = std::move(module);
  return handle;
}

void Context::remove_module(void* handle) { modules_.erase(find_handle(modules_, handle, "module")); }

Function& Context::function(void* handle) {
  for (const auto& [module_handle, module] : modules_) {
    if (Function* const function = module->function_of(handle))
      return *function;
  }

  throw Refusal(Status::InvalidHandle, "the handle is no kernel of a module of the current context");
}

void Context::destroy() {
  default_queue_->run_all();
  for (const auto& [handle, queue] : queues_)
    queue->run_all();
  is_destroyed = true;
  if (const size_t count = device_memory.allocations() + pinned_memory.allocations(); count > 0) {
    report("a context", std::to_string(count) + " allocations were not freed: " + std::to_string(device_memory.bytes())
                            + " bytes of device memory, " + std::to_string(pinned_memory.bytes()) + " of pinned memory");
  }

  device_memory.release_all();
  pinned_memory.release_all();
}

}  // namespace standin

// A context: memory, streams, events and modules that belong together, and whether work in it has failed.
#pragma once

#include <stdint.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "guarded_memory.h"
#include "module.h"
#include "queue.h"
#include "status.h"

namespace standin {

struct Event {
  bool takes_time = true;
  std::optional<Place> recorded;
  std::shared_ptr<std::chrono::steady_clock::time_point> time;
};

class Context {
 public:
  explicit Context(int device) : device(device) {}

  const int device;
  bool is_destroyed = false;

  GuardedMemory device_memory;
  GuardedMemory pinned_memory;

  // Throws what the driver would give for any call after work has failed.
  void refuse_if_lost() const;

  // The context's work has failed: what is enqueued never runs.
  void lose(Status status, const std::string& reason);

  // The stream of a handle; 0 and CU_STREAM_LEGACY are the default stream. Throws a Refusal.
  std::shared_ptr<Queue> queue(void* stream);
  void* add_queue(bool is_blocking);
  void remove_queue(void* stream);

  // Enqueues work. The default stream waits for all blocking streams, and they wait for it.
  void enqueue(const std::shared_ptr<Queue>& queue, std::function<void()> work, std::optional<Place> after = {});

  // Runs everything in a stream, or in all; throws a Refusal if that failed.
  void finish(Queue& queue);
  void finish_all();

  Event& event(void* handle);
  void* add_event(bool takes_time);
  void remove_event(void* handle);

  Module& module(void* handle);
  void* add_module(std::unique_ptr<Module> module);
  void remove_module(void* handle);
  Function& function(void* handle);

  // Everything that was enqueued is done first.
  void destroy();

 private:
  Status lost_ = Status::Success;
  std::string reason_;
  std::shared_ptr<Queue> default_queue_ = std::make_shared<Queue>(true);
  std::map<void*, std::shared_ptr<Queue>> queues_;
  std::map<void*, std::unique_ptr<Event>> events_;
  std::map<void*, std::unique_ptr<Module>> modules_;
};

}  // namespace standin

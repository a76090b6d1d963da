// A stream: a queue of work that waits until somebody waits for it. So what a caller has not waited for has not happened, and
// a missing synchronisation shows every time.
#pragma once

#include <stdint.h>

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace standin {

class Queue;

// A place in a stream's order: reached when the first number items of the stream are done.
struct Place {
  std::shared_ptr<Queue> queue;
  uint64_t number = 0;

  bool reached() const;
  void reach() const;
};

class Queue {
 public:
  explicit Queue(bool is_blocking) : is_blocking(is_blocking) {}

  // Whether it waits for the default stream, and the default stream for it.
  const bool is_blocking;

  // Enqueues work that begins after some places.
  void add(std::vector<Place> after, std::function<void()> work) {
    items_.push_back({std::move(after), std::move(work)});
    added_++;
  }

  uint64_t added() const { return added_; }
  bool done(uint64_t number) const { return done_ >= number; }
  bool is_idle() const { return items_.empty(); }

  // Runs the first number items, and before each what it waits for.
  void run(uint64_t number) {
    while (done_ < number && !items_.empty()) {
      Item item = std::move(items_.front());
      items_.pop_front();
      for (const Place& place : item.after)
        place.reach();
      item.work();
      done_++;
    }
  }

  void run_all() { run(added_); }

 private:
  struct Item {
    std::vector<Place> after;
    std::function<void()> work;
  };

  std::deque<Item> items_;
  uint64_t added_ = 0;
  uint64_t done_ = 0;
};

inline bool Place::reached() const { return queue->done(number); }
inline void Place::reach() const { queue->run(number); }

}  // namespace standin

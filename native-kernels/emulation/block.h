// One block of threads: runs them as fibers, in one of two orders, with CUDA's barriers and warp operations. What would hang
// or be undefined on a device ends in a Fault that names the block and the threads.
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "fiber.h"

namespace emulation {

struct Dimensions {
  unsigned x = 1;
  unsigned y = 1;
  unsigned z = 1;
};

inline std::string text(const Dimensions& d) {
  return "(" + std::to_string(d.x) + ", " + std::to_string(d.y) + ", " + std::to_string(d.z) + ")";
}

inline uint64_t product(const Dimensions& d) { return static_cast<uint64_t>(d.x) * d.y * d.z; }

// In what order the warps of a block, and the threads of a warp, take their turns. A kernel that lacks a barrier gives different
// results in the two.
enum class Schedule { Forward, Reverse };

// What a kernel did that a device does not allow.
class Fault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

constexpr unsigned WarpSize = 32;
constexpr unsigned FullMask = 0xffffffffu;

class Block;

struct Thread {
  enum class State { Ready, AtBarrier, AtWarpOperation, Returned };

  Dimensions index;
  unsigned linear = 0;
  State state = State::Ready;
  int line = 0;
};

class Block {
 public:
  // The block and the thread that run now, on this thread of the operating system.
  static Block& current() { return *current_block(); }
  Thread& thread() { return *running_; }

  Dimensions grid;
  Dimensions size;
  Dimensions index;

  // Runs the kernel's body on every thread of the block. Throws a Fault.
  void run(const std::function<void()>& body, size_t shared_bytes, Schedule schedule) {
    const unsigned count = static_cast<unsigned>(product(size));
    prepare(body, count, shared_bytes);
    Block* outer = current_block();
    current_block() = this;
    try {
      take_turns(count, schedule);
    } catch (...) {
      for (unsigned linear = 0; linear < count; linear++)
        fibers()[linear]->abandon();
      current_block() = outer;
      throw;
    }

    current_block() = outer;
  }

  // __syncthreads: goes on when every thread of the block has come. A thread that has returned never comes.
  void synchronise(int line) {
    if (barrier_arrived_ > 0 && barrier_line_ != line)
      fail("threads wait at different barriers, in lines " + std::to_string(barrier_line_) + " and " + std::to_string(line));
    barrier_line_ = line;
    if (++barrier_arrived_ == threads_.size()) {
      barrier_arrived_ = 0;
      release(0, static_cast<unsigned>(threads_.size()), Thread::State::AtBarrier);
      return;
    }

    wait(Thread::State::AtBarrier, line);
  }

  // Every lane of the warp gives a value and gets those of all. The values stay until the warp's next exchange.
  const uint64_t* exchange(unsigned mask, uint64_t value, const char* operation, int line) {
    const unsigned linear = thread().linear;
    const unsigned warp_index = linear / WarpSize;
    if (mask != FullMask || threads_.size() % WarpSize != 0)
      fail(std::string(operation) + " with a part of a warp; only whole warps are emulated");
    Warp& warp = warps_[warp_index];
    if (warp.arrived > 0 && (warp.line != line || strcmp(warp.operation, operation) != 0)) {
      fail("lanes of a warp are at different operations: " + std::string(warp.operation) + " in line " + std::to_string(warp.line)
           + ", " + operation + " in line " + std::to_string(line));
    }

    warp.line = line;
    warp.operation = operation;
    warp.given[linear % WarpSize] = value;
    if (++warp.arrived == WarpSize) {
      warp.arrived = 0;
      memcpy(warp.received, warp.given, sizeof warp.given);
      release(warp_index * WarpSize, WarpSize, Thread::State::AtWarpOperation);
    } else {
      wait(Thread::State::AtWarpOperation, line);
    }

    return warp.received;
  }

  // The block's dynamic shared memory.
  void* dynamic_shared() { return dynamic_shared_.get(); }

  // A shared array of the kernel; site tells one declaration from another. Each lies in memory of its own, filled with NaN
  // when the block begins, so that the sanitizer sees what goes beyond it and a test sees what was never written.
  void* shared_array(int site, size_t bytes) {
    for (SharedArray& known : shared_arrays_) {
      if (known.site == site)
        return known.memory.get();
    }

    shared_arrays_.push_back({site, poisoned(bytes)});
    return shared_arrays_.back().memory.get();
  }

 private:
  struct Warp {
    unsigned arrived = 0;
    int line = 0;
    const char* operation = "";
    uint64_t given[WarpSize];
    uint64_t received[WarpSize];
  };

  struct Free {
    void operator()(void* memory) const { free(memory); }
  };

  struct SharedArray {
    int site;
    std::unique_ptr<void, Free> memory;
  };

  static Block*& current_block() {
    static thread_local Block* block = nullptr;
    return block;
  }

  // Stacks are kept from block to block.
  static std::vector<std::unique_ptr<Fiber>>& fibers() {
    static thread_local std::vector<std::unique_ptr<Fiber>> pool;
    return pool;
  }

  static std::unique_ptr<void, Free> poisoned(size_t bytes) {
    void* memory = malloc(bytes);
    if (memory == nullptr)
      throw std::bad_alloc();
    memset(memory, 0xff, bytes);
    return std::unique_ptr<void, Free>(memory);
  }

  static void enter() {
    Block& block = current();
    fibers()[block.thread().linear]->entered();
    (*block.body_)();
    block.thread().state = Thread::State::Returned;
    block.live_--;
    for (;;)
      block.pause();
  }

  void prepare(const std::function<void()>& body, unsigned count, size_t shared_bytes) {
    body_ = &body;
    live_ = count;
    barrier_arrived_ = 0;
    fault_.clear();
    shared_arrays_.clear();
    dynamic_shared_ = poisoned(shared_bytes);
    warps_.assign((count + WarpSize - 1) / WarpSize, Warp());
    threads_.assign(count, Thread());
    while (fibers().size() < count)
      fibers().push_back(std::make_unique<Fiber>());
    for (unsigned linear = 0; linear < count; linear++) {
      threads_[linear].linear = linear;
      threads_[linear].index = {linear % size.x, linear / size.x % size.y, linear / (size.x * size.y)};
      fibers()[linear]->prepare(enter);
    }
  }

  // Warp by warp, each as far as it gets before the next one's turn: on a device a warp may be that far ahead of another.
  void take_turns(unsigned count, Schedule schedule) {
    const unsigned warp_count = static_cast<unsigned>(warps_.size());
    while (live_ > 0) {
      bool any = false;
      for (unsigned turn = 0; turn < warp_count; turn++) {
        const unsigned warp = schedule == Schedule::Forward ? turn : warp_count - 1 - turn;
        while (step_warp(warp * WarpSize, std::min(WarpSize, count - warp * WarpSize), schedule))
          any = true;
      }

      if (!any)
        throw Fault("block " + text(index) + ": divergent: " + waiting());
    }
  }

  // Lets every thread of a warp that can go on do so, until it waits or returns. Whether there was one.
  bool step_warp(unsigned first, unsigned count, Schedule schedule) {
    bool any = false;
    for (unsigned turn = 0; turn < count; turn++) {
      Thread& thread = threads_[first + (schedule == Schedule::Forward ? turn : count - 1 - turn)];
      if (thread.state != Thread::State::Ready)
        continue;
      any = true;
      running_ = &thread;
      fibers()[thread.linear]->resume();
      if (!fault_.empty())
        throw Fault(fault_);
    }

    return any;
  }

  void wait(Thread::State state, int line) {
    thread().state = state;
    thread().line = line;
    pause();
  }

  void release(unsigned first, unsigned count, Thread::State state) {
    for (unsigned linear = first; linear < first + count; linear++) {
      if (threads_[linear].state == state)
        threads_[linear].state = Thread::State::Ready;
    }
  }

  void pause() { fibers()[thread().linear]->pause(); }

  // Ends the launch from inside a thread: its fiber is never resumed.
  [[noreturn]] void fail(const std::string& what) {
    fault_ = "block " + text(index) + ", thread " + text(thread().index) + ": " + what;
    for (;;)
      pause();
  }

  // Who waits where when nobody can go on.
  std::string waiting() const {
    std::string parts;
    add_waiting(parts, Thread::State::AtBarrier, "at a barrier");
    add_waiting(parts, Thread::State::AtWarpOperation, "at a warp operation");
    add_waiting(parts, Thread::State::Returned, "returned");
    return parts;
  }

  void add_waiting(std::string& parts, Thread::State state, const char* where) const {
    unsigned count = 0;
    const Thread* first = nullptr;
    for (const Thread& thread : threads_) {
      if (thread.state != state)
        continue;
      first = first == nullptr ? &thread : first;
      count++;
    }

    if (count == 0)
      return;
    parts += (parts.empty() ? "" : "; ") + std::to_string(count) + " threads " + where + ", the first " + text(first->index);
    if (state != Thread::State::Returned)
      parts += " in line " + std::to_string(first->line);
  }

  const std::function<void()>* body_ = nullptr;
  std::vector<Thread> threads_;
  Thread* running_ = nullptr;
  std::vector<Warp> warps_;
  std::vector<SharedArray> shared_arrays_;
  std::unique_ptr<void, Free> dynamic_shared_;
  std::string fault_;
  unsigned live_ = 0;
  unsigned barrier_arrived_ = 0;
  int barrier_line_ = 0;
};

}  // namespace emulation

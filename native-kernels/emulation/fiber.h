// A fiber: a stack of its own and the place where it stopped. The threads of an emulated block are fibers of one thread of
// the operating system, so that a barrier costs a few dozen nanoseconds and the order of their steps is known.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <new>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace emulation {

class Fiber {
 public:
  using Entry = void (*)();

  Fiber() {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    void* memory = mmap(nullptr, StackBytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
      throw std::bad_alloc();

    // A kernel that needs more stack than there is ends in a fault instead of in its neighbour.
    mprotect(memory, page, PROT_NONE);
    mapped_ = static_cast<char*>(memory);
    mapped_bytes_ = StackBytes + page;
    stack_ = mapped_ + page;
  }

  ~Fiber() { munmap(mapped_, mapped_bytes_); }

  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Makes the next resume() begin with entry, which must never return.
  void prepare(Entry entry) {
#if defined(__x86_64__)
    // What switch_stack takes off: six registers, and the address to return to. Above it a return address of 0 ends a
    // debugger's walk, and the stack is aligned as after a call.
    uintptr_t* top = reinterpret_cast<uintptr_t*>(stack_ + StackBytes);
    *--top = 0;
    *--top = reinterpret_cast<uintptr_t>(entry);
    for (int index = 0; index < 6; index++)
      *--top = 0;
    stopped_at_ = top;
#else
    getcontext(&context_);
    context_.uc_stack.ss_sp = stack_;
    context_.uc_stack.ss_size = StackBytes;
    context_.uc_link = nullptr;
    makecontext(&context_, entry, 0);
#endif
  }

  // Says that the fiber is not resumed any more: what lies on its stack is no longer there.
  void abandon() {
#if defined(__SANITIZE_ADDRESS__)
    ASAN_UNPOISON_MEMORY_REGION(stack_, StackBytes);
#endif
  }

  // Runs the fiber until it pauses.
  void resume() {
#if defined(__SANITIZE_ADDRESS__)
    void* own_frames = nullptr;
    __sanitizer_start_switch_fiber(&own_frames, stack_, StackBytes);
#endif
#if defined(__x86_64__)
    switch_stack(&resumer_, stopped_at_);
#else
    swapcontext(&resumer_, &context_);
#endif
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(own_frames, nullptr, nullptr);
#endif
  }

  // Called on the fiber: goes back to where it was resumed.
  void pause() {
#if defined(__SANITIZE_ADDRESS__)
    void* own_frames = nullptr;
    __sanitizer_start_switch_fiber(&own_frames, resumer_stack_, resumer_stack_bytes_);
#endif
#if defined(__x86_64__)
    switch_stack(&stopped_at_, resumer_);
#else
    swapcontext(&context_, &resumer_);
#endif
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(own_frames, &resumer_stack_, &resumer_stack_bytes_);
#endif
  }

  // Called on the fiber as the first thing that it does.
  void entered() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(nullptr, &resumer_stack_, &resumer_stack_bytes_);
#endif
  }

 private:
#if defined(__SANITIZE_ADDRESS__)
  // The sanitizer's reports are written on the stack of the thread at fault.
  static constexpr size_t StackBytes = 256 * 1024;
  const void* resumer_stack_ = nullptr;
  size_t resumer_stack_bytes_ = 0;
#else
  static constexpr size_t StackBytes = 64 * 1024;
#endif

#if defined(__x86_64__)
  // Saves the registers that a call must keep on the stack, the stack's end in *from, and goes on at to.
  __attribute__((naked, noinline, no_sanitize_address)) static void switch_stack([[maybe_unused]] void** from, [[maybe_unused]] void* to) {
    asm volatile(
        "pushq %rbp\n"
        "pushq %rbx\n"
        "pushq %r12\n"
        "pushq %r13\n"
        "pushq %r14\n"
        "pushq %r15\n"
        "movq %rsp, (%rdi)\n"
        "movq %rsi, %rsp\n"
        "popq %r15\n"
        "popq %r14\n"
        "popq %r13\n"
        "popq %r12\n"
        "popq %rbx\n"
        "popq %rbp\n"
        "ret\n");
  }

  void* stopped_at_ = nullptr;
  void* resumer_ = nullptr;
#else
  ucontext_t context_;
  ucontext_t resumer_;
#endif

  char* mapped_;
  size_t mapped_bytes_;
  char* stack_;
};

}  // namespace emulation

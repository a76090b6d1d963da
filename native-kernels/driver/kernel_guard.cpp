#include "kernel_guard.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "context.h"

namespace standin {

namespace {

const std::string* running_kernel = nullptr;
const Context* running_context = nullptr;
struct sigaction earlier_segv;
struct sigaction earlier_bus;

// The handler's own stack: the threads of a caller have none, or one too small to write a line on.
char handler_stack[128 * 1024];
stack_t earlier_stack;

// Returning makes the access happen again, now under the process's own handler. What is called here is not safe in every
// signal; the process is about to end, and without it nobody would know why.
void tell(int signal, siginfo_t* info, void*) {
  const std::string near = running_context->device_memory.nearest(info->si_addr);
  fprintf(stderr, "stand-in CUDA driver: the kernel '%s' touched %p%s%s\n", running_kernel->c_str(), info->si_addr,
          near.empty() ? ", which is in no allocation" : ", ", near.c_str());
  fflush(stderr);
  sigaction(signal, signal == SIGBUS ? &earlier_bus : &earlier_segv, nullptr);
}

}  // namespace

KernelGuard::KernelGuard(const std::string& kernel, const Context& context) {
  running_kernel = &kernel;
  running_context = &context;
  stack_t stack;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = handler_stack;
  stack.ss_size = sizeof handler_stack;
  sigaltstack(&stack, &earlier_stack);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = tell;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, &earlier_segv);
  sigaction(SIGBUS, &action, &earlier_bus);
}

KernelGuard::~KernelGuard() {
  sigaction(SIGSEGV, &earlier_segv, nullptr);
  sigaction(SIGBUS, &earlier_bus, nullptr);
  sigaltstack(&earlier_stack, nullptr);
}

}  // namespace standin

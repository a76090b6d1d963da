// Streams and events.
#include "call.h"

using namespace standin;

namespace {

constexpr unsigned NonBlocking = 1;
constexpr unsigned DisableTiming = 2;
constexpr unsigned LargestEventFlags = 7;

void create_stream(Context& context, void** stream, unsigned flags) {
  if (flags > NonBlocking)
    throw Refusal(Status::InvalidValue, "there are no flags " + std::to_string(flags));
  required(stream, "stream") = context.add_queue(flags != NonBlocking);
}

// Whoever asks again and again gets his answer in the end: the first time it is no, and then the work runs.
template <class Reached, class Reach>
void poll(Context& context, Reached reached, Reach reach) {
  if (reached())
    return;
  reach();
  context.refuse_if_lost();
  throw Refusal(Status::NotReady, "");
}

}  // namespace

STANDIN_ENTRY cuStreamCreate(void** stream, unsigned flags) {
  return context_call("cuStreamCreate", [&](Context& context) { create_stream(context, stream, flags); });
}

STANDIN_ENTRY cuStreamCreateWithPriority(void** stream, unsigned flags, int) {
  return context_call("cuStreamCreateWithPriority", [&](Context& context) { create_stream(context, stream, flags); });
}

STANDIN_ENTRY cuStreamDestroy_v2(void* stream) {
  return context_call("cuStreamDestroy_v2", [&](Context& context) { context.remove_queue(stream); });
}

STANDIN_ENTRY cuStreamSynchronize(void* stream) {
  return context_call("cuStreamSynchronize", [&](Context& context) { context.finish(*context.queue(stream)); });
}

STANDIN_ENTRY cuStreamQuery(void* stream) {
  return context_call("cuStreamQuery", [&](Context& context) {
    Queue& queue = *context.queue(stream);
    poll(context, [&] { return queue.is_idle(); }, [&] { queue.run_all(); });
  });
}

STANDIN_ENTRY cuStreamWaitEvent(void* stream, void* event, unsigned flags) {
  return context_call("cuStreamWaitEvent", [&](Context& context) {
    if (flags != 0)
      throw Refusal(Status::InvalidValue, "flags must be 0");
    const std::shared_ptr<Queue> queue = context.queue(stream);
    if (const std::optional<Place>& place = context.event(event).recorded)
      context.enqueue(queue, [] {}, place);
  });
}

STANDIN_ENTRY cuEventCreate(void** event, unsigned flags) {
  return context_call("cuEventCreate", [&](Context& context) {
    if (flags > LargestEventFlags)
      throw Refusal(Status::InvalidValue, "there are no flags " + std::to_string(flags));
    required(event, "event") = context.add_event((flags & DisableTiming) == 0);
  });
}

STANDIN_ENTRY cuEventDestroy_v2(void* event) {
  return context_call("cuEventDestroy_v2", [&](Context& context) { context.remove_event(event); });
}

STANDIN_ENTRY cuEventRecord(void* event, void* stream) {
  return context_call("cuEventRecord", [&](Context& context) {
    Event& recorded = context.event(event);
    const std::shared_ptr<Queue> queue = context.queue(stream);
    const auto time = std::make_shared<std::chrono::steady_clock::time_point>();
    context.enqueue(queue, [time] { *time = std::chrono::steady_clock::now(); });
    recorded.recorded = Place{queue, queue->added()};
    recorded.time = time;
  });
}

STANDIN_ENTRY cuEventSynchronize(void* event) {
  return context_call("cuEventSynchronize", [&](Context& context) {
    if (const std::optional<Place> place = context.event(event).recorded)
      place->reach();
    context.refuse_if_lost();
  });
}

STANDIN_ENTRY cuEventQuery(void* event) {
  return context_call("cuEventQuery", [&](Context& context) {
    if (const std::optional<Place> place = context.event(event).recorded)
      poll(context, [&] { return place->reached(); }, [&] { place->reach(); });
  });
}

STANDIN_ENTRY cuEventElapsedTime(float* milliseconds, void* start, void* end) {
  return context_call("cuEventElapsedTime", [&](Context& context) {
    required(milliseconds, "milliseconds");
    for (void* handle : {start, end}) {
      const Event& event = context.event(handle);
      if (!event.takes_time || !event.recorded)
        throw Refusal(Status::InvalidHandle, "an event takes no time, or was never recorded");
      if (!event.recorded->reached())
        throw Refusal(Status::NotReady, "");
    }

    *milliseconds = std::chrono::duration<float, std::milli>(*context.event(end).time - *context.event(start).time).count();
  });
}

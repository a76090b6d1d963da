// That the emulation finds what it is there to find.
#include "device.h"

namespace {

void reverse_block(int* values) {
  SHARED_ARRAY(int, shared, 64);
  const int thread = static_cast<int>(threadIdx.x);
  shared[thread] = values[blockIdx.x * 64 + thread];
  __syncthreads();
  values[blockIdx.x * 64 + thread] = shared[63 - thread];
}
REGISTER_KERNEL(reverse_block, 64)

void reverse_without_barrier(int* values) {
  SHARED_ARRAY(int, shared, 64);
  const int thread = static_cast<int>(threadIdx.x);
  shared[thread] = values[thread];
  values[thread] = shared[63 - thread];
}
REGISTER_KERNEL(reverse_without_barrier, 64)

void return_before_barrier() {
  if (threadIdx.x == 7)
    return;
  __syncthreads();
}
REGISTER_KERNEL(return_before_barrier, 64)

void different_barriers() {
  if (threadIdx.x < 32)
    __syncthreads();
  else
    __syncthreads();
}
REGISTER_KERNEL(different_barriers, 64)

void part_of_a_warp_votes(unsigned* votes) {
  if (threadIdx.x % 2 == 0)
    *votes = __ballot_sync(FullWarp, 1);
}
REGISTER_KERNEL(part_of_a_warp_votes, 64)

void warp_operations(int* results) {
  const int thread = static_cast<int>(threadIdx.x);
  results[thread * 4] = static_cast<int>(__ballot_sync(FullWarp, thread % 3 == 0));
  results[thread * 4 + 1] = __shfl_sync(FullWarp, thread, 5);
  results[thread * 4 + 2] = __shfl_up_sync(FullWarp, thread, 4);
  results[thread * 4 + 3] = __shfl_xor_sync(FullWarp, thread, 3);
}
REGISTER_KERNEL(warp_operations, 64)

void read_unwritten_shared(float* values) {
  SHARED_ARRAY(float, shared, 4);
  DYNAMIC_SHARED(float, dynamic);
  values[0] = shared[3];
  values[1] = dynamic[1];
}
REGISTER_KERNEL(read_unwritten_shared, 1)

void add_arguments(char a, double b, const RegionChunk chunk, double* sum) { *sum = a + b + chunk.first + chunk.capacity; }
REGISTER_KERNEL(add_arguments, 1)

// The message of the Fault that a launch ends with; empty without one.
template <class... Arguments>
std::string fault_of(const char* name, unsigned threads, Arguments... arguments) {
  try {
    launch(name, blocks(2), blocks(threads), 0, arguments...);
  } catch (const emulation::Fault& fault) {
    return fault.what();
  }

  return "";
}

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "'" << text << "' does not say '" << part << "'";
}

TEST(Emulation, BarrierMakesSharedMemorySeen) {
  DeviceArray<int> values(128);
  for (int index = 0; index < 128; index++)
    values[index] = index;

  launch("reverse_block", blocks(2), blocks(64), 0, values.data());

  for (int index = 0; index < 128; index++)
    EXPECT_EQ(index / 64 * 64 + 63 - index % 64, values[index]);
}

TEST(Emulation, MissingBarrierMakesTheSchedulesDiffer) {
  std::vector<std::vector<int>> results;
  for (const emulation::Schedule schedule : {emulation::Schedule::Forward, emulation::Schedule::Reverse}) {
    DeviceArray<int> values(64);
    for (int index = 0; index < 64; index++)
      values[index] = index;
    int* pointer = values.data();
    void* arguments[] = {&pointer};
    emulation::Launch shape;
    shape.block = {64, 1, 1};
    shape.schedule = schedule;
    emulation::launch(*emulation::find("reverse_without_barrier"), shape, arguments);
    results.push_back(values.values());
  }

  EXPECT_NE(results[0], results[1]);
}

TEST(Emulation, ThreadThatReturnedBeforeABarrierIsReported) {
  const std::string fault = fault_of("return_before_barrier", 64);

  expect_contains(fault, "return_before_barrier: block (0, 0, 0): divergent: 63 threads at a barrier");
  expect_contains(fault, "1 threads returned, the first (7, 0, 0)");
}

TEST(Emulation, DifferentBarriersAreReported) {
  expect_contains(fault_of("different_barriers", 64), "threads wait at different barriers, in lines ");
}

TEST(Emulation, PartOfAWarpAtAVoteIsReported) {
  DeviceArray<unsigned> votes(1);

  const std::string fault = fault_of("part_of_a_warp_votes", 64, votes.data());

  expect_contains(fault, "32 threads at a warp operation");
  expect_contains(fault, "32 threads returned");
}

TEST(Emulation, WarpOperationInAPartialWarpIsReported) {
  DeviceArray<unsigned> votes(1);

  expect_contains(fault_of("part_of_a_warp_votes", 40, votes.data()), "only whole warps are emulated");
}

TEST(Emulation, WarpOperationsGiveWhatADeviceGives) {
  DeviceArray<int> results(64 * 4);

  launch("warp_operations", blocks(1), blocks(64), 0, results.data());

  for (int thread = 0; thread < 64; thread++) {
    unsigned votes = 0;
    for (int lane = 0; lane < 32; lane++)
      votes |= static_cast<unsigned>((thread / 32 * 32 + lane) % 3 == 0) << lane;
    const int warp = thread / 32 * 32;
    EXPECT_EQ(static_cast<int>(votes), results[thread * 4]);
    EXPECT_EQ(warp + 5, results[thread * 4 + 1]);
    EXPECT_EQ(thread % 32 < 4 ? thread : thread - 4, results[thread * 4 + 2]);
    EXPECT_EQ(thread ^ 3, results[thread * 4 + 3]);
  }
}

TEST(Emulation, SharedMemoryBeginsAsNaN) {
  DeviceArray<float> values(2);
  values[0] = values[1] = 0.0f;

  launch("read_unwritten_shared", blocks(1), blocks(1), 8, values.data());

  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_TRUE(std::isnan(values[1]));
}

TEST(Emulation, ArgumentsArriveByValue) {
  DeviceArray<double> sum(1);

  launch("add_arguments", blocks(1), blocks(1), 0, static_cast<char>(1), 0.5, RegionChunk{10, 100}, sum.data());

  EXPECT_EQ(111.5, sum[0]);
  const std::vector<size_t> sizes = {1, 8, 8, 8};
  EXPECT_EQ(sizes, emulation::find("add_arguments")->parameter_sizes);
}

TEST(Emulation, BlockAboveTheBoundsIsReported) {
  DeviceArray<int> values(256);

  expect_contains(fault_of("reverse_block", 128, values.data()), "has more than the kernel's 64 threads");
  expect_contains(fault_of("reverse_block", 0, values.data()), "neither may be empty");
}

TEST(Emulation, UnknownNameIsNotFound) { EXPECT_EQ(nullptr, emulation::find("no_such_kernel")); }

}  // namespace

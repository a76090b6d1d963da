// The list of regions, and RoIAlign of every kind of input.
#include <cmath>

#include "../kernels/half.cuh"
#include "random_values.h"
#include "slots.h"

namespace {

TEST(ListRegions, SlotsFollowEachOther) {
  const int max_rois = 6;
  const int tasks[] = {DetectAndSegment, Detect, Segment, NoTask, DetectAndSegment, Segment};
  const std::vector<int> counts = {3, 5, 6, 2, 0, 1};
  std::vector<Slot> slots;
  for (const int task : tasks)
    slots.push_back(fitted_slot(10, 10, 10, 10, task));
  DeviceArray<Slot> device_slots(slots);
  DeviceArray<int> region_counts(counts);
  DeviceArray<int> list(6 * max_rois);
  DeviceArray<int> first_regions(6);
  DeviceArray<int> total(1);

  launch("list_regions", blocks(6), blocks(256), 0, device_slots.data(), region_counts.data(), max_rois, list.data(),
         first_regions.data(), total.data());

  EXPECT_EQ(10, total[0]);
  const std::vector<int> firsts = {0, 3, 3, 9, 9, 9};
  EXPECT_EQ(firsts, first_regions.values());
  const std::vector<int> expected = {0, 1, 2, 12, 13, 14, 15, 16, 17, 30};
  for (size_t place = 0; place < expected.size(); place++)
    EXPECT_EQ(expected[place], list[place]);
  EXPECT_EQ(-1, list[10]);
}

TEST(ListRegions, FullAndEmptyBatches) {
  const int max_rois = 1000;
  for (const int count : {0, max_rois}) {
    DeviceArray<Slot> slots(std::vector<Slot>(2, fitted_slot(10, 10, 10, 10, Segment)));
    DeviceArray<int> region_counts(std::vector<int>(2, count));
    DeviceArray<int> list(2 * max_rois);
    DeviceArray<int> first_regions(2);
    DeviceArray<int> total(1);

    launch("list_regions", blocks(2), blocks(256), 0, slots.data(), region_counts.data(), max_rois, list.data(), first_regions.data(),
           total.data());

    EXPECT_EQ(2 * count, total[0]);
    for (int place = 0; place < 2 * count; place++)
      ASSERT_EQ(place, list[place]);
  }
}

constexpr int SlotCount = 2;

// The value of a source at a fractional place.
template <class Source>
double sampled(const Source* plane, int height, int width, double y, double x) {
  if (!(y >= -1 && y <= height && x >= -1 && x <= width))
    return 0.0;
  y = std::min(std::max(y, 0.0), height - 1.0);
  x = std::min(std::max(x, 0.0), width - 1.0);
  const int top = static_cast<int>(y);
  const int left = static_cast<int>(x);
  const int bottom = std::min(top + 1, height - 1);
  const int right = std::min(left + 1, width - 1);
  const auto at = [&](int row, int column) { return static_cast<double>(load(plane + row * width + column)); };
  return (top + 1 - y) * ((left + 1 - x) * at(top, left) + (x - left) * at(top, right))
      + (y - top) * ((left + 1 - x) * at(bottom, left) + (x - left) * at(bottom, right));
}

// One bin of one channel in double, from the level that the manifest's formula names.
template <class Source>
double expected_bin(const RegionInput& input, const Region& region, int level_index, int channel, int row, int column) {
  const RegionLevel& level = input.levels[level_index];
  const Source* plane = static_cast<const Source*>(level.values)
      + (static_cast<size_t>(region.slot) * input.channels + channel) * level.height * level.width;
  const Box& box = region.network_box;
  const double start_x = static_cast<double>(box.x1) * level.spatial_scale - 0.5;
  const double start_y = static_cast<double>(box.y1) * level.spatial_scale - 0.5;
  const double bin_width = (static_cast<double>(box.x2) - box.x1) * level.spatial_scale / input.output_size;
  const double bin_height = (static_cast<double>(box.y2) - box.y1) * level.spatial_scale / input.output_size;
  double sum = 0.0;
  for (int sample_y = 0; sample_y < input.sampling_ratio; sample_y++) {
    for (int sample_x = 0; sample_x < input.sampling_ratio; sample_x++) {
      const double y = start_y + (row + (sample_y + 0.5) / input.sampling_ratio) * bin_height;
      const double x = start_x + (column + (sample_x + 0.5) / input.sampling_ratio) * bin_width;
      sum += sampled(plane, level.height, level.width, y, x);
    }
  }

  return sum / (input.sampling_ratio * input.sampling_ratio);
}

RegionInput region_input(int channels, int output_size, int sampling_ratio, int unshuffle) {
  RegionInput input = {};
  input.level_count = 1;
  input.channels = channels;
  input.output_size = output_size;
  input.sampling_ratio = sampling_ratio;
  input.unshuffle = unshuffle;
  input.total_channels = channels * unshuffle * unshuffle;
  return input;
}

template <class T>
T converted(float value);
template <>
float converted<float>(float value) { return value; }
template <>
Half converted<Half>(float value) { return to_half(value); }

template <class Source>
DeviceArray<Source> random_source(RandomValues& random, int channels, int height, int width) {
  DeviceArray<Source> source(static_cast<size_t>(SlotCount) * channels * height * width);
  for (size_t index = 0; index < source.size(); index++)
    source[index] = converted<Source>(random.uniform(-3.0f, 3.0f));
  return source;
}

std::vector<Region> random_regions(RandomValues& random, int count, float width, float height) {
  std::vector<Region> regions(count);
  for (Region& region : regions) {
    region = {};
    const float x = random.uniform(-0.1f, 1.1f) * width;
    const float y = random.uniform(-0.1f, 1.1f) * height;
    region.network_box = {x, y, x + random.uniform(0.0f, 1.0f) * width, y + random.uniform(0.0f, 1.0f) * height};
    region.slot = random.whole(0, SlotCount - 1);
  }

  return regions;
}

template <class Target>
void align(const char* kernel, const std::vector<Region>& regions, RegionChunk chunk, const RegionInput& input,
           emulation::Dimensions grid, DeviceArray<Target>& output) {
  DeviceArray<Region> device_regions(regions);
  DeviceArray<int> list(regions.size());
  for (size_t place = 0; place < regions.size(); place++)
    list[place] = static_cast<int>(place);
  DeviceArray<int> count(std::vector<int>{static_cast<int>(regions.size())});
  launch(kernel, grid, blocks(256), 32 * input.output_size * input.sampling_ratio, device_regions.data(), list.data(), count.data(),
         chunk, input, output.data());
}

template <class Source, class Target>
void expect_matches(const RegionInput& input, const std::vector<Region>& regions, int level, double tolerance, const DeviceArray<Target>& output) {
  const int size = input.output_size / input.unshuffle;
  const int factor = input.unshuffle * input.unshuffle;
  for (size_t place = 0; place < regions.size(); place++) {
    for (int channel = 0; channel < input.channels; channel++) {
      for (int row = 0; row < input.output_size; row++) {
        for (int column = 0; column < input.output_size; column++) {
          const double expected = expected_bin<Source>(input, regions[place], level, channel, row, column);
          const int output_channel = input.first_channel + channel * factor + row % input.unshuffle * input.unshuffle + column % input.unshuffle;
          const size_t index = ((place * input.total_channels + output_channel) * size + row / input.unshuffle) * size + column / input.unshuffle;
          ASSERT_NEAR(expected, load(&output[index]), tolerance)
              << "region " << place << ", channel " << channel << ", bin " << row << ", " << column;
        }
      }
    }
  }
}

struct InputCase {
  int output_size;
  int sampling_ratio;
  int unshuffle;
  float spatial_scale;
};

const InputCase InputCases[] = {{14, 2, 1, 0.25f}, {7, 1, 1, 1.0f}, {8, 3, 2, 0.5f}, {16, 1, 4, 1.0f}, {1, 2, 1, 0.25f}, {6, 5, 3, 1.0f}};

template <class Source, class Target>
void run_random_boxes(const char* kernel, double tolerance) {
  RandomValues random(3);
  const int width = 23;
  const int height = 17;
  for (const InputCase& shape : InputCases) {
    RegionInput input = region_input(3, shape.output_size, shape.sampling_ratio, shape.unshuffle);
    const DeviceArray<Source> source = random_source<Source>(random, 3, height, width);
    input.levels[0] = {source.data(), height, width, shape.spatial_scale, 0};
    const std::vector<Region> regions = random_regions(random, 12, width / shape.spatial_scale, height / shape.spatial_scale);
    DeviceArray<Target> output(regions.size() * input.total_channels * (shape.output_size / shape.unshuffle) * (shape.output_size / shape.unshuffle));

    align(kernel, regions, {0, 12}, input, blocks(2, 5), output);

    expect_matches<Source>(input, regions, 0, tolerance, output);
  }
}

TEST(RoiAlign, RandomBoxesMatchTheDoubleReference) { run_random_boxes<float, float>("roi_align_f32_f32", 2e-5); }
TEST(RoiAlign, HalfSourceMatchesTheDoubleReference) { run_random_boxes<Half, float>("roi_align_f16_f32", 2e-5); }
TEST(RoiAlign, HalfOutputMatchesTheDoubleReference) { run_random_boxes<float, Half>("roi_align_f32_f16", 2e-3); }
TEST(RoiAlign, HalfMatchesTheDoubleReference) { run_random_boxes<Half, Half>("roi_align_f16_f16", 2e-3); }

TEST(RoiAlign, BoxesOnAndOverTheBorderMatchTheDoubleReference) {
  RandomValues random(11);
  const float width = 23;
  const float height = 17;
  const Box boxes[] = {
      {0, 0, width, height},     {0, 0, 1, 1},         {width - 1, height - 1, width, height}, {-30, -30, 60, 60},
      {-40, -40, -10, -10},      {5, 6, 5, 6},         {0, 0, 0, 0},                           {width, height, width + 0.5f, height + 0.5f},
      {-1, -1, 0, 0},            {-0.5f, 3, 0.5f, 4},  {22.5f, 16.5f, 24.5f, 18.5f},           {9, 9, 4, 3},
  };
  std::vector<Region> regions;
  for (const Box& box : boxes)
    regions.push_back({box, box, 1.0f, 0, 0, 1});
  const DeviceArray<float> source = random_source<float>(random, 2, height, width);
  for (const int unshuffle : {1, 4}) {
    RegionInput input = region_input(2, 8, 2, unshuffle);
    input.levels[0] = {source.data(), 17, 23, 1.0f, 0};
    DeviceArray<float> output(regions.size() * 2 * 64);

    align("roi_align_f32_f32", regions, {0, 100}, input, blocks(1, 100), output);

    expect_matches<float>(input, regions, 0, 2e-5, output);
  }
}

TEST(RoiAlign, BoxThatIsNotFiniteGivesZeros) {
  RandomValues random(1);
  const DeviceArray<float> source = random_source<float>(random, 2, 17, 23);
  RegionInput input = region_input(2, 4, 2, 1);
  input.levels[0] = {source.data(), 17, 23, 1.0f, 0};
  const Box boxes[] = {{NaN, NaN, NaN, NaN}, {0, 0, Infinity, Infinity}, {-Infinity, 2, 5, 6}, {3, 4, NaN, 9}};
  std::vector<Region> regions;
  for (const Box& box : boxes)
    regions.push_back({box, box, 1.0f, 0, 0, 0});
  DeviceArray<float> output(regions.size() * 2 * 16);

  align("roi_align_f32_f32", regions, {0, 4}, input, blocks(1, 4), output);

  for (size_t index = 0; index < output.size(); index++)
    ASSERT_EQ(0.0f, output[index]) << "region " << index / 32;
}

TEST(RoiAlign, InputsLieBesideEachOtherInTheOutput) {
  RandomValues random(13);
  const DeviceArray<float> features = random_source<float>(random, 5, 10, 12);
  const DeviceArray<float> image = random_source<float>(random, 1, 40, 48);
  RegionInput first = region_input(5, 7, 2, 1);
  first.levels[0] = {features.data(), 10, 12, 0.25f, 0};
  RegionInput second = region_input(1, 14, 1, 2);
  second.levels[0] = {image.data(), 40, 48, 1.0f, 0};
  second.first_channel = 5;
  first.total_channels = second.total_channels = 9;
  const std::vector<Region> regions = random_regions(random, 6, 48, 40);
  DeviceArray<float> output(6 * 9 * 49);

  align("roi_align_f32_f32", regions, {0, 6}, first, blocks(3, 2), output);
  align("roi_align_f32_f32", regions, {0, 6}, second, blocks(1, 6), output);

  expect_matches<float>(first, regions, 0, 2e-5, output);
  expect_matches<float>(second, regions, 0, 2e-5, output);
}

TEST(RoiAlign, RegionsGoToTheLevelOfTheirSize) {
  // k0 = 4 at 224 pixels; levels 2 to 5, of strides 4, 8, 16 and 32, each full of its own number.
  RegionInput input = region_input(1, 2, 1, 1);
  input.level_count = 4;
  input.second_level_area = 224.0f * 224.0f / 4.0f;
  std::vector<std::unique_ptr<DeviceArray<float>>> sources;
  for (int level = 0; level < 4; level++) {
    const int extent = 1024 >> (level + 2);
    sources.push_back(std::make_unique<DeviceArray<float>>(std::vector<float>(static_cast<size_t>(SlotCount) * extent * extent, 2.0f + level)));
    input.levels[level] = {sources.back()->data(), extent, extent, 1.0f / (4 << level), 0};
  }

  std::vector<Region> regions;
  std::vector<float> expected;
  for (const float side : {0.0f, 8.0f, 111.99f, 112.0f, 112.01f, 223.9f, 224.0f, 300.0f, 447.9f, 448.0f, 895.9f, 896.0f, 1000.0f}) {
    const Box box = {10.0f, 12.0f, 10.0f + side, 12.0f + side};
    regions.push_back({box, box, 1.0f, 0, 0, 0});
    const double width = static_cast<double>(box.x2) - box.x1;
    const double height = static_cast<double>(box.y2) - box.y1;
    const double level = std::floor(4 + std::log2(std::sqrt(width * height) / 224));
    expected.push_back(static_cast<float>(std::min(std::max(level, 2.0), 5.0)));
  }

  regions.push_back({{20.0f, 20.0f, 76.0f, 244.0f}, {}, 1.0f, 0, 0, 0});
  expected.push_back(3.0f);
  DeviceArray<float> output(regions.size() * 4);

  align("roi_align_f32_f32", regions, {0, 100}, input, blocks(1, 3), output);

  for (size_t place = 0; place < regions.size(); place++)
    EXPECT_EQ(expected[place], output[place * 4]) << "side " << regions[place].network_box.x2 - regions[place].network_box.x1;
}

TEST(RoiAlign, ChunksTakeTheirPartOfTheRegions) {
  RandomValues random(4);
  const DeviceArray<float> source = random_source<float>(random, 1, 17, 23);
  RegionInput input = region_input(1, 4, 2, 1);
  input.levels[0] = {source.data(), 17, 23, 1.0f, 0};
  const std::vector<Region> regions = random_regions(random, 7, 23, 17);
  DeviceArray<float> output(3 * 16);

  align("roi_align_f32_f32", regions, {3, 3}, input, blocks(1, 8), output);
  expect_matches<float>(input, {regions.begin() + 3, regions.begin() + 6}, 0, 2e-5, output);

  DeviceArray<float> rest(3 * 16);
  align("roi_align_f32_f32", regions, {6, 3}, input, blocks(1, 8), rest);
  expect_matches<float>(input, {regions.begin() + 6, regions.end()}, 0, 2e-5, rest);
  EXPECT_TRUE(std::isnan(rest[16])) << "a place without a region was written";
}

TEST(RoiAlign, NoRegionsWriteNothing) {
  RandomValues random(4);
  const DeviceArray<float> source = random_source<float>(random, 1, 17, 23);
  RegionInput input = region_input(1, 4, 2, 1);
  input.levels[0] = {source.data(), 17, 23, 1.0f, 0};
  DeviceArray<float> output(16);

  align("roi_align_f32_f32", {}, {0, 1}, input, blocks(4, 16), output);

  for (size_t index = 0; index < output.size(); index++)
    EXPECT_TRUE(std::isnan(output[index]));
}

TEST(RoiAlign, WeightlessInfinityDoesNotSpread) {
  // The first and the last row are infinite. The first box ends at the third row's middle, the others lie above and below.
  DeviceArray<float> source(std::vector<float>(SlotCount * 16, 1.0f));
  for (int column = 0; column < 4; column++)
    source[column] = source[12 + column] = Infinity;
  RegionInput input = region_input(1, 1, 1, 1);
  input.levels[0] = {source.data(), 4, 4, 1.0f, 0};
  std::vector<Region> regions(3, Region{});
  regions[0].network_box = {1.0f, 2.0f, 2.0f, 3.0f};
  regions[1].network_box = {1.0f, -9.0f, 2.0f, -8.0f};
  regions[2].network_box = {1.0f, 12.0f, 2.0f, 13.0f};
  DeviceArray<float> output(3);

  align("roi_align_f32_f32", regions, {0, 3}, input, blocks(1), output);

  EXPECT_EQ(1.0f, output[0]);
  EXPECT_EQ(0.0f, output[1]);
  EXPECT_EQ(0.0f, output[2]);
}

}  // namespace

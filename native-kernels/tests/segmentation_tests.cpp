// Refinement, the masks' places and the masks themselves, and class maps.
#include <cmath>

#include "random_values.h"
#include "slots.h"

namespace {

constexpr int Network = 64;

Refinement refinement_of(int class_count, int mask_size) {
  return {class_count, mask_size, 0.5f, 1.0f, {10.0f, 10.0f, 5.0f, 5.0f}, 0};
}

// The second network's outputs for some regions, and all buffers around them.
struct Stage2 {
  Refinement refinement;
  std::vector<Slot> slots;
  std::vector<Region> regions;
  std::vector<float> class_logits;
  std::vector<float> deltas;
  std::vector<float> mask_logits;

  // Runs refine_regions with one region of the list for each of regions.
  std::vector<Instance> refine() const {
    DeviceArray<Slot> device_slots(slots);
    DeviceArray<Region> device_regions(regions);
    DeviceArray<int> list = identity();
    DeviceArray<int> count(std::vector<int>{static_cast<int>(regions.size())});
    DeviceArray<float> device_logits(class_logits);
    DeviceArray<float> device_deltas(deltas);
    DeviceArray<Instance> instances(regions.size());
    launch("refine_regions", blocks(2), blocks(256), 0, device_slots.data(), device_regions.data(), list.data(), count.data(), chunk(),
           refinement, device_logits.data(), device_deltas.data(), instances.data());
    return instances.values();
  }

  // Runs paste_masks into an arena of some bytes.
  std::vector<unsigned char> paste(const std::vector<Instance>& instances, size_t arena_bytes, emulation::Dimensions grid) const {
    DeviceArray<Region> device_regions(regions);
    DeviceArray<int> list = identity();
    DeviceArray<int> count(std::vector<int>{static_cast<int>(regions.size())});
    DeviceArray<float> device_logits(mask_logits);
    DeviceArray<Instance> device_instances(instances);
    DeviceArray<unsigned char> arena(arena_bytes);
    const int cells = refinement.mask_size * refinement.mask_size;
    launch("paste_masks", grid, blocks(256), cells * 4 <= 48 * 1024 ? cells * 4 : 0, device_regions.data(), list.data(), count.data(),
           chunk(), refinement, device_logits.data(), device_instances.data(), arena.data());
    return arena.values();
  }

  RegionChunk chunk() const { return {0, static_cast<int>(regions.size())}; }

 private:
  DeviceArray<int> identity() const {
    std::vector<int> list(regions.size());
    for (size_t place = 0; place < list.size(); place++)
      list[place] = static_cast<int>(place);
    return DeviceArray<int>(list);
  }
};

// Runs place_masks on a copy.
struct Placed {
  std::vector<Instance> instances;
  ArenaState state;
};

Placed place(const std::vector<Instance>& instances, long long arena_bytes, RegionChunk chunk, ArenaState state = {}) {
  DeviceArray<Instance> device_instances(instances);
  DeviceArray<int> count(std::vector<int>{static_cast<int>(instances.size())});
  DeviceArray<ArenaState> device_state(std::vector<ArenaState>{state});
  launch("place_masks", blocks(1), blocks(256), 0, count.data(), chunk, arena_bytes, device_instances.data(), device_state.data());
  return {device_instances.values(), device_state[0]};
}

Stage2 random_stage2(RandomValues& random, int task, int count, int class_count) {
  Stage2 stage2;
  stage2.refinement = refinement_of(class_count, 28);
  stage2.slots = {fitted_slot(100, 80, Network, Network, task), fitted_slot(30, 50, Network, Network, task)};
  for (Slot& slot : stage2.slots)
    slot.min_score = 0.4f;
  for (int index = 0; index < count; index++) {
    const int slot_index = random.whole(0, 1);
    const Slot& slot = stage2.slots[slot_index];
    Region region = {};
    region.slot = slot_index;
    const float x = slot.left + random.uniform(0.0f, 0.8f) * slot.content_width;
    const float y = slot.top + random.uniform(0.0f, 0.8f) * slot.content_height;
    region.network_box = {x, y, std::min(x + random.uniform(1.0f, 20.0f), static_cast<float>(slot.left + slot.content_width)),
                          std::min(y + random.uniform(1.0f, 20.0f), static_cast<float>(slot.top + slot.content_height))};
    const float scale_x = static_cast<float>(slot.image_width) / slot.content_width;
    const float scale_y = static_cast<float>(slot.image_height) / slot.content_height;
    const Box& box = region.network_box;
    region.image_box = {(box.x1 - slot.left) * scale_x, (box.y1 - slot.top) * scale_y,
                        std::min((box.x2 - slot.left) * scale_x, static_cast<float>(slot.image_width)),
                        std::min((box.y2 - slot.top) * scale_y, static_cast<float>(slot.image_height))};
    region.score = task == Segment ? 1.0f : random.uniform(0.1f, 1.0f);
    region.class_id = task == Segment && random.whole(0, 1) == 0 ? -1 : random.whole(0, class_count - 1);
    region.anchor_index = 1000 - index;
    stage2.regions.push_back(region);
  }

  stage2.class_logits = random.floats(static_cast<size_t>(count) * (class_count + 1), -4.0f, 4.0f);
  for (int index = 0; index < count; index++) {
    // The softmax of many classes with random logits would keep next to nothing.
    const int likely = std::max(stage2.regions[index].class_id, 0);
    stage2.class_logits[static_cast<size_t>(index) * (class_count + 1) + likely] += 6.0f;
  }

  stage2.deltas = random.floats(static_cast<size_t>(count) * 4, -9.0f, 9.0f);
  stage2.mask_logits = random.floats(static_cast<size_t>(count) * class_count * 28 * 28, -4.0f, 4.0f);
  return stage2;
}

double clipped(double value, double low, double high) { return std::min(std::max(value, low), high); }

// Refinement of one region in double.
struct ExpectedInstance {
  int class_id = 0;
  double score = 0.0;
  double x1, y1, x2, y2;
  double smaller_side;
};

ExpectedInstance expected_instance(const Stage2& stage2, size_t index) {
  const Region& region = stage2.regions[index];
  const Slot& slot = stage2.slots[region.slot];
  const int class_count = stage2.refinement.class_count;
  const float* logits = &stage2.class_logits[index * (class_count + 1)];
  const float* deltas = &stage2.deltas[index * 4];
  ExpectedInstance expected;
  expected.class_id = region.class_id;
  if (expected.class_id < 0)
    expected.class_id = static_cast<int>(std::max_element(logits, logits + class_count) - logits);
  double sum = 0.0;
  for (int class_id = 0; class_id <= class_count; class_id++)
    sum += std::exp(static_cast<double>(logits[class_id]));
  const double probability = std::exp(static_cast<double>(logits[expected.class_id])) / sum;
  expected.score = slot.task == Segment ? probability : std::sqrt(region.score * probability);

  const Box& box = region.network_box;
  const double width = static_cast<double>(box.x2) - box.x1;
  const double height = static_cast<double>(box.y2) - box.y1;
  const double x = box.x1 + width / 2 + deltas[0] / 10.0 * width;
  const double y = box.y1 + height / 2 + deltas[1] / 10.0 * height;
  const double half_width = width * std::exp(clipped(deltas[2] / 5.0, -1.0, 1.0)) / 2;
  const double half_height = height * std::exp(clipped(deltas[3] / 5.0, -1.0, 1.0)) / 2;
  const double right = slot.left + slot.content_width;
  const double bottom = slot.top + slot.content_height;
  expected.x1 = clipped(x - half_width, slot.left, right);
  expected.y1 = clipped(y - half_height, slot.top, bottom);
  expected.x2 = clipped(x + half_width, slot.left, right);
  expected.y2 = clipped(y + half_height, slot.top, bottom);
  expected.smaller_side = std::min(expected.x2 - expected.x1, expected.y2 - expected.y1);
  return expected;
}

void expect_image_box(const Slot& slot, const ExpectedInstance& expected, const Box& box) {
  const double scale_x = static_cast<double>(slot.image_width) / slot.content_width;
  const double scale_y = static_cast<double>(slot.image_height) / slot.content_height;
  EXPECT_NEAR((expected.x1 - slot.left) * scale_x, box.x1, 2e-4);
  EXPECT_NEAR((expected.y1 - slot.top) * scale_y, box.y1, 2e-4);
  EXPECT_NEAR((expected.x2 - slot.left) * scale_x, box.x2, 2e-4);
  EXPECT_NEAR((expected.y2 - slot.top) * scale_y, box.y2, 2e-4);
}

TEST(RefineRegions, DetectAndSegmentMatchesTheDoubleReference) {
  RandomValues random(17);
  for (const int class_count : {1, 6, 80}) {
    const Stage2 stage2 = random_stage2(random, DetectAndSegment, 100, class_count);

    const std::vector<Instance> instances = stage2.refine();

    int kept = 0;
    for (size_t index = 0; index < instances.size(); index++) {
      const ExpectedInstance expected = expected_instance(stage2, index);
      const Instance& instance = instances[index];
      const Region& region = stage2.regions[index];
      if (std::abs(expected.score - 0.4) < 1e-5 || std::abs(expected.smaller_side - 1.0) < 1e-3)
        continue;
      ASSERT_EQ(expected.score >= 0.4 && expected.smaller_side >= 1.0, instance.is_kept != 0) << "region " << index;
      EXPECT_EQ(region.class_id, instance.class_id);
      EXPECT_EQ(region.anchor_index, instance.anchor_index);
      EXPECT_EQ(region.slot, instance.slot);
      EXPECT_EQ(-1, instance.mask_offset);
      if (!instance.is_kept)
        continue;
      kept++;
      EXPECT_NEAR(expected.score, instance.score, 1e-5);
      expect_image_box(stage2.slots[region.slot], expected, instance.image_box);
      EXPECT_EQ(static_cast<int>(std::floor(region.image_box.x1)), instance.mask_x);
      EXPECT_EQ(static_cast<int>(std::floor(region.image_box.y1)), instance.mask_y);
      EXPECT_EQ(static_cast<int>(std::ceil(region.image_box.x2)), instance.mask_x + instance.mask_width);
      EXPECT_EQ(static_cast<int>(std::ceil(region.image_box.y2)), instance.mask_y + instance.mask_height);
    }

    EXPECT_GT(kept, 20);
    EXPECT_LT(kept, 100);
  }
}

TEST(RefineRegions, SegmentKeepsEveryRegion) {
  RandomValues random(19);
  for (const int class_count : {1, 6, 80}) {
    const Stage2 stage2 = random_stage2(random, Segment, 60, class_count);

    const std::vector<Instance> instances = stage2.refine();

    for (size_t index = 0; index < instances.size(); index++) {
      const ExpectedInstance expected = expected_instance(stage2, index);
      EXPECT_EQ(1, instances[index].is_kept);
      EXPECT_EQ(expected.class_id, instances[index].class_id);
      EXPECT_NEAR(expected.score, instances[index].score, 1e-5);
      const Region& region = stage2.regions[index];
      if (expected.smaller_side > 1.001) {
        expect_image_box(stage2.slots[region.slot], expected, instances[index].image_box);
      } else if (expected.smaller_side < 0.999) {
        EXPECT_EQ(region.image_box.x1, instances[index].image_box.x1);
      }
    }
  }
}

TEST(RefineRegions, FirstOfEqualClassesIsChosen) {
  RandomValues random(71);
  Stage2 stage2 = random_stage2(random, Segment, 3, 80);
  const std::vector<std::vector<int>> likeliest = {{70, 33, 5, 37}, {64, 0, 32}, {79, 78}};
  for (size_t index = 0; index < likeliest.size(); index++) {
    stage2.regions[index].class_id = -1;
    for (const int class_id : likeliest[index])
      stage2.class_logits[index * 81 + class_id] = 20.0f;

    // The background, however likely.
    stage2.class_logits[index * 81 + 80] = 30.0f;
  }

  const std::vector<Instance> instances = stage2.refine();

  EXPECT_EQ(5, instances[0].class_id);
  EXPECT_EQ(0, instances[1].class_id);
  EXPECT_EQ(78, instances[2].class_id);
}

TEST(RefineRegions, Stage1ScoreIsTakenWhereTheModelSaysSo) {
  RandomValues random(23);
  Stage2 stage2 = random_stage2(random, DetectAndSegment, 20, 3);
  stage2.refinement.uses_stage1_score = 1;
  std::fill(stage2.deltas.begin(), stage2.deltas.end(), 0.0f);

  const std::vector<Instance> instances = stage2.refine();

  for (size_t index = 0; index < instances.size(); index++) {
    EXPECT_EQ(stage2.regions[index].score >= 0.4f, instances[index].is_kept != 0);
    if (instances[index].is_kept) {
      EXPECT_EQ(stage2.regions[index].score, instances[index].score);
    }
  }
}

TEST(RefineRegions, NaNAndInfinityNeverLeave) {
  RandomValues random(29);
  for (const int task : {DetectAndSegment, Segment}) {
    Stage2 stage2 = random_stage2(random, task, 60, 6);
    const float wrong[] = {NaN, Infinity, -Infinity};
    for (size_t index = 0; index < 30; index++) {
      stage2.class_logits[index * 7 + random.whole(0, 6)] = wrong[index % 3];
      stage2.deltas[(59 - index) * 4 + random.whole(0, 3)] = wrong[index % 3];
    }

    for (int index = 0; index < 7; index++) {
      stage2.class_logits[index] = NaN;
      stage2.class_logits[7 + index] = -Infinity;
    }

    for (const Instance& instance : stage2.refine()) {
      if (!instance.is_kept)
        continue;
      EXPECT_TRUE(instance.score >= 0.0f && instance.score <= 1.0f) << instance.score;
      EXPECT_TRUE(instance.class_id >= 0 && instance.class_id < 6);
      EXPECT_TRUE(instance.image_box.x2 > instance.image_box.x1 && instance.image_box.y2 > instance.image_box.y1);
      EXPECT_TRUE(instance.image_box.x2 < Infinity && instance.image_box.y2 < Infinity);
    }
  }
}

TEST(RefineRegions, BoxIsNotMadeOfNaN) {
  for (const int task : {DetectAndSegment, Segment}) {
    RandomValues random(73);
    Stage2 stage2 = random_stage2(random, task, 4, 6);
    stage2.refinement.uses_stage1_score = 1;
    std::fill(stage2.deltas.begin(), stage2.deltas.end(), 0.0f);
    for (int index = 0; index < 4; index++) {
      stage2.regions[index].score = 0.9f;
      stage2.deltas[index * 4 + index] = NaN;
    }

    const std::vector<Instance> instances = stage2.refine();

    for (int index = 0; index < 4; index++) {
      EXPECT_EQ(task == Segment, instances[index].is_kept != 0) << "delta " << index;
      const float expected = task == Segment ? stage2.regions[index].image_box.y2 : 0.0f;
      EXPECT_EQ(expected, instances[index].image_box.y2) << "delta " << index;
    }
  }
}

std::vector<Instance> random_instances(RandomValues& random, int count) {
  std::vector<Instance> instances(count);
  for (Instance& instance : instances) {
    instance = {};
    instance.mask_width = random.whole(1, 40);
    instance.mask_height = random.whole(1, 40);
    instance.is_kept = random.whole(0, 4) > 0 ? 1 : 0;
    instance.mask_offset = -1;
  }

  return instances;
}

long long bytes_of(const Instance& instance) { return (instance.mask_width + 7) / 8 * static_cast<long long>(instance.mask_height); }

long long padded_bytes(const Instance& instance) { return (bytes_of(instance) + 15) / 16 * 16; }

TEST(PlaceMasks, MasksFollowEachOther) {
  RandomValues random(37);
  for (const int count : {0, 1, 32, 255, 256, 257, 1000}) {
    const Placed placed = place(random_instances(random, count), 1 << 20, {0, count + 5});

    long long end = 0;
    for (const Instance& instance : placed.instances) {
      ASSERT_EQ(instance.is_kept ? end : -1, instance.mask_offset);
      end += instance.is_kept ? padded_bytes(instance) : 0;
    }

    EXPECT_EQ(end, placed.state.needed_bytes);
    EXPECT_EQ(0, placed.state.missing_masks);
  }
}

TEST(PlaceMasks, MasksBeyondTheArenaAreCountedAndHaveNoPlace) {
  RandomValues random(41);
  const std::vector<Instance> instances = random_instances(random, 600);
  const long long needed = place(instances, 1 << 20, {0, 600}).state.needed_bytes;
  for (const long long arena_bytes : {0ll, 15ll, 4000ll, needed - 1, needed}) {
    const Placed placed = place(instances, arena_bytes, {0, 600});

    long long end = 0;
    int missing = 0;
    for (const Instance& instance : placed.instances) {
      if (!instance.is_kept)
        continue;
      const bool fits = end + padded_bytes(instance) <= arena_bytes;
      ASSERT_EQ(fits ? end : -1, instance.mask_offset);
      missing += fits ? 0 : 1;
      end += padded_bytes(instance);
    }

    EXPECT_EQ(needed, placed.state.needed_bytes);
    EXPECT_EQ(missing, placed.state.missing_masks);
  }
}

TEST(PlaceMasks, HugeMasksDoNotOverflow) {
  // Each takes half a gibibyte, all more than 32 bits count.
  std::vector<Instance> instances(12, Instance{});
  for (Instance& instance : instances) {
    instance.mask_width = instance.mask_height = 65535;
    instance.mask_offset = -1;
    instance.is_kept = 1;
  }

  const Placed placed = place(instances, 0x7fffffff, {0, 12});

  EXPECT_EQ(12 * 8192ll * 65535, placed.state.needed_bytes);
  EXPECT_EQ(8, placed.state.missing_masks);
  for (int index = 0; index < 12; index++)
    EXPECT_EQ(index < 4 ? index * 8192 * 65535 : -1, placed.instances[index].mask_offset);
}

TEST(PlaceMasks, ChunksGoOnBehindEachOther) {
  RandomValues random(43);
  const std::vector<Instance> instances = random_instances(random, 70);
  const Placed whole = place(instances, 1 << 20, {0, 70});

  const Placed first = place(instances, 1 << 20, {0, 40});
  const Placed second = place(first.instances, 1 << 20, {40, 40}, first.state);

  EXPECT_EQ(whole.state.needed_bytes, second.state.needed_bytes);
  for (size_t index = 0; index < instances.size(); index++)
    EXPECT_EQ(whole.instances[index].mask_offset, second.instances[index].mask_offset);
}

// The probability at an image pixel's centre, in double.
double expected_probability(const float* logits, int size, const Box& box, int x, int y) {
  const double column = clipped((x + 0.5 - box.x1) / (static_cast<double>(box.x2) - box.x1) * size - 0.5, 0.0, size - 1.0);
  const double row = clipped((y + 0.5 - box.y1) / (static_cast<double>(box.y2) - box.y1) * size - 0.5, 0.0, size - 1.0);
  const int left = static_cast<int>(column);
  const int top = static_cast<int>(row);
  const int right = std::min(left + 1, size - 1);
  const int bottom = std::min(top + 1, size - 1);
  const auto at = [&](int r, int c) { return 1.0 / (1.0 + std::exp(-static_cast<double>(logits[r * size + c]))); };
  return (top + 1 - row) * ((left + 1 - column) * at(top, left) + (column - left) * at(top, right))
      + (row - top) * ((left + 1 - column) * at(bottom, left) + (column - left) * at(bottom, right));
}

bool bit_at(const unsigned char* mask, const Instance& instance, int column, int row) {
  const int row_bytes = (instance.mask_width + 7) / 8;
  return (mask[row * row_bytes + column / 8] >> (7 - column % 8) & 1) != 0;
}

// One Segment slot with a region for each box, and its instances as refine_regions and place_masks leave them.
Stage2 boxes_in_image(RandomValues& random, const std::vector<Box>& boxes, int class_count, int mask_size) {
  Stage2 stage2;
  stage2.refinement = refinement_of(class_count, mask_size);
  stage2.slots = {fitted_slot(400, 400, Network, Network, Segment)};
  for (const Box& box : boxes)
    stage2.regions.push_back({{1, 1, 9, 9}, box, 1.0f, random.whole(0, class_count - 1), 0, 0});
  stage2.class_logits = random.floats(boxes.size() * (class_count + 1), -1.0f, 1.0f);
  stage2.deltas = random.floats(boxes.size() * 4, -1.0f, 1.0f);
  stage2.mask_logits = random.floats(boxes.size() * class_count * mask_size * mask_size, -4.0f, 4.0f);
  return stage2;
}

void expect_masks(const Stage2& stage2, const std::vector<Instance>& instances, const std::vector<unsigned char>& arena) {
  const int size = stage2.refinement.mask_size;
  for (size_t index = 0; index < instances.size(); index++) {
    const Instance& instance = instances[index];
    const float* logits = &stage2.mask_logits[(index * stage2.refinement.class_count + instance.class_id) * size * size];
    const unsigned char* mask = &arena[instance.mask_offset];
    const int row_bytes = (instance.mask_width + 7) / 8;
    for (int row = 0; row < instance.mask_height; row++) {
      for (int column = 0; column < row_bytes * 8; column++) {
        if (column >= instance.mask_width) {
          ASSERT_FALSE(bit_at(mask, instance, column, row)) << "a bit beyond the width is set";
          continue;
        }

        // Values that rounding puts on one side of the threshold or the other prove nothing.
        const double value = expected_probability(logits, size, stage2.regions[index].image_box, instance.mask_x + column, instance.mask_y + row);
        if (std::abs(value - stage2.refinement.mask_threshold) > 1e-5) {
          ASSERT_EQ(value > stage2.refinement.mask_threshold, bit_at(mask, instance, column, row))
              << "instance " << index << " at " << column << ", " << row;
        }
      }
    }

    for (long long byte = bytes_of(instance); byte < padded_bytes(instance); byte++)
      ASSERT_EQ(0xff, mask[byte]) << "a byte between two masks was written";
  }
}

TEST(PasteMasks, RandomBoxesMatchTheDoubleReference) {
  RandomValues random(47);
  std::vector<Box> boxes = {{0, 0, 400, 300}, {3.2f, 4.7f, 13.1f, 9.0f}, {5, 5, 5.1f, 5.1f}, {0, 0, 32, 32}, {7, 7, 40, 41}, {399, 399, 400, 400}};
  for (int index = 0; index < 20; index++) {
    const float x = random.uniform(0.0f, 300.0f);
    const float y = random.uniform(0.0f, 300.0f);
    boxes.push_back({x, y, x + random.uniform(0.1f, 90.0f), y + random.uniform(0.1f, 90.0f)});
  }

  // 28: in shared memory; 120: too large for it.
  for (const int mask_size : {2, 28, 120}) {
    Stage2 stage2 = boxes_in_image(random, mask_size == 120 ? std::vector<Box>(boxes.begin() + 1, boxes.begin() + 8) : boxes, 2, mask_size);
    stage2.refinement.mask_threshold = mask_size == 28 ? 0.5f : 0.3f;
    const Placed placed = place(stage2.refine(), 1 << 20, stage2.chunk());

    const std::vector<unsigned char> arena = stage2.paste(placed.instances, placed.state.needed_bytes, blocks(3, 7));

    expect_masks(stage2, placed.instances, arena);
  }
}

TEST(PasteMasks, LogitsThatAreNotFiniteAreInsideOrOutside) {
  for (const float logit : {NaN, -Infinity, Infinity}) {
    RandomValues random(2);
    Stage2 stage2 = boxes_in_image(random, {{10, 10, 20, 20}}, 1, 28);
    std::fill(stage2.mask_logits.begin(), stage2.mask_logits.end(), logit);
    const Placed placed = place(stage2.refine(), 1 << 20, stage2.chunk());

    const std::vector<unsigned char> arena = stage2.paste(placed.instances, placed.state.needed_bytes, blocks(1, 1));

    for (int row = 0; row < 10; row++) {
      for (int column = 0; column < 10; column++)
        ASSERT_EQ(logit == Infinity, bit_at(arena.data(), placed.instances[0], column, row));
    }
  }
}

TEST(PasteMasks, MasksWithoutAPlaceAreNotWritten) {
  RandomValues random(53);
  std::vector<Box> boxes;
  for (int index = 0; index < 12; index++)
    boxes.push_back({20.0f * index, 10, 20.0f * index + 19, 40});
  const Stage2 stage2 = boxes_in_image(random, boxes, 1, 28);
  const size_t arena_bytes = 500;
  const Placed placed = place(stage2.refine(), arena_bytes, stage2.chunk());
  ASSERT_GT(placed.state.missing_masks, 0);

  // The sanitizer sees any write beyond the arena.
  const std::vector<unsigned char> arena = stage2.paste(placed.instances, arena_bytes, blocks(2, 12));

  std::vector<Instance> there;
  for (const Instance& instance : placed.instances) {
    if (instance.mask_offset >= 0)
      there.push_back(instance);
  }

  ASSERT_EQ(12 - placed.state.missing_masks, static_cast<int>(there.size()));
  expect_masks(stage2, there, arena);
}

TEST(PasteMasks, NoInstancesWriteNothing) {
  RandomValues random(59);
  Stage2 stage2 = boxes_in_image(random, {{1, 1, 9, 9}}, 1, 28);
  std::vector<Instance> instances = stage2.refine();
  instances[0].is_kept = 0;
  instances[0].mask_offset = 0;

  const std::vector<unsigned char> arena = stage2.paste(instances, 64, blocks(1, 4));

  for (const unsigned char byte : arena)
    EXPECT_EQ(0xff, byte);
}

TEST(ClassMap, EveryPixelTakesTheLargestLogit) {
  RandomValues random(61);
  const int class_count = 4;
  const int sizes[][2] = {{64, 64}, {200, 90}, {13, 40}, {1, 1}};
  for (const auto& size : sizes) {
    std::vector<float> logits = random.floats(static_cast<size_t>(2) * class_count * Network * Network, -1.0f, 1.0f);
    for (size_t index = 0; index < logits.size(); index += 7)
      logits[index] = NaN;
    const int all_wrong = 30 * Network + 30;
    for (int class_id = 0; class_id < class_count; class_id++)
      logits[(class_count + class_id) * Network * Network + all_wrong] = class_id == 3 ? -Infinity : NaN;
    DeviceArray<float> device_logits(logits);
    DeviceArray<unsigned char> map(static_cast<size_t>(size[0]) * size[1]);
    std::vector<Slot> slots = {fitted_slot(10, 10, Network, Network, Detect), fitted_slot(size[0], size[1], Network, Network, Classify)};
    const Slot& slot = slots[1];
    slots[1].class_map = map.data();
    DeviceArray<Slot> device_slots(slots);

    launch("class_map", blocks(2, 3, 2), blocks(64, 4), 0, device_slots.data(), class_count, Network, Network, 1, 0.25f, device_logits.data());

    for (int y = 0; y < size[1]; y++) {
      for (int x = 0; x < size[0]; x++) {
        const int column = slot.left + static_cast<int>((x + 0.5) * slot.content_width / size[0]);
        const int row = slot.top + static_cast<int>((y + 0.5) * slot.content_height / size[1]);
        int best = 1;
        float largest = -Infinity;
        for (int class_id = 0; class_id < class_count; class_id++) {
          const float logit = logits[((class_count + class_id) * Network + row) * Network + column] + (class_id == 1 ? 0.25f : 0.0f);
          best = logit > largest ? class_id : best;
          largest = logit > largest ? logit : largest;
        }

        ASSERT_EQ(best, map[static_cast<size_t>(y) * size[0] + x]) << x << ", " << y;
      }
    }
  }
}

}  // namespace

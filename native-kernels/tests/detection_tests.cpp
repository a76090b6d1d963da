// Anchor decode, sort and suppression, alone and one after the other.
#include <cmath>
#include <map>

#include "random_values.h"
#include "slots.h"

namespace {

constexpr int NetworkWidth = 96;
constexpr int NetworkHeight = 64;

// Two heads with their outputs, and the buffers of a batch.
struct Detection {
  int slot_count;
  int class_count;
  int key_capacity = 1;
  AnchorHeads heads = {};
  std::vector<std::vector<float>> values;
  std::vector<DeviceArray<float>*> device_values;

  Detection(int slot_count, int class_count) : slot_count(slot_count), class_count(class_count) {
    heads.class_count = class_count;
    add_head(0, 8, {{20.0f, 14.0f}, {9.0f, 30.0f}, {6.0f, 6.0f}});
    add_head(1, 16, {{40.0f, 34.0f}, {61.0f, 20.0f}});
    while (key_capacity < heads.total_anchors)
      key_capacity *= 2;
  }

  ~Detection() {
    for (DeviceArray<float>* array : device_values)
      delete array;
  }

  void add_head(int index, int stride, const std::vector<std::array<float, 2>>& sizes) {
    AnchorHead& head = heads.heads[index];
    head.columns = NetworkWidth / stride;
    head.rows = NetworkHeight / stride;
    head.stride = stride;
    head.anchor_count = static_cast<int>(sizes.size());
    head.first_anchor = heads.total_anchors;
    for (size_t anchor = 0; anchor < sizes.size(); anchor++) {
      head.anchor_sizes[anchor][0] = sizes[anchor][0];
      head.anchor_sizes[anchor][1] = sizes[anchor][1];
    }

    heads.total_anchors += head.anchor_count * head.columns * head.rows;
    values.push_back(std::vector<float>(static_cast<size_t>(slot_count) * head.anchor_count * (5 + class_count) * head.columns * head.rows));
  }

  void fill(RandomValues& random, float low, float high) {
    for (std::vector<float>& head : values) {
      for (float& value : head)
        value = random.uniform(low, high);
    }
  }

  float& value(int slot, int head, int anchor, int channel, int row, int column) {
    const AnchorHead& shape = heads.heads[head];
    const size_t plane = static_cast<size_t>(shape.columns) * shape.rows;
    return values[head][((static_cast<size_t>(slot) * shape.anchor_count + anchor) * (5 + class_count) + channel) * plane
                        + row * shape.columns + column];
  }

  void upload() {
    for (size_t head = 0; head < values.size(); head++) {
      device_values.push_back(new DeviceArray<float>(values[head]));
      heads.heads[head].values = device_values.back()->data();
    }
  }
};

struct Candidate {
  Box box;
  double score;
  int class_id;
};

double exact_sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

Box clipped(const Box& box, const Slot& slot) {
  const auto clip = [](float value, int low, int high) { return std::min(std::max(value, static_cast<float>(low)), static_cast<float>(high)); };
  const int right = slot.left + slot.content_width;
  const int bottom = slot.top + slot.content_height;
  return {clip(box.x1, slot.left, right), clip(box.y1, slot.top, bottom), clip(box.x2, slot.left, right), clip(box.y2, slot.top, bottom)};
}

// All anchors of a slot in double, whatever their score, by anchor index.
std::map<int, Candidate> decoded(Detection& detection, const Slot& slot, int slot_index) {
  std::map<int, Candidate> all;
  for (size_t index = 0; index < detection.values.size(); index++) {
    const AnchorHead& head = detection.heads.heads[index];
    for (int anchor = 0; anchor < head.anchor_count; anchor++) {
      for (int row = 0; row < head.rows; row++) {
        for (int column = 0; column < head.columns; column++) {
          const auto channel = [&](int at) { return static_cast<double>(detection.value(slot_index, index, anchor, at, row, column)); };
          int best = 0;
          for (int class_id = 1; class_id < detection.class_count; class_id++)
            best = channel(5 + class_id) > channel(5 + best) ? class_id : best;
          const double x = (2 * exact_sigmoid(channel(0)) - 0.5 + column) * head.stride;
          const double y = (2 * exact_sigmoid(channel(1)) - 0.5 + row) * head.stride;
          const double width = std::pow(2 * exact_sigmoid(channel(2)), 2) * head.anchor_sizes[anchor][0];
          const double height = std::pow(2 * exact_sigmoid(channel(3)), 2) * head.anchor_sizes[anchor][1];
          const Box box = {static_cast<float>(x - width / 2), static_cast<float>(y - height / 2), static_cast<float>(x + width / 2),
                           static_cast<float>(y + height / 2)};
          const int anchor_index = head.first_anchor + (anchor * head.rows + row) * head.columns + column;
          all[anchor_index] = {clipped(box, slot), exact_sigmoid(channel(4)) * exact_sigmoid(channel(5 + best)), best};
        }
      }
    }
  }

  return all;
}

// What decode_anchors leaves behind.
struct Decoded {
  DeviceArray<unsigned long long> keys;
  DeviceArray<Box> boxes;
  DeviceArray<int> classes;
  DeviceArray<int> counts;

  Decoded(const Detection& detection)
      : keys(static_cast<size_t>(detection.slot_count) * detection.key_capacity),
        boxes(static_cast<size_t>(detection.slot_count) * detection.heads.total_anchors),
        classes(boxes.size()), counts(std::vector<int>(detection.slot_count)) {}
};

void decode(Detection& detection, const std::vector<Slot>& slots, Decoded& result) {
  detection.upload();
  DeviceArray<Slot> device_slots(slots);
  unsigned most = 0;
  for (size_t head = 0; head < detection.values.size(); head++) {
    const AnchorHead& shape = detection.heads.heads[head];
    most = std::max(most, static_cast<unsigned>(shape.anchor_count * shape.columns * shape.rows));
  }

  launch("decode_anchors", blocks(ceiling_divide(most, 256), slots.size(), detection.values.size()), blocks(256), 0,
         device_slots.data(), detection.heads, detection.key_capacity, result.keys.data(), result.boxes.data(),
         result.classes.data(), result.counts.data());
}

float score_of(unsigned long long key) { return __int_as_float(static_cast<int>(~static_cast<unsigned>(key >> 32))); }

TEST(DecodeAnchors, MatchesTheDoubleReference) {
  RandomValues random(21);
  Detection detection(3, 4);
  detection.fill(random, -4.0f, 4.0f);
  std::vector<Slot> slots = {
      fitted_slot(200, 100, NetworkWidth, NetworkHeight, Detect),
      fitted_slot(50, 64, NetworkWidth, NetworkHeight, Segment),
      fitted_slot(50, 64, NetworkWidth, NetworkHeight, DetectAndSegment),
  };
  set_limits(slots[0], 0.3f, 0.5f, 100);
  set_limits(slots[1], 0.001f, 0.5f, 100);
  set_limits(slots[2], 0.001f, 0.5f, 100);
  Decoded result(detection);

  decode(detection, slots, result);

  EXPECT_EQ(0, result.counts[1]) << "a slot whose regions the caller gives was decoded";
  for (const int slot : {0, 2}) {
    std::map<int, Candidate> expected = decoded(detection, slots[slot], slot);
    int found = 0;
    for (int place = 0; place < result.counts[slot]; place++) {
      const unsigned long long key = result.keys[static_cast<size_t>(slot) * detection.key_capacity + place];
      const int anchor = static_cast<int>(key);
      ASSERT_EQ(1u, expected.count(anchor)) << "anchor " << anchor << " is there twice, or there is none";
      const Candidate candidate = expected[anchor];
      const Box& box = result.boxes[static_cast<size_t>(slot) * detection.heads.total_anchors + anchor];
      EXPECT_NEAR(candidate.score, score_of(key), 1e-6);
      EXPECT_EQ(candidate.class_id, result.classes[static_cast<size_t>(slot) * detection.heads.total_anchors + anchor]);
      EXPECT_NEAR(candidate.box.x1, box.x1, 1e-4);
      EXPECT_NEAR(candidate.box.y1, box.y1, 1e-4);
      EXPECT_NEAR(candidate.box.x2, box.x2, 1e-4);
      EXPECT_NEAR(candidate.box.y2, box.y2, 1e-4);
      expected.erase(anchor);
      found++;
    }

    EXPECT_GT(found, 20);

    // Those that were left out had to be.
    for (const auto& [anchor, candidate] : expected) {
      const double side = std::min(candidate.box.x2 - candidate.box.x1, candidate.box.y2 - candidate.box.y1);
      EXPECT_TRUE(candidate.score < slots[slot].candidate_min_score + 1e-6 || side < 1.0 + 1e-4) << "anchor " << anchor << " is missing";
    }
  }
}

// Whether a box value or the objectness of an anchor of the first slot is NaN.
bool draws_on_nan(Detection& detection, int anchor_index) {
  const int index = anchor_index < detection.heads.heads[1].first_anchor ? 0 : 1;
  const AnchorHead& head = detection.heads.heads[index];
  const int plane = head.columns * head.rows;
  const int anchor = (anchor_index - head.first_anchor) / plane;
  const int cell = (anchor_index - head.first_anchor) % plane;
  bool is_nan = false;
  for (int channel = 0; channel < 5; channel++)
    is_nan |= std::isnan(detection.value(0, index, anchor, channel, cell / head.columns, cell % head.columns));
  return is_nan;
}

TEST(DecodeAnchors, NaNAndInfinityNeverLeave) {
  RandomValues random(5);
  Detection detection(1, 3);
  detection.fill(random, -1.0f, 3.0f);
  const float wrong[] = {NaN, Infinity, -Infinity};
  for (std::vector<float>& head : detection.values) {
    for (size_t index = 0; index < head.size(); index++) {
      if (random.whole(0, 3) == 0)
        head[index] = wrong[random.whole(0, 2)];
    }
  }

  std::vector<Slot> slots = {fitted_slot(96, 64, NetworkWidth, NetworkHeight, Detect)};
  set_limits(slots[0], 0.001f, 0.5f, 100);
  Decoded result(detection);

  decode(detection, slots, result);

  EXPECT_GT(result.counts[0], 10);
  for (int place = 0; place < result.counts[0]; place++) {
    const Box& box = result.boxes[static_cast<int>(result.keys[place])];
    ASSERT_TRUE(box.x2 - box.x1 >= 1.0f && box.y2 - box.y1 >= 1.0f);
    ASSERT_TRUE(box.x1 >= 0.0f && box.y1 >= 0.0f && box.x2 <= NetworkWidth && box.y2 <= NetworkHeight);
    ASSERT_TRUE(score_of(result.keys[place]) >= 0.001f && score_of(result.keys[place]) <= 1.0f);
    ASSERT_FALSE(draws_on_nan(detection, static_cast<int>(result.keys[place]))) << "a box was made of NaN";
  }
}

TEST(DecodeAnchors, FirstOfEqualClassesWins) {
  Detection detection(1, 3);
  for (std::vector<float>& head : detection.values)
    std::fill(head.begin(), head.end(), -20.0f);
  detection.value(0, 0, 0, 4, 2, 3) = 5.0f;
  detection.value(0, 0, 0, 6, 2, 3) = 1.0f;
  detection.value(0, 0, 0, 7, 2, 3) = 1.0f;
  for (int channel = 0; channel < 4; channel++)
    detection.value(0, 0, 0, channel, 2, 3) = 0.0f;
  std::vector<Slot> slots = {fitted_slot(96, 64, NetworkWidth, NetworkHeight, Detect)};
  set_limits(slots[0], 0.1f, 0.5f, 100);
  Decoded result(detection);

  decode(detection, slots, result);

  const int anchor = 2 * (NetworkWidth / 8) + 3;
  ASSERT_EQ(1, result.counts[0]);
  EXPECT_EQ(anchor, static_cast<int>(result.keys[0]));
  EXPECT_EQ(1, result.classes[anchor]);
}

TEST(DecodeAnchors, NoCandidatesAndAllCandidates) {
  for (const float objectness : {-30.0f, 8.0f}) {
    Detection detection(1, 2);
    for (std::vector<float>& head : detection.values)
      std::fill(head.begin(), head.end(), 0.0f);
    for (size_t head = 0; head < detection.values.size(); head++) {
      const AnchorHead& shape = detection.heads.heads[head];
      for (int cell = 0; cell < shape.anchor_count * shape.rows * shape.columns; cell++) {
        const int plane = shape.rows * shape.columns;
        detection.value(0, head, cell / plane, 4, cell % plane / shape.columns, cell % shape.columns) = objectness;
      }
    }

    std::vector<Slot> slots = {fitted_slot(96, 64, NetworkWidth, NetworkHeight, Detect)};
    set_limits(slots[0], 0.2f, 0.5f, 100);
    Decoded result(detection);

    decode(detection, slots, result);

    EXPECT_EQ(objectness < 0.0f ? 0 : detection.heads.total_anchors, result.counts[0]);
  }
}

TEST(SortCandidates, AnyNumberOfKeysIsSortedAndNothingElseIsTouched) {
  RandomValues random(9);
  const int capacity = 16384;
  for (const int count : {0, 1, 2, 3, 5, 64, 700, 4095, 4096, 4097, 9000, 16384}) {
    DeviceArray<int> counts(std::vector<int>{count, 3});
    DeviceArray<unsigned long long> keys(2 * capacity);
    std::vector<unsigned long long> expected;
    for (int index = 0; index < count; index++) {
      const unsigned high = static_cast<unsigned>(random.whole(0, 300)) << 20;
      expected.push_back(static_cast<unsigned long long>(high) << 32 | static_cast<unsigned>(index));
    }

    // The anchor's index decides between equal scores, so that shuffling changes nothing.
    std::vector<unsigned long long> shuffled = expected;
    for (int index = count - 1; index > 0; index--)
      std::swap(shuffled[index], shuffled[random.whole(0, index)]);
    std::copy(shuffled.begin(), shuffled.end(), keys.data());

    // Left from the batch before; they would come first.
    const unsigned long long stale = 5;
    std::fill(keys.data() + count, keys.data() + capacity, stale);
    for (int index = 0; index < 3; index++)
      keys[capacity + index] = 3 - index;
    std::sort(expected.begin(), expected.end());

    launch("sort_candidates", blocks(2), blocks(1024), 0, counts.data(), capacity, keys.data());

    for (int index = 0; index < count; index++)
      ASSERT_EQ(expected[index], keys[index]) << "of " << count << " keys, place " << index;
    for (int index = 2 * std::max(count, 1); index < capacity; index++)
      ASSERT_EQ(stale, keys[index]) << "of " << count << " keys, place " << index;
    for (int index = 0; index < 3; index++)
      ASSERT_EQ(static_cast<unsigned long long>(index + 1), keys[capacity + index]);
    ASSERT_EQ(~0ull, keys[capacity + 4]);
  }
}

// Candidates in their order, as decode and sort leave them: the place is the anchor's index.
struct Suppression {
  std::vector<Slot> slots;
  std::vector<std::vector<Candidate>> candidates;
  int total_anchors = 0;

  void add(const Slot& slot, const std::vector<Candidate>& of_slot) {
    slots.push_back(slot);
    candidates.push_back(of_slot);
    total_anchors = std::max(total_anchors, static_cast<int>(of_slot.size()));
  }

  void run(int max_candidates, int max_rois, DeviceArray<Region>& regions, DeviceArray<int>& region_counts) {
    const int stride = std::max(total_anchors, 1);
    DeviceArray<Slot> device_slots(slots);
    DeviceArray<int> counts(slots.size());
    DeviceArray<unsigned long long> keys(slots.size() * stride);
    DeviceArray<Box> boxes(slots.size() * stride);
    DeviceArray<int> classes(slots.size() * stride);
    for (size_t slot = 0; slot < slots.size(); slot++) {
      counts[slot] = static_cast<int>(candidates[slot].size());
      for (size_t place = 0; place < candidates[slot].size(); place++) {
        const Candidate& candidate = candidates[slot][place];
        const unsigned bits = static_cast<unsigned>(__float_as_int(static_cast<float>(candidate.score)));
        keys[slot * stride + place] = static_cast<unsigned long long>(~bits) << 32 | place;
        boxes[slot * stride + place] = candidate.box;
        classes[slot * stride + place] = candidate.class_id;
      }
    }

    launch("suppress", blocks(slots.size()), blocks(256), 24 * max_rois, device_slots.data(), counts.data(), keys.data(), stride,
           boxes.data(), classes.data(), stride, max_candidates, max_rois, regions.data(), region_counts.data());
  }
};

double exact_iou(const Box& a, const Box& b) {
  const double width = std::max(0.0, static_cast<double>(std::min(a.x2, b.x2)) - std::max(a.x1, b.x1));
  const double height = std::max(0.0, static_cast<double>(std::min(a.y2, b.y2)) - std::max(a.y1, b.y1));
  const double area_a = static_cast<double>(a.x2 - a.x1) * (a.y2 - a.y1);
  const double area_b = static_cast<double>(b.x2 - b.x1) * (b.y2 - b.y1);
  return width * height / (area_a + area_b - width * height);
}

std::vector<int> kept_of(const std::vector<Candidate>& candidates, float threshold, int max_candidates, int max_kept) {
  std::vector<int> kept;
  const int count = std::min(static_cast<int>(candidates.size()), max_candidates);
  for (int index = 0; index < count && static_cast<int>(kept.size()) < max_kept; index++) {
    bool is_suppressed = false;
    for (const int other : kept) {
      is_suppressed |= candidates[other].class_id == candidates[index].class_id
          && exact_iou(candidates[other].box, candidates[index].box) > threshold;
    }

    if (!is_suppressed)
      kept.push_back(index);
  }

  return kept;
}

// Whole numbers of quarter pixels: an IoU in float is on the same side of a threshold as the exact one.
std::vector<Candidate> random_candidates(RandomValues& random, int count, int classes, int clusters) {
  std::vector<Candidate> candidates;
  for (int index = 0; index < count; index++) {
    const int cluster = random.whole(0, clusters - 1);
    const float x = static_cast<float>(cluster * 37 % 80) + random.whole(0, 20) / 4.0f;
    const float y = static_cast<float>(cluster * 23 % 50) + random.whole(0, 20) / 4.0f;
    const Box box = {x, y, x + random.whole(20, 60) / 4.0f, y + random.whole(20, 60) / 4.0f};
    candidates.push_back({box, 1.0 - index / 100000.0, random.whole(0, classes - 1)});
  }

  return candidates;
}

void expect_kept(const Suppression& suppression, size_t slot, const std::vector<int>& expected, int max_rois,
                 const DeviceArray<Region>& regions, const DeviceArray<int>& region_counts) {
  ASSERT_EQ(static_cast<int>(expected.size()), region_counts[slot]);
  for (size_t place = 0; place < expected.size(); place++) {
    const Region& region = regions[slot * max_rois + place];
    const Candidate& candidate = suppression.candidates[slot][expected[place]];
    ASSERT_EQ(expected[place], region.anchor_index) << "place " << place;
    ASSERT_EQ(candidate.class_id, region.class_id);
    ASSERT_EQ(static_cast<float>(candidate.score), region.score);
    ASSERT_EQ(static_cast<int>(slot), region.slot);
    ASSERT_EQ(candidate.box.x1, region.network_box.x1);
    const Slot& placed = suppression.slots[slot];
    const double x2 = (static_cast<double>(candidate.box.x2) - placed.left) * placed.image_width / placed.content_width;
    ASSERT_NEAR(std::min(std::max(x2, 0.0), static_cast<double>(placed.image_width)), region.image_box.x2, 1e-4);
  }
}

TEST(Suppress, RandomBoxesMatchTheReference) {
  RandomValues random(31);
  const int max_rois = 300;
  for (const int count : {0, 1, 2, 31, 255, 256, 257, 600, 1500}) {
    for (const float threshold : {0.0f, 0.5f, 0.75f}) {
      Suppression suppression;
      for (const int task : {Detect, DetectAndSegment}) {
        Slot slot = fitted_slot(300, 160, NetworkWidth, NetworkHeight, task);
        set_limits(slot, 0.1f, threshold, 300);
        suppression.add(slot, random_candidates(random, count, 3, 25));
      }

      DeviceArray<Region> regions(2 * max_rois);
      DeviceArray<int> region_counts(2);

      suppression.run(3000, max_rois, regions, region_counts);

      for (const size_t slot : {0, 1})
        expect_kept(suppression, slot, kept_of(suppression.candidates[slot], threshold, 3000, 300), max_rois, regions, region_counts);
    }
  }
}

TEST(Suppress, LimitsCutCandidatesAndDefects) {
  RandomValues random(8);
  const int max_rois = 20;
  for (const int max_defects : {1, 7, 20, 50}) {
    Suppression suppression;
    Slot slot = fitted_slot(96, 64, NetworkWidth, NetworkHeight, Detect);
    set_limits(slot, 0.1f, 0.9f, max_defects);
    suppression.add(slot, random_candidates(random, 700, 5, 90));
    DeviceArray<Region> regions(max_rois);
    DeviceArray<int> region_counts(1);

    suppression.run(300, max_rois, regions, region_counts);

    expect_kept(suppression, 0, kept_of(suppression.candidates[0], 0.9f, 300, std::min(max_defects, max_rois)), max_rois, regions, region_counts);
  }
}

TEST(Suppress, OverlapOfExactlyTheThresholdIsKept) {
  // The second and third overlap the first by exactly a half.
  const std::vector<Candidate> candidates = {
      {{0, 0, 8, 8}, 0.9, 0}, {{0, 0, 8, 4}, 0.8, 0}, {{0, 0, 4, 8}, 0.7, 0}, {{0, 0, 8, 5}, 0.6, 0}, {{0, 0, 8, 8}, 0.5, 1},
  };
  Suppression suppression;
  Slot slot = fitted_slot(96, 64, NetworkWidth, NetworkHeight, Detect);
  set_limits(slot, 0.1f, 0.5f, 10);
  suppression.add(slot, candidates);
  DeviceArray<Region> regions(10);
  DeviceArray<int> region_counts(1);

  suppression.run(100, 10, regions, region_counts);

  expect_kept(suppression, 0, {0, 1, 2, 4}, 10, regions, region_counts);
}

TEST(Suppress, BoxesWithoutAnIouSuppressNothing) {
  const std::vector<Candidate> candidates = {
      {{NaN, NaN, NaN, NaN}, 0.9, 0}, {{0, 0, 8, 8}, 0.8, 0}, {{0, 0, Infinity, Infinity}, 0.7, 0}, {{4, 4, 4, 4}, 0.6, 0}, {{4, 4, 4, 4}, 0.5, 0},
  };
  Suppression suppression;
  Slot slot = fitted_slot(96, 64, NetworkWidth, NetworkHeight, Detect);
  set_limits(slot, 0.1f, 0.5f, 10);
  suppression.add(slot, candidates);
  DeviceArray<Region> regions(10);
  DeviceArray<int> region_counts(1);

  suppression.run(100, 10, regions, region_counts);

  EXPECT_EQ(5, region_counts[0]);
}

TEST(Suppress, SlotsWithRegionsOfTheCallerStayAsTheyAre) {
  Suppression suppression;
  suppression.add(fitted_slot(96, 64, NetworkWidth, NetworkHeight, Segment), {{{0, 0, 8, 8}, 0.9, 0}});
  DeviceArray<Region> regions(10);
  DeviceArray<int> region_counts(std::vector<int>{4});

  suppression.run(100, 10, regions, region_counts);

  EXPECT_EQ(4, region_counts[0]);
  EXPECT_EQ(-1, regions[0].slot);
}

TEST(Detection, DecodeSortAndSuppressGiveTheSameWhateverTheSchedule) {
  // decode_anchors fills its list in an order that depends on chance; what comes out of the three kernels must not.
  RandomValues random(77);
  Detection detection(1, 3);
  detection.fill(random, -2.0f, 2.0f);
  std::vector<Slot> slots = {fitted_slot(96, 64, NetworkWidth, NetworkHeight, DetectAndSegment)};
  set_limits(slots[0], 0.2f, 0.4f, 40);
  Decoded result(detection);
  decode(detection, slots, result);
  const int count = result.counts[0];
  std::vector<unsigned long long> keys(result.keys.data(), result.keys.data() + count);
  std::sort(keys.begin(), keys.end());
  std::vector<Candidate> sorted;
  for (const unsigned long long key : keys) {
    const int anchor = static_cast<int>(key);
    sorted.push_back({result.boxes[anchor], score_of(key), result.classes[anchor]});
  }

  DeviceArray<Slot> device_slots(slots);
  DeviceArray<Region> regions(40);
  DeviceArray<int> region_counts(1);
  launch("sort_candidates", blocks(1), blocks(1024), 0, result.counts.data(), detection.key_capacity, result.keys.data());
  launch("suppress", blocks(1), blocks(256), 24 * 40, device_slots.data(), result.counts.data(), result.keys.data(),
         detection.key_capacity, result.boxes.data(), result.classes.data(), detection.heads.total_anchors, 3000, 40, regions.data(),
         region_counts.data());

  const std::vector<int> expected = kept_of(sorted, 0.4f, 3000, 40);
  ASSERT_EQ(static_cast<int>(expected.size()), region_counts[0]);
  for (size_t place = 0; place < expected.size(); place++)
    EXPECT_EQ(static_cast<int>(keys[expected[place]]), regions[place].anchor_index);
}

}  // namespace

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "expect_error.h"
#include "server/sample_images.h"
#include "server/server_process.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

InspectionOptions With(const std::string& model) {
    InspectionOptions options;
    options.model = model;
    return options;
}

TEST(Server, ListModels_TellsAllAndTheDefault) {
    const ModelList list = SharedClient().ListModels();

    ASSERT_EQ(list.models.size(), 4u);
    EXPECT_EQ(list.models[0].reference.name, "pcb-ymasknet");
    EXPECT_EQ(list.models[1].reference.name, "pcb-ymasknet-lite");
    EXPECT_EQ(list.models[2].reference.name, "pcb-yolov5");
    EXPECT_EQ(list.models[3].reference.name, "tile-unet");
    EXPECT_EQ(list.default_model, "pcb-ymasknet/1");
}

TEST(Server, GetPlacement_TellsEveryNodeAndOperator) {
    const Placement placement = SharedClient().GetPlacement("pcb-ymasknet");

    EXPECT_EQ(placement.model, SharedClient().GetModel("pcb-ymasknet").reference);
    ASSERT_EQ(placement.networks.size(), 2u);
    for (const NetworkPlacement& network : placement.networks) {
        EXPECT_FALSE(network.nodes.empty()) << network.path;
        for (const NodePlacement& node : network.nodes)
            EXPECT_EQ(node.execution_provider, "CPUExecutionProvider") << node.operator_type << " " << node.name;
    }
    EXPECT_TRUE(std::any_of(placement.operators.begin(), placement.operators.end(), [](const OperatorPlacement& placed) {
        return placed.operation == "RoIAlign" && placed.device == "cpu";
    }));
}

TEST(Server, GetModel_IsThatOfTheList) {
    const ModelList list = SharedClient().ListModels();

    const Model model = SharedClient().GetModel("pcb-ymasknet");

    const Model& listed = list.models[0];
    EXPECT_EQ(model.reference, listed.reference);
    EXPECT_EQ(model.reference.version, "1");
    EXPECT_EQ(model.reference.sha256.size(), 64u);
    EXPECT_EQ(model.architecture, "ymasknet");
    EXPECT_EQ(model.tasks, (std::vector<Task>{Task::Detect, Task::Segment, Task::DetectAndSegment}));
    EXPECT_EQ(model.input_size, (ImageSize{640, 640}));
    EXPECT_EQ(model.input_channels, 1u);
    EXPECT_EQ(model.class_names.size(), 6u);
    EXPECT_EQ(model.execution_provider, "CPUExecutionProvider");
    EXPECT_EQ(model.device, "cpu");
    EXPECT_GE(model.files.size(), 2u);
    EXPECT_GT(model.max_rois, 0u);
    EXPECT_FALSE(model.provenance.empty());
    EXPECT_FALSE(model.accuracy.empty());
    EXPECT_EQ(SharedClient().GetModel().reference, model.reference) << "the default model";
}

TEST(Server, Detect_FindsBoxesWithoutMasks) {
    const InspectionResult result = SharedClient().Detect(SampleFile("bus-binary.png"));

    ASSERT_FALSE(result.defects.empty());
    EXPECT_EQ(result.image_size, (ImageSize{640, 640}));
    EXPECT_EQ(result.model.name, "pcb-ymasknet");
    EXPECT_GT(result.execution.times.total, 0);
    EXPECT_GT(result.execution.times.stage1, 0);
    for (const Defect& defect : result.defects) {
        EXPECT_FALSE(defect.mask);
        EXPECT_EQ(defect.area, 0u);
        EXPECT_GT(defect.score, 0);
        EXPECT_GT(defect.box.width, 0);
    }
    EXPECT_TRUE(std::is_sorted(result.defects.begin(), result.defects.end(),
                               [](const Defect& a, const Defect& b) { return a.score > b.score; }));
}

TEST(Server, DetectAndSegment_FindsBoxesAndTheirMasks) {
    const InspectionResult result = SharedClient().DetectAndSegment(SampleFile("bus-binary.png"));
    const std::vector<std::string> classes = SharedClient().GetModel().class_names;

    ASSERT_FALSE(result.defects.empty());
    for (const Defect& defect : result.defects) {
        ASSERT_TRUE(defect.mask);
        EXPECT_EQ(defect.class_name, classes.at(defect.class_id));
        EXPECT_EQ(defect.area, defect.mask->area());
        EXPECT_GT(defect.area, 0u);
        const PixelRectangle bounds = defect.mask->bounds();
        EXPECT_GE(static_cast<float>(bounds.x), defect.box.x - 1);
        EXPECT_LE(static_cast<float>(bounds.x + bounds.width), defect.box.x + defect.box.width + 1);
    }
}

TEST(Server, DetectAndSegment_Options_FilterAndLeaveMasksOut) {
    InspectionOptions options;
    options.max_defects = 1;
    options.masks = false;

    const InspectionResult all = SharedClient().DetectAndSegment(SampleFile("bus-binary.png"));
    const InspectionResult one = SharedClient().DetectAndSegment(SampleFile("bus-binary.png"), options);
    options.min_score = 1.0f;
    const InspectionResult none = SharedClient().DetectAndSegment(SampleFile("bus-binary.png"), options);

    ASSERT_GT(all.defects.size(), 1u);
    ASSERT_EQ(one.defects.size(), 1u);
    EXPECT_FALSE(one.defects[0].mask);
    EXPECT_EQ(one.defects[0].area, all.defects[0].area);
    EXPECT_EQ(one.defects[0].box, all.defects[0].box);
    EXPECT_TRUE(none.defects.empty());
}

TEST(Server, Segment_OutlinesTheCallersBoxesInTheirOrder) {
    const InspectionResult found = SharedClient().DetectAndSegment(SampleFile("bus-binary.png"));
    ASSERT_GE(found.defects.size(), 2u);
    const std::vector<RegionOfInterest> rois = {{found.defects[1].box, ""}, {found.defects[0].box, "short"}};

    const SegmentationResult result = SharedClient().Segment(SampleFile("bus-binary.png"), rois);

    ASSERT_EQ(result.instances.size(), 2u);
    EXPECT_TRUE(result.regions.empty());
    EXPECT_EQ(result.instances[1].class_name, "short");
    EXPECT_TRUE(result.instances[0].mask);
    EXPECT_LT(std::abs(result.instances[0].box.x - found.defects[1].box.x), 5);
}

TEST(Server, Segment_SemanticModel_RegionsAndTheClassMap) {
    InspectionOptions options = With("tile-unet");
    options.class_map = true;

    const SegmentationResult result = SharedClient().Segment(SampleFile("tiles/blowhole.png"), {}, options);

    ASSERT_FALSE(result.regions.empty());
    EXPECT_TRUE(result.instances.empty());
    EXPECT_EQ(result.model.name, "tile-unet");
    EXPECT_EQ(result.class_map_png.substr(1, 3), "PNG");
    for (const Region& region : result.regions) {
        ASSERT_TRUE(region.mask);
        EXPECT_EQ(region.mask->area(), region.area);
        const PixelRectangle bounds = region.mask->bounds();
        EXPECT_EQ(region.box, (Box{static_cast<float>(bounds.x), static_cast<float>(bounds.y),
                                   static_cast<float>(bounds.width), static_cast<float>(bounds.height)}))
            << "a region's box is tight";
    }
}

/// Grey samples whose raw pixels can be sent as they are.
class RawSample : public ::testing::TestWithParam<const char*> {};

TEST_P(RawSample, SameAnswerAsTheFileBitForBit) {
    const GreyPixels pixels = SamplePixels(GetParam());
    const std::size_t row_bytes = pixels.width * BytesPerPixel(pixels.format);
    const std::size_t stride = row_bytes + 38;
    auto padded = std::make_shared<std::vector<std::uint8_t>>(stride * pixels.height, std::uint8_t{0xa5});
    for (std::uint32_t y = 0; y < pixels.height; ++y)
        std::memcpy(padded->data() + y * stride, pixels.bytes.data() + y * row_bytes, row_bytes);
    const auto padded_image = [&](const Buffer& buffer) {
        return Image::Raw(buffer, pixels.format, pixels.width, pixels.height, static_cast<std::uint32_t>(stride));
    };

    const InspectionResult file = SharedClient().DetectAndSegment(SampleFile(GetParam()));
    const InspectionResult view = SharedClient().DetectAndSegment(pixels.ToImage());
    const InspectionResult padded_view = SharedClient().DetectAndSegment(padded_image(*padded));
    const InspectionResult padded_owner = SharedClient().DetectAndSegment(padded_image(Buffer::Shared(padded)));

    ASSERT_FALSE(file.defects.empty());
    EXPECT_EQ(view.defects, file.defects);
    EXPECT_EQ(padded_view.defects, file.defects);
    EXPECT_EQ(padded_owner.defects, file.defects);
}

INSTANTIATE_TEST_SUITE_P(Server, RawSample,
                         ::testing::Values("bus-binary.png", "bus-grey.png", "vias-grey-16-bit.png"));

TEST(Server, Colour_InEitherOrderIsTheSame) {
    const GreyPixels grey = SamplePixels("bus-grey.png");
    std::vector<std::uint8_t> rgb;
    for (const std::uint8_t level : grey.bytes)
        rgb.insert(rgb.end(), {level, static_cast<std::uint8_t>(level / 2), static_cast<std::uint8_t>(level / 3)});
    std::vector<std::uint8_t> bgr = rgb;
    for (std::size_t i = 0; i < bgr.size(); i += 3)
        std::swap(bgr[i], bgr[i + 2]);

    const InspectionResult from_rgb = SharedClient().DetectAndSegment(Image::Raw(rgb, PixelFormat::RGB8, 640, 640));
    const InspectionResult from_bgr = SharedClient().DetectAndSegment(Image::Raw(bgr, PixelFormat::BGR8, 640, 640));

    EXPECT_EQ(from_rgb.defects, from_bgr.defects);
    EXPECT_EQ(from_rgb.image_size, (ImageSize{640, 640}));
}

}  // namespace
}  // namespace ymasknet::testing

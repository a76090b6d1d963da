#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "expect_error.h"
#include "image_files.h"
#include "server/sample_images.h"
#include "server/server_process.h"

namespace ymasknet::testing {
namespace {

/// A file for the time of a test.
class TemporaryFile {
  public:
    TemporaryFile(const std::string& name, const std::string& bytes) : path_(::testing::TempDir() + name) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::remove(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& path() const noexcept { return path_; }

  private:
    std::string path_;
};

/// A sample's pixels as a PGM file, whose words have their high byte first.
std::string PgmOf(const GreyPixels& pixels) {
    const bool words = pixels.format == PixelFormat::Mono16;
    std::string file = "P5\n" + std::to_string(pixels.width) + " " + std::to_string(pixels.height) + "\n" +
                       (words ? "65535" : "255") + "\n";
    for (std::size_t i = 0; i < pixels.bytes.size(); ++i)
        file += static_cast<char>(pixels.bytes[words ? i ^ 1 : i]);
    return file;
}

TEST(ExampleImages, PgmFiles_SameAnswerAsThePngBitForBit) {
    for (const char* sample : {"bus-grey.png", "vias-grey-16-bit.png"}) {
        const TemporaryFile pgm("ymasknet_example.pgm", PgmOf(SamplePixels(sample)));

        const std::vector<Defect> defects = SharedClient().DetectAndSegment(ReadImage(pgm.path())).defects;

        EXPECT_FALSE(defects.empty());
        EXPECT_EQ(defects, SharedClient().DetectAndSegment(SampleFile(sample)).defects) << sample;
    }
}

TEST(ExampleImages, OtherFiles_AreSentAsTheyAre) {
    const Image image = ReadImage(RepositoryFile("samples/bus-grey.png"));

    EXPECT_FALSE(image.IsRaw());
}

TEST(ExampleImages, BareFrame_SameAnswerAsThePng) {
    const GreyPixels pixels = SamplePixels("bus-grey.png");
    const TemporaryFile frame("ymasknet_example.raw", std::string(pixels.bytes.begin(), pixels.bytes.end()));

    EXPECT_EQ(SharedClient().DetectAndSegment(ReadRawImage(frame.path(), "640x640:Mono8")).defects,
              SharedClient().DetectAndSegment(SampleFile("bus-grey.png")).defects);
    ExpectError(ErrorOf([&] { ReadRawImage(frame.path(), "640x640:Mono16"); }), StatusCode::InvalidArgument,
                "RAW_SIZE_MISMATCH", "image.raw.data");
}

TEST(ExampleImages, FormsThatAreNone_AreRefused) {
    for (const char* form : {"", "640x640", "640x640:", "640:Mono8", "640x640:Mono9", "640x640:Mono8 "})
        EXPECT_THROW(ReadRawImage("unread.raw", form), std::runtime_error) << form;
}

}  // namespace
}  // namespace ymasknet::testing

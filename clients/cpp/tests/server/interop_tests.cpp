// What any gRPC library may do to a server, by the cases of gRPC's own interoperability tests, with bare grpc++.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "server/server_process.h"
#include "status_errors.h"
#include "ymasknet/v1/board_service.grpc.pb.h"
#include "ymasknet/v1/inspection_service.grpc.pb.h"
#include "ymasknet/v1/model_service.grpc.pb.h"

namespace ymasknet::testing {
namespace {

constexpr std::uint32_t kSide = 640;
constexpr std::uint32_t kLargeSide = 4096;
const std::string kSpecial = "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608 and 100 %\t\n";

v1::InspectStreamRequest Opening() {
    v1::InspectStreamRequest request;
    request.mutable_opening()->set_task(v1::TASK_DETECT);
    return request;
}

/// A black picture, raw.
void SetBlack(v1::Image& image, std::uint32_t side = kSide) {
    v1::RawImage& raw = *image.mutable_raw();
    raw.set_data(std::string(std::size_t{side} * side, '\0'));
    raw.set_pixel_format(v1::PIXEL_FORMAT_MONO8);
    raw.set_width(side);
    raw.set_height(side);
}

v1::InspectStreamRequest FrameRequest(std::uint64_t id) {
    v1::InspectStreamRequest request;
    request.mutable_frame()->set_frame_id(id);
    SetBlack(*request.mutable_frame()->mutable_image());
    return request;
}

v1::DetectRequest DetectBlack(std::uint32_t side = kSide) {
    v1::DetectRequest request;
    SetBlack(*request.mutable_image(), side);
    return request;
}

/// A call's context, with a deadline that a hanging server would pass.
struct Context : grpc::ClientContext {
    explicit Context(std::chrono::milliseconds patience = std::chrono::seconds(60)) {
        set_deadline(std::chrono::system_clock::now() + patience);
    }
};

class Interop : public ::testing::Test {
  protected:
    Interop() {
        grpc::ChannelArguments arguments;
        // A connection of its own for each test: none may lean on another's.
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        channel_ = grpc::CreateCustomChannel(SharedServer().address().substr(std::string("http://").size()),
                                             grpc::InsecureChannelCredentials(), arguments);
        inspection_ = v1::InspectionService::NewStub(channel_);
        models_ = v1::ModelService::NewStub(channel_);
        boards_ = v1::BoardService::NewStub(channel_);
    }

    // After whatever a test did, the connection serves.
    void TearDown() override {
        Context context;
        v1::DetectResponse response;
        const grpc::Status status = inspection_->Detect(&context, DetectBlack(), &response);
        EXPECT_TRUE(status.ok()) << status.error_message();
    }

    /// A status of a code whose message holds a text, with a reason, and with fields at fault of the same words.
    static void ExpectStatus(const grpc::Status& status, grpc::StatusCode code, const std::string& part) {
        EXPECT_EQ(status.error_code(), code) << status.error_message();
        EXPECT_NE(status.error_message().find(part), std::string::npos) << status.error_message();
        const Error error = ToError(status);
        EXPECT_NE(error.reason(), "");
        EXPECT_EQ(error.details().violations.empty(), code != grpc::StatusCode::INVALID_ARGUMENT);
        for (const FieldViolation& violation : error.details().violations)
            EXPECT_EQ(violation.description, status.error_message());
    }

    /// Calls a method with an empty message, by its path.
    grpc::Status CallByPath(const std::string& path) {
        grpc::GenericStub stub(channel_);
        Context context;
        const grpc::Slice nothing;
        const grpc::ByteBuffer request(&nothing, 1);
        grpc::ByteBuffer response;
        std::promise<grpc::Status> ended;
        stub.UnaryCall(&context, path, {}, &request, &response, [&](grpc::Status status) { ended.set_value(status); });
        return ended.get_future().get();
    }

    std::shared_ptr<grpc::Channel> channel_;
    std::unique_ptr<v1::InspectionService::Stub> inspection_;
    std::unique_ptr<v1::ModelService::Stub> models_;
    std::unique_ptr<v1::BoardService::Stub> boards_;
};

TEST_F(Interop, EmptyUnary) {
    Context context;
    v1::ListModelsResponse response;
    ASSERT_TRUE(models_->ListModels(&context, {}, &response).ok());
    EXPECT_GT(response.models_size(), 0);
}

TEST_F(Interop, LargeUnary) {
    Context context;
    v1::DetectResponse response;
    ASSERT_TRUE(inspection_->Detect(&context, DetectBlack(kLargeSide), &response).ok());
    EXPECT_EQ(response.image_size().width(), kLargeSide);
}

TEST_F(Interop, ClientStreaming) {
    constexpr std::uint32_t side = 700;
    Context context;
    v1::InspectBoardResponse response;
    const auto writer = boards_->InspectBoard(&context, &response);
    v1::InspectBoardRequest request;
    v1::BoardOpening& opening = *request.mutable_opening();
    opening.set_task(v1::TASK_DETECT);
    opening.mutable_raw()->set_width(side);
    opening.mutable_raw()->set_height(side);
    opening.mutable_raw()->set_pixel_format(v1::PIXEL_FORMAT_MONO8);
    EXPECT_TRUE(writer->Write(request));
    for (const std::size_t rows : {1, 99, 600}) {
        request.set_rows(std::string(rows * side, '\0'));
        EXPECT_TRUE(writer->Write(request));
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.image_size().height(), side);
    EXPECT_EQ(response.tiling().tile_count(), 4u);
}

TEST_F(Interop, PingPong) {
    Context context;
    const auto stream = inspection_->InspectStream(&context);
    v1::InspectStreamResponse response;
    ASSERT_TRUE(stream->Write(Opening()) && stream->Read(&response));
    EXPECT_TRUE(response.has_opened());
    for (std::uint64_t id = 0; id < 10; ++id) {
        ASSERT_TRUE(stream->Write(FrameRequest(id)) && stream->Read(&response));
        EXPECT_EQ(response.result().frame_id(), id);
    }
    stream->WritesDone();
    EXPECT_FALSE(stream->Read(&response));
    EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(Interop, EmptyStream) {
    {
        Context context;
        const auto stream = inspection_->InspectStream(&context);
        v1::InspectStreamResponse response;
        stream->Write(Opening());
        stream->WritesDone();
        EXPECT_TRUE(stream->Read(&response) && response.has_opened());
        EXPECT_FALSE(stream->Read(&response));
        EXPECT_TRUE(stream->Finish().ok());
    }
    Context context;
    const auto stream = inspection_->InspectStream(&context);
    stream->WritesDone();
    v1::InspectStreamResponse response;
    EXPECT_FALSE(stream->Read(&response));
    const grpc::Status status = stream->Finish();
    ExpectStatus(status, grpc::StatusCode::INVALID_ARGUMENT, "opening");
    EXPECT_EQ(ToError(status).reason(), "OPENING_MISSING");
}

TEST_F(Interop, CancelAfterBegin) {
    Context context;
    v1::InspectBoardResponse response;
    const auto writer = boards_->InspectBoard(&context, &response);
    context.TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(Interop, CancelAfterFirstResponse) {
    Context context;
    const auto stream = inspection_->InspectStream(&context);
    v1::InspectStreamResponse response;
    ASSERT_TRUE(stream->Write(Opening()) && stream->Read(&response));
    ASSERT_TRUE(stream->Write(FrameRequest(0)) && stream->Read(&response));
    EXPECT_EQ(response.result().frame_id(), 0u);
    context.TryCancel();
    EXPECT_FALSE(stream->Read(&response));
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(Interop, TimeoutOnSleepingServer) {
    constexpr std::chrono::milliseconds patience(500);
    const auto begun = std::chrono::steady_clock::now();
    Context context(patience);
    const auto stream = inspection_->InspectStream(&context);
    v1::InspectStreamResponse response;
    ASSERT_TRUE(stream->Write(Opening()) && stream->Read(&response));
    EXPECT_FALSE(stream->Read(&response));
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, patience * 9 / 10);
}

TEST_F(Interop, CustomMetadata) {
    Context context;
    context.AddMetadata("x-grpc-test-echo-initial", "test_initial_metadata_value");
    context.AddMetadata("x-grpc-test-echo-trailing-bin", std::string("\xab\xab\xab\0\xff", 5));
    context.AddMetadata("x-twice", "one");
    context.AddMetadata("x-twice", "two");
    context.AddMetadata("x-long", std::string(6000, 'v'));
    v1::ListModelsResponse response;
    EXPECT_TRUE(models_->ListModels(&context, {}, &response).ok());
    EXPECT_GT(response.models_size(), 0);
}

TEST_F(Interop, StatusCodeAndMessage) {
    Context context;
    v1::GetModelRequest request;
    request.set_model("no-such-model");
    v1::GetModelResponse response;
    ExpectStatus(models_->GetModel(&context, request, &response), grpc::StatusCode::NOT_FOUND, "no-such-model");
}

TEST_F(Interop, SpecialStatusMessage) {
    Context context;
    v1::SegmentRequest request;
    SetBlack(*request.mutable_image());
    v1::RegionOfInterest& roi = *request.add_rois();
    roi.mutable_box()->set_width(20);
    roi.mutable_box()->set_height(20);
    roi.set_class_name(kSpecial);
    v1::SegmentResponse response;
    ExpectStatus(inspection_->Segment(&context, request, &response), grpc::StatusCode::INVALID_ARGUMENT, kSpecial);
}

TEST_F(Interop, UnimplementedMethodAndService) {
    for (const char* path : {"/ymasknet.v1.InspectionService/Polish", "/ymasknet.v1.PolishingService/Polish"}) {
        const grpc::Status status = CallByPath(path);
        EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << path << ": " << status.error_message();
        EXPECT_EQ(ToError(status).reason(), "METHOD_UNKNOWN") << path;
    }
}

TEST_F(Interop, ClientCompressed) {
    Context context;
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    v1::DetectResponse response;
    const grpc::Status status = inspection_->Detect(&context, DetectBlack(), &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.image_size().width(), kSide);
}

TEST_F(Interop, CompressionThatTheServerDoesNotKnow) {
    Context context;
    context.set_compression_algorithm(GRPC_COMPRESS_DEFLATE);
    v1::DetectResponse response;
    const grpc::Status status = inspection_->Detect(&context, DetectBlack(), &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
    EXPECT_EQ(ToError(status).reason(), "ENCODING_UNKNOWN");
}

TEST_F(Interop, ManyCallsAtOnceOnOneConnection) {
    std::vector<std::future<bool>> calls;
    for (int i = 0; i < 50; ++i) {
        calls.push_back(std::async(std::launch::async, [this] {
            Context context;
            v1::ListModelsResponse response;
            return models_->ListModels(&context, {}, &response).ok() && response.models_size() > 0;
        }));
    }
    for (auto& call : calls)
        EXPECT_TRUE(call.get());
}

}  // namespace
}  // namespace ymasknet::testing

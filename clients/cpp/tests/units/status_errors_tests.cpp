#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "expect_error.h"
#include "status_errors.h"
#include "ymasknet/client/error_details.pb.h"

namespace ymasknet::testing {
namespace {

static_assert(std::is_nothrow_copy_constructible_v<Error>, "an exception whose copying throws ends the program");

template <class Detail>
void Add(client::StatusDetails& status, const std::string& url, const Detail& detail) {
    google::protobuf::Any& any = *status.add_details();
    any.set_type_url(url);
    any.set_value(detail.SerializeAsString());
}

client::ErrorInfo Info() {
    client::ErrorInfo info;
    info.set_reason("IMAGE_TRUNCATED");
    info.set_domain("ymasknet");
    (*info.mutable_metadata())["field"] = "image.encoded";
    (*info.mutable_metadata())["limit"] = "7";
    return info;
}

TEST(StatusErrors, AllDetails_AreRead) {
    client::BadRequest request;
    request.add_field_violations()->set_field("image.encoded");
    request.mutable_field_violations(0)->set_description("It ends early.");
    client::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(1);
    retry.mutable_retry_delay()->set_nanos(500'000'001);
    client::StatusDetails status;
    Add(status, "type.googleapis.com/google.rpc.BadRequest", request);
    Add(status, "type.googleapis.com/google.rpc.RetryInfo", retry);
    Add(status, "type.googleapis.com/google.rpc.Help", Info());
    Add(status, "type.googleapis.com/google.rpc.ErrorInfo", Info());

    const Error error = ToError(grpc::Status(grpc::INVALID_ARGUMENT, "It ends early.", status.SerializeAsString()));

    ExpectError(error, StatusCode::InvalidArgument, "IMAGE_TRUNCATED", "image.encoded");
    EXPECT_EQ(error.message(), "It ends early.");
    EXPECT_EQ(std::string(error.what()), "INVALID_ARGUMENT IMAGE_TRUNCATED at image.encoded: It ends early.");
    EXPECT_EQ(error.details().metadata.at("limit"), "7");
    ASSERT_EQ(error.details().violations.size(), 1u);
    EXPECT_EQ(error.details().violations[0].description, "It ends early.");
    EXPECT_EQ(error.retry_delay(), std::chrono::milliseconds(1501)) << "rounded up";
}

TEST(StatusErrors, FieldOfABadRequestAlone_IsTheField) {
    client::BadRequest request;
    request.add_field_violations()->set_field("model");
    client::StatusDetails status;
    Add(status, "example.com/google.rpc.BadRequest", request);

    ExpectError(ToError(grpc::Status(grpc::INVALID_ARGUMENT, "No.", status.SerializeAsString())),
                StatusCode::InvalidArgument, "", "model");
}

TEST(StatusErrors, NoDetails_LeaveTheStatus) {
    const Error error = ToError(grpc::Status(grpc::DEADLINE_EXCEEDED, "Too late."));

    ExpectError(error, StatusCode::DeadlineExceeded, "");
    EXPECT_EQ(std::string(error.what()), "DEADLINE_EXCEEDED: Too late.");
    EXPECT_FALSE(error.retry_delay());
}

TEST(StatusErrors, UnreadableDetails_DoNotHideTheStatus) {
    client::StatusDetails status;
    google::protobuf::Any& any = *status.add_details();
    any.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
    any.set_value("\xff\xff");
    for (const std::string& bytes : {std::string("\xff\xff\xff"), status.SerializeAsString()})
        ExpectError(ToError(grpc::Status(grpc::NOT_FOUND, "No.", bytes)), StatusCode::NotFound, "");
}

TEST(StatusErrors, EveryCode_HasItsCanonicalName) {
    const char* const names[] = {
        "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
        "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
        "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
        "DATA_LOSS", "UNAUTHENTICATED"};
    for (int code = 0; code < 17; ++code)
        EXPECT_EQ(Name(static_cast<StatusCode>(code)), names[code]);
    EXPECT_EQ(Name(static_cast<StatusCode>(17)), "UNKNOWN");
    EXPECT_EQ(Name(static_cast<StatusCode>(-1)), "UNKNOWN");
    EXPECT_EQ(static_cast<int>(grpc::UNAUTHENTICATED), static_cast<int>(StatusCode::Unauthenticated));
}

TEST(StatusErrors, FrameError_IsWhatACallWouldHaveThrown) {
    v1::FrameError frame;
    frame.set_code(3);
    frame.set_reason("IMAGE_TRUNCATED");
    frame.set_message("It ends early.");
    (*frame.mutable_metadata())["field"] = "image.encoded";

    const Error error = ToError(frame);

    ExpectError(error, StatusCode::InvalidArgument, "IMAGE_TRUNCATED", "image.encoded");
    EXPECT_EQ(error.message(), "It ends early.");
}

}  // namespace
}  // namespace ymasknet::testing

#include "status_errors.h"

#include <utility>

#include "ymasknet/client/error_details.pb.h"

namespace ymasknet {
namespace {

/// Reads a detail if it is of a type; the host before the type's name is anybody's.
template <class Detail>
bool Unpack(const google::protobuf::Any& any, const char* type, Detail& detail) {
    const std::string& url = any.type_url();
    const std::size_t slash = url.rfind('/');
    return slash != std::string::npos && url.compare(slash + 1, std::string::npos, type) == 0 &&
           detail.ParseFromString(any.value());
}

void ReadDetails(const std::string& bytes, ErrorDetails& error) {
    client::StatusDetails status;
    if (!status.ParseFromString(bytes))
        return;

    for (const google::protobuf::Any& any : status.details()) {
        client::ErrorInfo info;
        client::BadRequest request;
        client::RetryInfo retry;
        if (Unpack(any, "google.rpc.ErrorInfo", info)) {
            error.reason = info.reason();
            error.metadata = {info.metadata().begin(), info.metadata().end()};
        } else if (Unpack(any, "google.rpc.BadRequest", request)) {
            for (const client::BadRequest::FieldViolation& violation : request.field_violations())
                error.violations.push_back({violation.field(), violation.description()});
        } else if (Unpack(any, "google.rpc.RetryInfo", retry)) {
            // Rounded up: coming back a moment too early is a refusal more.
            error.retry_delay =
                std::chrono::ceil<std::chrono::milliseconds>(std::chrono::seconds(retry.retry_delay().seconds()) +
                                                             std::chrono::nanoseconds(retry.retry_delay().nanos()));
        }
    }
}

}  // namespace

Error ToError(const grpc::Status& status) {
    ErrorDetails details;
    details.code = static_cast<StatusCode>(status.error_code());
    details.message = status.error_message();
    ReadDetails(status.error_details(), details);
    return Error(std::move(details));
}

Error ToError(const v1::FrameError& error) {
    ErrorDetails details;
    details.code = static_cast<StatusCode>(error.code());
    details.reason = error.reason();
    details.message = error.message();
    details.metadata = {error.metadata().begin(), error.metadata().end()};
    return Error(std::move(details));
}

}  // namespace ymasknet

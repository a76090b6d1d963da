/// @file
/// The one exception of the library.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ymasknet/export.h"

namespace ymasknet {

/// Canonical status codes, with gRPC's numbers.
enum class StatusCode : int {
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
};

/// The canonical name, for example `INVALID_ARGUMENT`; `UNKNOWN` for a number that is none of the codes.
YMASKNET_EXPORT std::string_view Name(StatusCode code) noexcept;

/// What the server says of a field (google.rpc.BadRequest).
struct FieldViolation {
    /// Path of the field in the request, for example `image.raw.stride`.
    std::string field;
    /// What is wrong with it, in English.
    std::string description;
};

/// All that is known of a failure.
struct ErrorDetails {
    /// The canonical status.
    StatusCode code = StatusCode::Unknown;
    /// Stable, for programs, for example `IMAGE_TRUNCATED`. Empty when the server gave none.
    std::string reason;
    /// What is wrong, for people, in English.
    std::string message;
    /// What else the server said, by name (google.rpc.ErrorInfo's metadata); the path of the field at fault is under
    /// `field`.
    std::map<std::string, std::string> metadata;
    /// The fields at fault, of an INVALID_ARGUMENT.
    std::vector<FieldViolation> violations;
    /// When the server expects to have room (google.rpc.RetryInfo): a full queue, no place for a board. Unit:
    /// milliseconds.
    std::optional<std::chrono::milliseconds> retry_delay;
};

/// A call, a session, a frame or a file failed. Everything that the library throws is one of these, but for
/// `std::bad_alloc` and what the caller's own functions throw.
///
/// Failures that the library itself finds have a status and a reason like the server's:
///
/// | reason | status | when |
/// |---|---|---|
/// | `ADDRESS_INVALID` | INVALID_ARGUMENT | the address is none of the forms that Client takes |
/// | `TOKEN_NEEDS_TLS` | INVALID_ARGUMENT | a token would travel in the clear |
/// | `CERTIFICATE_INVALID` | INVALID_ARGUMENT | a certificate without its key, or a key without its certificate |
/// | `FILE_UNREADABLE` | NOT_FOUND, PERMISSION_DENIED, INTERNAL | a file can't be opened or read |
/// | `PIXEL_FORMAT_UNKNOWN`, `RAW_DIMENSIONS_OUT_OF_RANGE`, `RAW_STRIDE_TOO_SMALL`, `RAW_SIZE_MISMATCH` |
/// INVALID_ARGUMENT | a buffer is not what is said of it; the server's own reasons | | `MESSAGE_TOO_LARGE` |
/// RESOURCE_EXHAUSTED | an image of 2 GiB or more | | `DEADLINE_AMBIGUOUS` | INVALID_ARGUMENT | a frame with both a
/// deadline and a time limit | | `MIN_AREA_AMBIGUOUS` | INVALID_ARGUMENT | a rule with areas in both pixels and square
/// millimetres | | `MASK_DAMAGED` | DATA_LOSS | a mask in an answer can't be read | | `SESSION_CLOSED` |
/// FAILED_PRECONDITION | a frame is sent after Session::Close | | `ANSWER_UNEXPECTED` | INTERNAL | the server broke the
/// protocol |
///
/// Copying an Error never throws.
class YMASKNET_EXPORT Error : public std::runtime_error {
  public:
    explicit Error(ErrorDetails details);

    /// The canonical status.
    StatusCode code() const noexcept { return details_->code; }

    /// Stable, for programs, for example `IMAGE_TRUNCATED`. Empty when there is none.
    const std::string& reason() const noexcept { return details_->reason; }

    /// Path of the request's field that is at fault, for example `image.raw.stride`. Empty when none is.
    const std::string& field() const noexcept;

    /// What is wrong, for people. what() has it too, behind status, reason and field.
    const std::string& message() const noexcept { return details_->message; }

    /// When to come again, as the server says. Unit: milliseconds.
    std::optional<std::chrono::milliseconds> retry_delay() const noexcept { return details_->retry_delay; }

    /// All that is known.
    const ErrorDetails& details() const noexcept { return *details_; }

  private:
    std::shared_ptr<const ErrorDetails> details_;
};

}  // namespace ymasknet

#include "ymasknet/error.h"

#include <array>
#include <utility>

namespace ymasknet {
namespace {

constexpr std::array<std::string_view, 17> kNames = {
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

const std::string kNone;

const std::string& FieldOf(const ErrorDetails& details) noexcept {
    const auto field = details.metadata.find("field");
    if (field != details.metadata.end())
        return field->second;
    return details.violations.empty() ? kNone : details.violations.front().field;
}

std::string Describe(const ErrorDetails& details) {
    std::string text(Name(details.code));
    if (!details.reason.empty())
        text += " " + details.reason;
    if (const std::string& field = FieldOf(details); !field.empty())
        text += " at " + field;
    return text + ": " + details.message;
}

}  // namespace

std::string_view Name(StatusCode code) noexcept {
    const auto index = static_cast<std::size_t>(code);
    return index < kNames.size() ? kNames[index] : Name(StatusCode::Unknown);
}

Error::Error(ErrorDetails details)
    : std::runtime_error(Describe(details)), details_(std::make_shared<const ErrorDetails>(std::move(details))) {}

const std::string& Error::field() const noexcept {
    return FieldOf(*details_);
}

}  // namespace ymasknet

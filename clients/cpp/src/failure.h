// Failures that the library finds itself.
#pragma once

#include <string>

#include "ymasknet/error.h"

namespace ymasknet {

/// An error with a reason and, where one is at fault, a field.
inline Error Failure(StatusCode code, std::string reason, std::string message, std::string field = {}) {
    ErrorDetails details;
    details.code = code;
    details.reason = std::move(reason);
    details.message = std::move(message);
    if (!field.empty())
        details.metadata.emplace("field", std::move(field));
    return Error(std::move(details));
}

/// The server did what the protocol rules out.
inline Error ServerBreach(const std::string& what) {
    return Failure(StatusCode::Internal, "ANSWER_UNEXPECTED", "The server " + what + ".");
}

}  // namespace ymasknet

// Checks of errors.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "ymasknet/error.h"

namespace ymasknet::testing {

/// Calls a function that must throw an Error, and returns it; one of status OK when it does not throw.
template <class Call>
Error ErrorOf(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "There was no error.";
    ErrorDetails none;
    none.code = StatusCode::Ok;
    return Error(none);
}

/// Checks what programs go by.
inline void ExpectError(const Error& error, StatusCode code, const std::string& reason, const std::string& field = {}) {
    EXPECT_EQ(Name(error.code()), Name(code)) << error.what();
    EXPECT_EQ(error.reason(), reason) << error.what();
    EXPECT_EQ(error.field(), field) << error.what();
    EXPECT_FALSE(error.message().empty()) << error.what();
}

}  // namespace ymasknet::testing

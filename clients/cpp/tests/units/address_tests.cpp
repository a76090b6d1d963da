#include <gtest/gtest.h>

#include <string>

#include "address.h"
#include "expect_error.h"

namespace ymasknet::testing {
namespace {

struct Good {
    const char* text;
    const char* target;
    bool tls;
    bool unix_socket;
};

class GoodAddress : public ::testing::TestWithParam<Good> {};

TEST_P(GoodAddress, IsRead) {
    const Address address = ParseAddress(GetParam().text);

    EXPECT_EQ(address.target, GetParam().target);
    EXPECT_EQ(address.tls, GetParam().tls);
    EXPECT_EQ(address.unix_socket, GetParam().unix_socket);
}

INSTANTIATE_TEST_SUITE_P(
    Address, GoodAddress,
    ::testing::Values(Good{"http://127.0.0.1:5080", "dns:///127.0.0.1:5080", false, false},
                      Good{"http://127.0.0.1:5080/", "dns:///127.0.0.1:5080", false, false},
                      Good{"http://[::1]:5080", "dns:///[::1]:5080", false, false},
                      Good{"https://inspection.example:443", "dns:///inspection.example:443", true, false},
                      Good{"unix:///run/server.sock", "unix:/run/server.sock", false, true},
                      Good{"unix:/run/server.sock", "unix:/run/server.sock", false, true},
                      Good{"unix:server.sock", "unix:server.sock", false, true},
                      Good{"unix:/run/a b%20?.sock", "unix:/run/a%20b%2520%3F.sock", false, true}));

class BadAddress : public ::testing::TestWithParam<std::string> {};

TEST_P(BadAddress, IsRefusedWithTheForms) {
    const Error error = ErrorOf([] { ParseAddress(GetParam()); });

    ExpectError(error, StatusCode::InvalidArgument, "ADDRESS_INVALID");
    EXPECT_NE(error.message().find("'" + GetParam() + "'"), std::string::npos) << error.what();
    EXPECT_NE(error.message().find("unix:///absolute/path"), std::string::npos) << error.what();
}

INSTANTIATE_TEST_SUITE_P(Address, BadAddress,
                         ::testing::Values("", "127.0.0.1:5080", "ftp://127.0.0.1:21", "http://", "http://127.0.0.1",
                                           "http://127.0.0.1:", "http://127.0.0.1:0", "http://127.0.0.1:65536",
                                           "http://127.0.0.1:99999999999999999999", "http://:5080", "http://::1:5080",
                                           "http://127.0.0.1:5080/path", "http://user@127.0.0.1:5080",
                                           "http://a b:5080", "unix:", "unix://", "unix://host/server.sock",
                                           "unix:" + std::string(108, 'a')));

TEST(Address, LongestSocketPath_IsRead) {
    EXPECT_EQ(ParseAddress("unix:" + std::string(107, 'a')).target, "unix:" + std::string(107, 'a'));
}

}  // namespace
}  // namespace ymasknet::testing

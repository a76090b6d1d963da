#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "expect_error.h"
#include "scripted/scripted_server.h"
#include "scripted/silent_server.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::vector<std::uint8_t> kPixels(1024 * 1024, 50);

Image SomeImage() {
    return Image::Raw(kPixels, PixelFormat::Mono8, 1024, 1024);
}

/// What the client sends as its authorization.
std::string AuthorizationOf(const grpc::ServerContext& context) {
    const auto place = context.client_metadata().find("authorization");
    return place == context.client_metadata().end() ? "" : std::string(place->second.data(), place->second.size());
}

/// Has the server keep what it is sent as authorization.
std::shared_ptr<std::string> WatchAuthorization(ScriptedServer& server) {
    auto seen = std::make_shared<std::string>("never called");
    server.on_detect = [seen](grpc::ServerContext& context, const auto&, auto&) {
        *seen = AuthorizationOf(context);
        return grpc::Status::OK;
    };
    return seen;
}

std::string ReadText(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Tls : public ::testing::Test {
  protected:
    const std::string certificate = ReadText(YMASKNET_TEST_CERTIFICATES "/server.pem");
    const std::string key = ReadText(YMASKNET_TEST_CERTIFICATES "/server.key");
    ScriptedServer server{0, grpc::SslServerCredentials(ServerOptions())};
    const std::string address = "https://127.0.0.1:" + std::to_string(server.port());

    grpc::SslServerCredentialsOptions ServerOptions() const {
        grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
        options.pem_root_certs = certificate;
        options.pem_key_cert_pairs = {{key, certificate}};
        return options;
    }

    /// Options that the server takes: its own certificate serves as the client's, too.
    ClientOptions Trusting() const {
        ClientOptions options;
        options.tls = {certificate, certificate, key, "ymasknet.test"};
        options.retry.max_attempts = 1;
        return options;
    }
};

TEST_F(Tls, CertificatesOnBothSides_TokenIsSent) {
    const auto authorization = WatchAuthorization(server);
    ClientOptions options = Trusting();
    options.token = "secret";

    Client(address, options).Detect(SomeImage());

    EXPECT_EQ(*authorization, "Bearer secret");
}

TEST_F(Tls, ServerOfAnotherName_IsNotBelieved) {
    WatchAuthorization(server);
    ClientOptions options = Trusting();
    options.tls.server_name = "other.test";

    EXPECT_EQ(ErrorOf([&] { Client(address, options).Detect(SomeImage()); }).code(), StatusCode::Unavailable);
}

TEST_F(Tls, ServerOfAnUnknownAuthority_IsNotBelieved) {
    WatchAuthorization(server);
    ClientOptions options = Trusting();
    options.tls.root_certificates.clear();

    EXPECT_EQ(ErrorOf([&] { Client(address, options).Detect(SomeImage()); }).code(), StatusCode::Unavailable);
}

TEST_F(Tls, ClientWithoutACertificate_IsRefusedByTheServer) {
    WatchAuthorization(server);
    ClientOptions options = Trusting();
    options.tls.certificate_chain.clear();
    options.tls.private_key.clear();

    EXPECT_EQ(ErrorOf([&] { Client(address, options).Detect(SomeImage()); }).code(), StatusCode::Unavailable);
}

TEST_F(Tls, CertificateWithoutItsKey_IsRefusedHere) {
    ClientOptions options = Trusting();
    options.tls.private_key.clear();

    ExpectError(ErrorOf([&] { Client(address, options); }), StatusCode::InvalidArgument, "CERTIFICATE_INVALID");
}

TEST(Transport, TokenInTheClear_NeedsToBeAllowed) {
    ScriptedServer server;
    const auto authorization = WatchAuthorization(server);
    ClientOptions options;
    options.token = "secret";

    ExpectError(ErrorOf([&] { Client(server.address(), options); }), StatusCode::InvalidArgument, "TOKEN_NEEDS_TLS");
    options.token_in_the_clear = true;
    Client(server.address(), options).Detect(SomeImage());

    EXPECT_EQ(*authorization, "Bearer secret");
}

TEST(Transport, NoToken_NothingIsSent) {
    ScriptedServer server;
    const auto authorization = WatchAuthorization(server);

    Client(server.address()).Detect(SomeImage());

    EXPECT_EQ(*authorization, "");
}

TEST(Transport, Gzip_LessIsSent) {
    // Without compression, HTTP/2's first window of 64 KiB is filled before anything is answered.
    for (const bool gzip : {false, true}) {
        SilentServer server;
        ClientOptions options;
        options.gzip = gzip;
        options.call_timeout = milliseconds(1000);

        EXPECT_EQ(ErrorOf([&] { Client(server.address(), options).Detect(SomeImage()); }).code(),
                  StatusCode::DeadlineExceeded);

        if (gzip)
            EXPECT_LT(server.received(), 20'000u);
        else
            EXPECT_GT(server.received(), 60'000u);
    }
}

TEST(Transport, ServerThatFallsSilent_IsGivenUp) {
    SilentServer server;
    ClientOptions options;
    options.keep_alive_interval = milliseconds(200);
    options.keep_alive_timeout = milliseconds(200);
    options.retry.max_attempts = 1;
    const auto start = steady_clock::now();

    const Error error = ErrorOf([&] { Client(server.address(), options).Detect(SomeImage()); });

    EXPECT_EQ(error.code(), StatusCode::Unavailable) << error.what();
    EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Transport, NoServer_Unavailable) {
    int port = 0;
    {
        const ScriptedServer gone;
        port = gone.port();
    }

    const Error error = ErrorOf([&] { Client("http://127.0.0.1:" + std::to_string(port)).Detect(SomeImage()); });

    ExpectError(error, StatusCode::Unavailable, "");
}

TEST(Transport, ServerThatStartsLate_IsReached) {
    int port = 0;
    {
        const ScriptedServer gone;
        port = gone.port();
    }
    std::unique_ptr<ScriptedServer> server;
    std::thread starter([&] {
        std::this_thread::sleep_for(milliseconds(400));
        server = std::make_unique<ScriptedServer>(port);
    });
    ClientOptions options;
    options.retry = {20, milliseconds(100), 1, milliseconds(100)};

    EXPECT_NO_THROW(Client("http://127.0.0.1:" + std::to_string(port), options).Detect(SomeImage()));
    starter.join();
}

}  // namespace
}  // namespace ymasknet::testing

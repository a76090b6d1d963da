#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "expect_error.h"
#include "server/sample_images.h"
#include "server/server_process.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

constexpr char kToken[] = "the-token-of-line-1-x7Kq";
constexpr char kCertificate[] = YMASKNET_TEST_CERTIFICATES "/server.pem";
constexpr char kKey[] = YMASKNET_TEST_CERTIFICATES "/server.key";
constexpr char kTokens[] = YMASKNET_TEST_CERTIFICATES "/tokens";

std::string ReadText(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The real server behind TLS, which asks its callers for a certificate and a token.
class SecureServer : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::ofstream(kTokens) << "line-1:" << kToken << "\n";
        server = std::make_unique<ServerProcess>(
            std::vector<std::string>{"--address", "https://127.0.0.1:0", "--certificate", kCertificate, "--certificate-key",
                                     kKey, "--client-ca", kCertificate, "--tokens", kTokens});
    }
    static void TearDownTestSuite() { server.reset(); }

    /// Options of a caller that the server knows: its own certificate serves as the client's, too.
    static ClientOptions Known() {
        ClientOptions options;
        options.tls = {ReadText(kCertificate), ReadText(kCertificate), ReadText(kKey), "ymasknet.test"};
        options.token = kToken;
        options.retry.max_attempts = 1;
        return options;
    }

    static std::unique_ptr<ServerProcess> server;
};

std::unique_ptr<ServerProcess> SecureServer::server;

TEST_F(SecureServer, KnownCaller_IsAnswered) {
    const Client client(server->address(), Known());

    const std::vector<Defect> defects = client.DetectAndSegment(SampleFile("bus-binary.png")).defects;
    Session session = client.OpenSession(SessionOptions(Task::DetectAndSegment));
    session.Send(Frame(1, SampleFile("bus-binary.png")));

    EXPECT_FALSE(defects.empty());
    EXPECT_EQ(session.Receive()->defects, defects);
}

TEST_F(SecureServer, NoTokenOrAWrongOne_IsTold) {
    ClientOptions missing = Known();
    missing.token.clear();
    ClientOptions wrong = Known();
    wrong.token = "no-token-of-any-line";
    const GreyPixels pixels = SamplePixels("bus-grey.png");

    ExpectError(ErrorOf([&] { Client(server->address(), missing).Detect(pixels.ToImage()); }), StatusCode::Unauthenticated,
                "TOKEN_MISSING");
    ExpectError(ErrorOf([&] { Client(server->address(), wrong).Detect(pixels.ToImage()); }), StatusCode::Unauthenticated,
                "TOKEN_INVALID");
    ExpectError(ErrorOf([&] { Client(server->address(), missing).OpenSession(SessionOptions(Task::Detect)); }),
                StatusCode::Unauthenticated, "TOKEN_MISSING");
    ExpectError(ErrorOf([&] { Client(server->socket_address()).ListModels(); }), StatusCode::Unauthenticated, "TOKEN_MISSING");
}

TEST_F(SecureServer, NoCertificate_IsNotLetIn) {
    ClientOptions options = Known();
    options.tls.certificate_chain.clear();
    options.tls.private_key.clear();

    EXPECT_EQ(ErrorOf([&] { Client(server->address(), options).ListModels(); }).code(), StatusCode::Unavailable);
}

}  // namespace
}  // namespace ymasknet::testing

// A server in this process that does what the test says.
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <functional>
#include <memory>
#include <string>

#include "ymasknet/v1/inspection_service.grpc.pb.h"

namespace ymasknet::testing {

/// Made by gRPC's own code generator, so that what the client writes by hand is read by somebody else's code.
class ScriptedServer final : private v1::InspectionService::Service {
  public:
    using DetectScript =
        std::function<grpc::Status(grpc::ServerContext&, const v1::DetectRequest&, v1::DetectResponse&)>;
    using DetectAndSegmentScript =
        std::function<grpc::Status(const v1::DetectAndSegmentRequest&, v1::DetectAndSegmentResponse&)>;
    using FrameStream = grpc::ServerReaderWriter<v1::InspectStreamResponse, v1::InspectStreamRequest>;
    using SessionScript = std::function<grpc::Status(grpc::ServerContext&, FrameStream&)>;

    /// Listens on a port of this host.
    /// @param port Default 0: a free one.
    explicit ScriptedServer(int port = 0,
                            std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials());
    ~ScriptedServer() override;

    int port() const noexcept { return port_; }
    std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }

    // Called on gRPC's threads; set them before the first call.
    DetectScript on_detect = [](const auto&, const auto&, const auto&) { return grpc::Status::OK; };
    DetectAndSegmentScript on_detect_and_segment;
    SessionScript on_session;

  private:
    grpc::Status Detect(grpc::ServerContext* context, const v1::DetectRequest* request,
                        v1::DetectResponse* response) override;
    grpc::Status DetectAndSegment(grpc::ServerContext* context, const v1::DetectAndSegmentRequest* request,
                                  v1::DetectAndSegmentResponse* response) override;
    grpc::Status InspectStream(grpc::ServerContext* context, FrameStream* stream) override;

    int port_ = 0;
    std::unique_ptr<grpc::Server> server_;
};

/// The status of a full queue, as the real server gives it.
grpc::Status QueueFull(std::chrono::milliseconds retry_delay);

/// Reads a session's opening and answers it.
/// @param frames_in_flight What the answer allows.
bool OpenSession(ScriptedServer::FrameStream& stream, std::uint32_t frames_in_flight);

/// Reads a frame.
/// @return Whether there was one.
bool ReadFrame(ScriptedServer::FrameStream& stream, v1::Frame& frame);

/// Answers a frame with PASS.
void Pass(ScriptedServer::FrameStream& stream, std::uint64_t frame_id);

}  // namespace ymasknet::testing

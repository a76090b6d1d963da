#include "scripted/scripted_server.h"

#include <grpcpp/server_builder.h>

#include <limits>
#include <stdexcept>

#include "ymasknet/client/error_details.pb.h"

namespace ymasknet::testing {

ScriptedServer::ScriptedServer(int port, std::shared_ptr<grpc::ServerCredentials> credentials) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), std::move(credentials), &port_);
    builder.RegisterService(this);
    builder.SetMaxReceiveMessageSize(std::numeric_limits<int>::max());
    server_ = builder.BuildAndStart();
    if (!server_ || port_ == 0)
        throw std::runtime_error("The scripted server can't listen.");
}

ScriptedServer::~ScriptedServer() {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
}

grpc::Status ScriptedServer::Detect(grpc::ServerContext* context, const v1::DetectRequest* request,
                                    v1::DetectResponse* response) {
    return on_detect(*context, *request, *response);
}

grpc::Status ScriptedServer::DetectAndSegment(grpc::ServerContext* /*context*/,
                                              const v1::DetectAndSegmentRequest* request,
                                              v1::DetectAndSegmentResponse* response) {
    return on_detect_and_segment(*request, *response);
}

grpc::Status ScriptedServer::InspectStream(grpc::ServerContext* context, FrameStream* stream) {
    return on_session(*context, *stream);
}

grpc::Status QueueFull(std::chrono::milliseconds retry_delay) {
    client::ErrorInfo info;
    info.set_reason("QUEUE_FULL");
    info.set_domain("ymasknet");
    client::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(retry_delay).count()));

    client::StatusDetails details;
    google::protobuf::Any& first = *details.add_details();
    first.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
    first.set_value(info.SerializeAsString());
    google::protobuf::Any& second = *details.add_details();
    second.set_type_url("type.googleapis.com/google.rpc.RetryInfo");
    second.set_value(retry.SerializeAsString());
    return {grpc::RESOURCE_EXHAUSTED, "The queue is full.", details.SerializeAsString()};
}

bool OpenSession(ScriptedServer::FrameStream& stream, std::uint32_t frames_in_flight) {
    v1::InspectStreamRequest request;
    if (!stream.Read(&request) || !request.has_opening())
        return false;
    v1::InspectStreamResponse response;
    response.mutable_opened()->mutable_model()->set_name("scripted");
    response.mutable_opened()->set_max_frames_in_flight(frames_in_flight);
    return stream.Write(response);
}

bool ReadFrame(ScriptedServer::FrameStream& stream, v1::Frame& frame) {
    v1::InspectStreamRequest request;
    if (!stream.Read(&request))
        return false;
    frame = request.frame();
    return true;
}

void Pass(ScriptedServer::FrameStream& stream, std::uint64_t frame_id) {
    v1::InspectStreamResponse response;
    response.mutable_result()->set_frame_id(frame_id);
    response.mutable_result()->set_verdict(v1::VERDICT_PASS);
    stream.Write(response);
}

}  // namespace ymasknet::testing

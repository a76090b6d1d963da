#include "ymasknet/client.h"

#include <utility>

#include "answers.h"
#include "board_call.h"
#include "connection.h"
#include "payload_message.h"
#include "requests.h"
#include "session_stream.h"

namespace ymasknet {
namespace {

/// Makes a call and reads its answer.
template <class Response>
Response Call(Connection& connection, const char* method, const grpc::ByteBuffer& request, const CallOptions& call) {
    Response response;
    Parse(connection.Call(method, request, call), response);
    return response;
}

}  // namespace

Client::Client(const std::string& address, const ClientOptions& options)
    : connection_(std::make_shared<Connection>(address, options)) {}

Client::Client(Client&& other) noexcept = default;

Client& Client::operator=(Client&& other) noexcept = default;

Client::~Client() = default;

InspectionResult Client::Detect(const Image& image, const InspectionOptions& options, const CallOptions& call) const {
    return ToResult(Call<v1::DetectResponse>(*connection_, "/ymasknet.v1.InspectionService/Detect",
                                             DetectRequest(image, options), call));
}

SegmentationResult Client::Segment(const Image& image, const std::vector<RegionOfInterest>& rois,
                                   const InspectionOptions& options, const CallOptions& call) const {
    return ToResult(Call<v1::SegmentResponse>(*connection_, "/ymasknet.v1.InspectionService/Segment",
                                              SegmentRequest(image, rois, options), call),
                    options.masks);
}

InspectionResult Client::DetectAndSegment(const Image& image, const InspectionOptions& options,
                                          const CallOptions& call) const {
    return ToResult(Call<v1::DetectAndSegmentResponse>(*connection_, "/ymasknet.v1.InspectionService/DetectAndSegment",
                                                       DetectAndSegmentRequest(image, options), call),
                    options.masks);
}

BoardResult Client::InspectBoard(const Board& board, const BoardOptions& options, const CallOptions& call) const {
    return ymasknet::InspectBoard(*connection_, board, options, call);
}

Session Client::OpenSession(const SessionOptions& options) const {
    return Session(Session::Stream::Open(connection_, options));
}

ModelList Client::ListModels(const CallOptions& call) const {
    return ToList(Call<v1::ListModelsResponse>(*connection_, "/ymasknet.v1.ModelService/ListModels",
                                               ToByteBuffer(v1::ListModelsRequest()), call));
}

Model Client::GetModel(const std::string& model, const CallOptions& call) const {
    v1::GetModelRequest request;
    request.set_model(model);
    auto response =
        Call<v1::GetModelResponse>(*connection_, "/ymasknet.v1.ModelService/GetModel", ToByteBuffer(request), call);
    return ToModel(std::move(*response.mutable_model()));
}

Placement Client::GetPlacement(const std::string& model, const CallOptions& call) const {
    v1::GetPlacementRequest request;
    request.set_model(model);
    return ToPlacement(Call<v1::GetPlacementResponse>(*connection_, "/ymasknet.v1.ModelService/GetPlacement",
                                                      ToByteBuffer(request), call));
}

}  // namespace ymasknet

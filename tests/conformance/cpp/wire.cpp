#include "wire.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "status_errors.h"
#include "ymasknet/v1/inspection_service.pb.h"

namespace ymasknet::conformance {
namespace {

constexpr std::chrono::seconds kPatience(60);

std::shared_ptr<grpc::Channel> Open(const std::string& address) {
    const std::string scheme = "http://";
    const std::string target = address.rfind(scheme, 0) == 0 ? address.substr(scheme.size()) : address;
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
    grpc::Slice slice;
    if (!buffer.DumpToSingleSlice(&slice).ok())
        throw std::runtime_error("An answer can't be read.");
    return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

/// One call, one step after the other.
class WireCall {
  public:
    WireCall(const std::shared_ptr<grpc::Channel>& channel, Json item) : stub_(channel), item_(item) {
        context_.set_deadline(std::chrono::system_clock::now() + kPatience);
        const std::string compression = item_["compression"].Text();
        if (!compression.empty())
            context_.set_compression_algorithm(compression == "gzip" ? GRPC_COMPRESS_GZIP : GRPC_COMPRESS_DEFLATE);
    }

    Lines Run(bool hold) {
        call_ = stub_.PrepareCall(&context_, "/" + item_["method"].Text(), &queue_);
        call_->StartCall(this);
        bool goes_on = Step();
        for (const Json& path : item_["messages"].Elements()) {
            if (!goes_on)
                break;
            const std::string message = ReadFile(path.Text());
            const grpc::Slice slice(message);
            call_->Write(grpc::ByteBuffer(&slice, 1), this);
            goes_on = Step();
        }
        if (goes_on && !hold) {
            call_->WritesDone(this);
            Step();
        }

        std::vector<std::string> answers;
        grpc::ByteBuffer answer;
        for (call_->Read(&answer, this); Step(); call_->Read(&answer, this))
            answers.push_back(Bytes(answer));
        grpc::Status status;
        call_->Finish(&status, this);
        Step();
        if (!status.ok())
            return {Canonical(ToError(status))};
        return item_["frame_errors"].Truth() ? FrameErrors(answers)
                                             : Lines{"answers " + std::to_string(answers.size())};
    }

    void Cancel() { context_.TryCancel(); }

  private:
    bool Step() {
        void* tag = nullptr;
        bool succeeded = false;
        if (!queue_.Next(&tag, &succeeded))
            throw std::runtime_error("gRPC's queue is at its end.");
        return succeeded;
    }

    static Lines FrameErrors(const std::vector<std::string>& answers) {
        Lines lines;
        for (const std::string& bytes : answers) {
            v1::InspectStreamResponse answer;
            if (!answer.ParseFromString(bytes))
                throw std::runtime_error("An answer is none of a session.");
            if (answer.result().has_error())
                lines.push_back(Canonical(ToError(answer.result().error())));
        }
        return lines;
    }

    grpc::GenericStub stub_;
    Json item_;
    grpc::ClientContext context_;
    grpc::CompletionQueue queue_;
    std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace

Lines CallWire(Json item) {
    return WireCall(Open(item["address"].Text()), item).Run(item["hold"].Truth());
}

Lines FirstToEnd(Json item) {
    const std::shared_ptr<grpc::Channel> channel = Open(item["address"].Text());
    std::vector<std::unique_ptr<WireCall>> calls;
    std::vector<std::thread> threads;
    std::promise<Lines> first;
    std::once_flag once;
    for (std::uint64_t i = 0; i < item["calls"].Whole(); ++i)
        calls.push_back(std::make_unique<WireCall>(channel, item));
    for (const auto& call : calls) {
        threads.emplace_back([&first, &once, &call = *call] {
            const Lines lines = call.Run(true);
            std::call_once(once, [&] { first.set_value(lines); });
        });
    }
    const Lines lines = first.get_future().get();
    for (const auto& call : calls)
        call->Cancel();
    for (std::thread& thread : threads)
        thread.join();
    return lines;
}

}  // namespace ymasknet::conformance

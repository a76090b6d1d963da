#include "payload_message.h"

#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "failure.h"

namespace ymasknet {
namespace {

using google::protobuf::io::CodedOutputStream;

constexpr std::uint32_t kLengthDelimited = 2;
constexpr int kFieldNumberShift = 3;

/// The tag and the length of a field of bytes.
std::string FieldHead(int field, std::size_t size) {
    if (size > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        throw Failure(StatusCode::ResourceExhausted, "MESSAGE_TOO_LARGE",
                      "A message of " + std::to_string(size) + " bytes is too large for gRPC.");

    std::array<std::uint8_t, 20> bytes = {};
    std::uint8_t* end = CodedOutputStream::WriteVarint32ToArray(
        static_cast<std::uint32_t>(field) << kFieldNumberShift | kLengthDelimited, bytes.data());
    end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(size), end);
    return std::string(bytes.data(), end);
}

/// A slice that reads a buffer in place and keeps its owner.
grpc::Slice SliceOf(const Buffer& buffer) {
    if (buffer.empty())
        return grpc::Slice();
    auto owner = std::make_unique<std::shared_ptr<const void>>(buffer.owner());
    // gRPC never writes to a slice that it sends.
    void* bytes = const_cast<std::byte*>(buffer.data());
    return grpc::Slice(
        bytes, buffer.size(), [](void* kept) { delete static_cast<std::shared_ptr<const void>*>(kept); },
        owner.release());
}

}  // namespace

PayloadMessage::PayloadMessage(int field, Buffer payload)
    : head_(FieldHead(field, payload.size())), payload_(std::move(payload)) {}

void PayloadMessage::Append(const google::protobuf::MessageLite& others) {
    others.AppendPartialToString(&tail_);
}

void PayloadMessage::Enclose(int field) {
    head_ = FieldHead(field, head_.size() + payload_.size() + tail_.size()) + head_;
}

grpc::ByteBuffer PayloadMessage::ToByteBuffer() const {
    const std::array<grpc::Slice, 3> slices = {grpc::Slice(head_), SliceOf(payload_), grpc::Slice(tail_)};
    return grpc::ByteBuffer(slices.data(), slices.size());
}

grpc::ByteBuffer ToByteBuffer(const google::protobuf::MessageLite& message) {
    const grpc::Slice slice(message.SerializePartialAsString());
    return grpc::ByteBuffer(&slice, 1);
}

void Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message) {
    grpc::ByteBuffer copy(bytes);
    grpc::ProtoBufferReader reader(&copy);
    if (!reader.status().ok() || !message.ParseFromZeroCopyStream(&reader))
        throw ServerBreach("sent an answer that can't be read");
}

}  // namespace ymasknet

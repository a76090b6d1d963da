// Messages around an image, written without copying it.
#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "ymasknet/buffer.h"

namespace ymasknet {

/// A protobuf message that holds one long field of bytes. Protobuf's own messages would copy the bytes into a string
/// and then into what is sent; here they stay where they are, between what is written before and after them.
class PayloadMessage {
  public:
    /// A message with one field.
    /// @param field Its number.
    /// @param payload The bytes, in memory with an owner.
    /// @throws Error `MESSAGE_TOO_LARGE`.
    PayloadMessage(int field, Buffer payload);

    /// Adds the other fields of the message.
    void Append(const google::protobuf::MessageLite& others);

    /// Makes the message a field of another message.
    /// @param field The field's number.
    void Enclose(int field);

    /// The message as gRPC sends it. It keeps the payload's owner.
    grpc::ByteBuffer ToByteBuffer() const;

  private:
    std::string head_;
    Buffer payload_;
    std::string tail_;
};

/// A message without long fields.
grpc::ByteBuffer ToByteBuffer(const google::protobuf::MessageLite& message);

/// Reads an answer.
/// @throws Error `ANSWER_UNEXPECTED`.
void Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message);

}  // namespace ymasknet

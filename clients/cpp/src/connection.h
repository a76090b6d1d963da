// One channel to a server, and how every call over it is made.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "retry_loop.h"
#include "ymasknet/client.h"

namespace ymasknet {

/// A channel and the options of its calls. All methods may be called from any thread.
///
/// Calls go through gRPC's generic stub, not through generated ones: those take protobuf messages, which would copy an
/// image twice on its way (see PayloadMessage).
class Connection {
  public:
    /// @throws Error As Client's constructor.
    Connection(const std::string& address, const ClientOptions& options);

    const ClientOptions& options() const noexcept { return options_; }

    /// gRPC's stub for calls by name.
    grpc::GenericStub& stub() noexcept { return stub_; }

    /// Sets what every call has: deadline, token, compression.
    void Prepare(grpc::ClientContext& context, Deadline deadline) const;

    /// When a call that begins now must have ended.
    Deadline DeadlineOf(const CallOptions& call) const;

    /// The attempts of a call.
    RetryLoop Attempts(const CallOptions& call, Deadline deadline) const;

    /// Makes a call of one message and one answer, again where that helps.
    /// @throws Error
    grpc::ByteBuffer Call(const std::string& method, const grpc::ByteBuffer& request, const CallOptions& call);

  private:
    grpc::ByteBuffer CallOnce(const std::string& method, const grpc::ByteBuffer& request, Deadline deadline,
                              const std::optional<Cancellation>& cancellation);

    ClientOptions options_;
    grpc::GenericStub stub_;
};

}  // namespace ymasknet

#include "connection.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "address.h"
#include "cancellation_state.h"
#include "failure.h"
#include "status_errors.h"

namespace ymasknet {
namespace {

constexpr std::chrono::milliseconds kFirstReconnectDelay(100);
constexpr std::chrono::milliseconds kLongestReconnectDelay(5000);

int Milliseconds(std::chrono::milliseconds time) {
    return static_cast<int>(time.count());
}

grpc::ChannelArguments ArgumentsOf(const ClientOptions& options, const Address& address) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(options.max_answer_bytes);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keep_alive_interval));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(options.keep_alive_timeout));
    // A server that falls silent while nothing is sent would otherwise be pinged twice and then believed forever.
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    // The library's own attempts know of RetryInfo; two sets of them would multiply.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, Milliseconds(options.connect_timeout));
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, Milliseconds(kFirstReconnectDelay));
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, Milliseconds(kLongestReconnectDelay));
    // One client is one connection: the server lets connections take turns.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // gRPC needs HTTP/2 all the way; a forward proxy from the environment would break plain connections.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    if (address.unix_socket) {
        // HTTP/2 wants a host in every request; on a Unix socket nothing reads it.
        arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
    }
    if (address.tls && !options.tls.server_name.empty())
        arguments.SetSslTargetNameOverride(options.tls.server_name);
    return arguments;
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const TlsOptions& tls, const Address& address) {
    if (!address.tls)
        return grpc::InsecureChannelCredentials();
    if (tls.certificate_chain.empty() != tls.private_key.empty()) {
        throw Failure(StatusCode::InvalidArgument, "CERTIFICATE_INVALID",
                      "The client's certificate and its key must both be set, or neither.");
    }
    grpc::SslCredentialsOptions credentials;
    credentials.pem_root_certs = tls.root_certificates;
    credentials.pem_cert_chain = tls.certificate_chain;
    credentials.pem_private_key = tls.private_key;
    return grpc::SslCredentials(credentials);
}

std::shared_ptr<grpc::Channel> CreateChannel(const std::string& text, const ClientOptions& options) {
    const Address address = ParseAddress(text);
    if (!options.token.empty() && !address.tls && !address.unix_socket && !options.token_in_the_clear) {
        throw Failure(StatusCode::InvalidArgument, "TOKEN_NEEDS_TLS",
                      "The token would travel in the clear to " + text + "; use https, or set token_in_the_clear.");
    }
    return grpc::CreateCustomChannel(address.target, CredentialsOf(options.tls, address),
                                     ArgumentsOf(options, address));
}

/// The end of a call, on the thread that waits for it.
class Completion {
  public:
    void Set(grpc::Status status) {
        const std::lock_guard lock(mutex_);
        status_ = std::move(status);
        changed_.notify_one();
    }

    grpc::Status Wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return status_.has_value(); });
        return *std::move(status_);
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<grpc::Status> status_;
};

}  // namespace

Connection::Connection(const std::string& address, const ClientOptions& options)
    : options_(options), stub_(CreateChannel(address, options)) {}

void Connection::Prepare(grpc::ClientContext& context, Deadline deadline) const {
    if (deadline)
        context.set_deadline(*deadline);
    if (!options_.token.empty())
        context.AddMetadata("authorization", "Bearer " + options_.token);
    if (options_.gzip)
        context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
}

Deadline Connection::DeadlineOf(const CallOptions& call) const {
    const std::optional<std::chrono::milliseconds> timeout = call.timeout ? call.timeout : options_.call_timeout;
    return timeout ? Deadline(After<std::chrono::system_clock>(*timeout)) : std::nullopt;
}

RetryLoop Connection::Attempts(const CallOptions& call, Deadline deadline) const {
    return RetryLoop(call.retry.value_or(options_.retry), deadline, call.cancellation);
}

grpc::ByteBuffer Connection::Call(const std::string& method, const grpc::ByteBuffer& request, const CallOptions& call) {
    const Deadline deadline = DeadlineOf(call);
    return Attempts(call, deadline).Run([&] { return CallOnce(method, request, deadline, call.cancellation); });
}

grpc::ByteBuffer Connection::CallOnce(const std::string& method, const grpc::ByteBuffer& request, Deadline deadline,
                                      const std::optional<Cancellation>& cancellation) {
    grpc::ClientContext context;
    Prepare(context, deadline);
    grpc::ByteBuffer answer;
    Completion completion;
    stub_.UnaryCall(&context, method, {}, &request, &answer,
                    [&completion](grpc::Status status) { completion.Set(std::move(status)); });
    const CancellationAccess::Registration registration(cancellation, [&context] { context.TryCancel(); });
    const grpc::Status status = completion.Wait();
    if (!status.ok())
        throw ToError(status);
    return answer;
}

}  // namespace ymasknet

/// @file
/// The client.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ymasknet/board.h"
#include "ymasknet/error.h"
#include "ymasknet/export.h"
#include "ymasknet/image.h"
#include "ymasknet/model.h"
#include "ymasknet/options.h"
#include "ymasknet/results.h"
#include "ymasknet/session.h"

namespace ymasknet {

class Connection;

/// Who the server and the client are. Certificates and keys are the text of PEM files.
struct TlsOptions {
    /// Whose certificates are believed. Default: empty, gRPC's own choice (the system's, or the file that
    /// `GRPC_DEFAULT_SSL_ROOTS_FILE_PATH` names).
    std::string root_certificates;
    /// The client's own certificate chain, where the server asks for one; with private_key.
    std::string certificate_chain;
    /// The key of certificate_chain.
    std::string private_key;
    /// The name that the server's certificate must have. Default: empty, the address's host.
    std::string server_name;
};

/// How a client talks to its server.
struct ClientOptions {
    /// Deadline of every call but of sessions. Default: none.
    std::optional<std::chrono::milliseconds> call_timeout;
    /// Which failed calls are made again. The opening of a session counts as a call.
    RetryPolicy retry;
    /// For `https` addresses.
    TlsOptions tls;
    /// Sent with each call as `authorization: Bearer TOKEN`. Default: empty, none. Over `http` it is refused with
    /// `TOKEN_NEEDS_TLS`, unless token_in_the_clear is set.
    std::string token;
    /// Sends the token over `http` too, for a proxy on this host that adds TLS.
    bool token_in_the_clear = false;
    /// Compresses requests with gzip: for slow lines and images that are not compressed. Answers are read either way.
    bool gzip = false;
    /// Largest answer. Unit: bytes. Range: at least 1; the server has limits of its own for requests.
    int max_answer_bytes = 256 * 1024 * 1024;
    /// How long an attempt to connect may take.
    std::chrono::milliseconds connect_timeout{5000};
    /// While calls run and nothing has come from the server for this long, it is pinged.
    std::chrono::milliseconds keep_alive_interval{20000};
    /// A server that leaves a ping unanswered for this long is given up: its calls fail with UNAVAILABLE.
    std::chrono::milliseconds keep_alive_timeout{10000};
};

/// Inspects images with a YMaskNet server. One client is one connection and serves any number of concurrent calls and
/// sessions; make one and keep it.
///
/// Threads: every method may be called from any thread at any time, but for the destructor and moving. Calls block the
/// thread that makes them. Callbacks of the caller run on that thread too, but for the deleters of shared buffers (see
/// Buffer).
///
/// Every method throws Error when the server refuses or fails, can't be reached, or the deadline has passed.
class YMASKNET_EXPORT Client {
  public:
    /// A client of the server at an address. The connection is set up by the first call.
    /// @param address `http://host:port`, or `https://host:port` for TLS; on the same host also `unix:///absolute/path`
    /// or
    ///     `unix:path`, taken as it is written, at most 107 bytes.
    /// @param options How to talk to it.
    /// @throws Error INVALID_ARGUMENT: `ADDRESS_INVALID`, `TOKEN_NEEDS_TLS`, `CERTIFICATE_INVALID`.
    explicit Client(const std::string& address, const ClientOptions& options = {});

    Client(Client&& other) noexcept;
    Client& operator=(Client&& other) noexcept;

    /// Sessions may outlive the client; its connection is closed with the last of them.
    ~Client();

    /// Finds defects with the first stage alone: boxes, classes, scores, no masks.
    InspectionResult Detect(const Image& image, const InspectionOptions& options = {},
                            const CallOptions& call = {}) const;

    /// Outlines the caller's boxes (instance models), or segments the whole image (semantic models).
    /// @param image The image.
    /// @param rois The boxes for an instance model; none for a semantic one.
    SegmentationResult Segment(const Image& image, const std::vector<RegionOfInterest>& rois = {},
                               const InspectionOptions& options = {}, const CallOptions& call = {}) const;

    /// Both stages: finds defects, refines their boxes and classes, outlines them.
    InspectionResult DetectAndSegment(const Image& image, const InspectionOptions& options = {},
                                      const CallOptions& call = {}) const;

    /// Inspects a board, sent in pieces. While the server's tiles wait for their turn, nothing more of the board is
    /// drawn from its source: what is on its way is bounded, however large the board.
    BoardResult InspectBoard(const Board& board, const BoardOptions& options, const CallOptions& call = {}) const;

    /// Opens a session: one task and one model for a stream of frames.
    Session OpenSession(const SessionOptions& options) const;

    /// All models that the server holds, and which one is the default.
    ModelList ListModels(const CallOptions& call = {}) const;

    /// What is known of one model.
    /// @param model `name` (the highest version) or `name/version`. Default: empty, the server's default model.
    Model GetModel(const std::string& model = {}, const CallOptions& call = {}) const;

    /// Where each node of a model's networks, and each operator around them, runs.
    /// @param model `name` (the highest version) or `name/version`. Default: empty, the server's default model.
    Placement GetPlacement(const std::string& model = {}, const CallOptions& call = {}) const;

  private:
    std::shared_ptr<Connection> connection_;
};

}  // namespace ymasknet

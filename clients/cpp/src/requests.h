// From the library's options to the messages of the wire contract.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <string>
#include <vector>

#include "ymasknet/board.h"
#include "ymasknet/frame.h"
#include "ymasknet/image.h"
#include "ymasknet/options.h"
#include "ymasknet/session.h"
#include "ymasknet/v1/board_service.pb.h"
#include "ymasknet/v1/inspection_service.pb.h"

namespace ymasknet {

/// Memory with an owner as it is; a view is copied.
Buffer Owned(const Buffer& buffer);

grpc::ByteBuffer DetectRequest(const Image& image, const InspectionOptions& options);

grpc::ByteBuffer SegmentRequest(const Image& image, const std::vector<RegionOfInterest>& rois,
                                const InspectionOptions& options);

grpc::ByteBuffer DetectAndSegmentRequest(const Image& image, const InspectionOptions& options);

/// The first message of a session.
/// @throws Error `MIN_AREA_AMBIGUOUS`.
grpc::ByteBuffer OpeningRequest(const SessionOptions& options);

/// A later message of a session.
/// @throws Error `DEADLINE_AMBIGUOUS`.
grpc::ByteBuffer FrameRequest(const Frame& frame);

/// The first message of a board, but for the form in which it comes.
v1::BoardOpening BoardOpeningOf(const BoardOptions& options);

}  // namespace ymasknet

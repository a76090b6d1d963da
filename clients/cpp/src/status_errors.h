// From gRPC's statuses to the library's exception.
#pragma once

#include <grpcpp/support/status.h>

#include "ymasknet/error.h"
#include "ymasknet/v1/inspection_service.pb.h"

namespace ymasknet {

/// The error of a status other than OK, with the details in it. Details that can't be read must not hide the status:
/// they are left out.
Error ToError(const grpc::Status& status);

/// The error of one frame.
Error ToError(const v1::FrameError& error);

}  // namespace ymasknet

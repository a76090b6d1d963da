// From the messages of the wire contract to the library's results. Strings are moved out of the messages.
#pragma once

#include "ymasknet/board.h"
#include "ymasknet/frame.h"
#include "ymasknet/model.h"
#include "ymasknet/results.h"
#include "ymasknet/v1/board_service.pb.h"
#include "ymasknet/v1/inspection_service.pb.h"
#include "ymasknet/v1/model_service.pb.h"

namespace ymasknet {

/// All of these throw Error `MASK_DAMAGED` where a mask can't be read, and `ANSWER_UNEXPECTED` where it is in a format
/// that was not asked for. `masks` is whether masks were asked for.
InspectionResult ToResult(v1::DetectResponse&& message);
InspectionResult ToResult(v1::DetectAndSegmentResponse&& message, bool masks);
SegmentationResult ToResult(v1::SegmentResponse&& message, bool masks);
BoardResult ToResult(v1::InspectBoardResponse&& message, bool masks);
FrameResult ToResult(v1::FrameResult&& message, bool masks);

ModelReference ToReference(const v1::ModelReference& message);
Model ToModel(v1::Model&& message);
ModelList ToList(v1::ListModelsResponse&& message);
Placement ToPlacement(const v1::GetPlacementResponse& message);

}  // namespace ymasknet

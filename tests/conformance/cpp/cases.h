// What the calls of the cases are with this client.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "canonical.h"
#include "case_values.h"
#include "json.h"

namespace ymasknet::conformance {

/// Runs cases.
class CaseRunner {
  public:
    explicit CaseRunner(Json images) : images_(images) {}

    /// The lines of a case; a failure is one of them.
    Lines Run(Json item);

  private:
    using Call = Lines (CaseRunner::*)(Json);

    Lines ListModels(Json item);
    Lines GetModel(Json item);
    Lines Detect(Json item);
    Lines DetectAndSegment(Json item);
    Lines Segment(Json item);
    Lines InspectStream(Json item);
    Lines InspectBoard(Json item);
    Lines CancelCall(Json item);
    Lines CancelSession(Json item);
    Lines FullQueue(Json item);

    const Client& ClientOf(Json item);
    Image ImageOf(Json item) { return images_.Get(item["image"].Text()); }

    /// One image with the default model, to see that the server goes on.
    Lines AfterwardsDetect(Json item);

    CaseImages images_;
    std::map<std::string, std::unique_ptr<Client>> clients_;
};

}  // namespace ymasknet::conformance

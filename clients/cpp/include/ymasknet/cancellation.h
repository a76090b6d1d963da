/// @file
/// Ending calls from another thread.
#pragma once

#include <memory>

#include "ymasknet/export.h"

namespace ymasknet {

/// Ends calls from another thread. Copies are one and the same: give one to CallOptions and keep another. Cancelling is
/// final; take a new one for later calls. All methods may be called from any thread at any time.
class YMASKNET_EXPORT Cancellation {
  public:
    /// Not cancelled.
    Cancellation();

    /// Ends the calls that have this cancellation, on the server too, with CANCELLED; later calls end at once.
    void Cancel() const;

    /// Whether Cancel has been called.
    bool IsCancelled() const noexcept;

  private:
    friend class CancellationAccess;
    class State;

    std::shared_ptr<State> state_;
};

}  // namespace ymasknet

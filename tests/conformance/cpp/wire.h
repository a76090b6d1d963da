// Calls whose messages are bytes, for what the client library does not send.
#pragma once

#include "canonical.h"
#include "json.h"

namespace ymasknet::conformance {

/// Sends a case's messages to its method, and says how many answers came, and how it ended.
Lines CallWire(Json item);

/// Holds several such calls open until one of them ends, and says how that one did.
Lines FirstToEnd(Json item);

}  // namespace ymasknet::conformance

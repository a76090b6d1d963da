/// @file
/// The whole client library.
#pragma once

#include "ymasknet/board.h"
#include "ymasknet/buffer.h"
#include "ymasknet/cancellation.h"
#include "ymasknet/client.h"
#include "ymasknet/error.h"
#include "ymasknet/frame.h"
#include "ymasknet/geometry.h"
#include "ymasknet/image.h"
#include "ymasknet/mask.h"
#include "ymasknet/model.h"
#include "ymasknet/options.h"
#include "ymasknet/recipe.h"
#include "ymasknet/results.h"
#include "ymasknet/session.h"

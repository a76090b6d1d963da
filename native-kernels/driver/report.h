// A driver tells a code and no more. The stand-in also says why, one line on standard error.
#pragma once

#include <string>

namespace standin {

void report(const std::string& where, const std::string& what);

}  // namespace standin

#include "report.h"

#include <stdio.h>

namespace standin {

void report(const std::string& where, const std::string& what) {
  fprintf(stderr, "stand-in CUDA driver: %s: %s\n", where.c_str(), what.c_str());
}

}  // namespace standin

// The kernels that the stand-in can launch: the pipeline's, and those of its own tests.
#include "../kernels/kernels.cu"

#include "test_kernels.cu"

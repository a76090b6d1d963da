// The kernels themselves, once for all tests.
#include "../kernels/kernels.cu"

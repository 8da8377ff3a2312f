#include "CAVX512.h"

#if defined(__x86_64__)

#pragma STDC FP_CONTRACT OFF

typedef float lanes16 __attribute__((vector_size(64), aligned(4)));

__attribute__((target("avx512f"))) void avx512_adam(float *theta, const float *g, float *m,
                                                    float *v, intptr_t count, float beta1,
                                                    float beta2, float rate, float root_correction,
                                                    float epsilon) {
  for (intptr_t i = 0; i < count; i += 16) {
    const lanes16 gradient = *(const lanes16 *)(g + i);
    const lanes16 square = gradient * gradient;
    const lanes16 first = __builtin_elementwise_fma(
        (lanes16){} + beta1, *(const lanes16 *)(m + i) - gradient, gradient);
    const lanes16 second =
        __builtin_elementwise_fma((lanes16){} + beta2, *(const lanes16 *)(v + i) - square, square);
    *(lanes16 *)(m + i) = first;
    *(lanes16 *)(v + i) = second;
    const lanes16 denominator = __builtin_elementwise_fma(
        __builtin_elementwise_sqrt(second), (lanes16){} + root_correction, (lanes16){} + epsilon);
    *(lanes16 *)(theta + i) = *(const lanes16 *)(theta + i) - rate * first / denominator;
  }
}

#endif

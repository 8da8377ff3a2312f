#include "CAVX512.h"
#include "lanes.h"

#if defined(__x86_64__)

// One function per type of index and number of registers that hold sums.
#define ADD_ROWS(NAME, INDEX, VECTORS)                                                             \
  AVX512 static void NAME(const float *value, const INDEX *index, intptr_t count,                  \
                          const float *matrix, intptr_t stride, const float *start,                \
                          float *sums) {                                                           \
    lanes16 total[VECTORS];                                                                        \
    _Pragma("unroll") for (int j = 0; j < VECTORS; j++)                                            \
      total[j] = start ? *(const lanes16 *)(start + 16 * j) : (lanes16){};                         \
    for (intptr_t entry = 0; entry < count; entry++) {                                             \
      const lanes16 scale = repeat(value + entry);                                                 \
      const float *row = matrix + (intptr_t)index[entry] * stride;                                 \
      _Pragma("unroll") for (int j = 0; j < VECTORS; j++)                                          \
        total[j] = __builtin_elementwise_fma(scale, *(const lanes16 *)(row + 16 * j), total[j]);   \
    }                                                                                              \
    _Pragma("unroll") for (int j = 0; j < VECTORS; j++)                                            \
      *(lanes16 *)(sums + 16 * j) = total[j];                                                      \
  }

ADD_ROWS(add_16_narrow, uint16_t, 4)
ADD_ROWS(add_16_wide, uint16_t, 8)
ADD_ROWS(add_32_narrow, int32_t, 4)
ADD_ROWS(add_32_wide, int32_t, 8)

void avx512_add_rows_16(const float *value, const uint16_t *index, intptr_t count,
                        const float *matrix, intptr_t stride, const float *start, float *sums,
                        intptr_t columns) {
  (columns == 128 ? add_16_wide : add_16_narrow)(value, index, count, matrix, stride, start, sums);
}

void avx512_add_rows_32(const float *value, const int32_t *index, intptr_t count,
                        const float *matrix, intptr_t stride, const float *start, float *sums,
                        intptr_t columns) {
  (columns == 128 ? add_32_wide : add_32_narrow)(value, index, count, matrix, stride, start, sums);
}

#endif

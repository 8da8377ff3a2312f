#include "CAVX512.h"
#include "lanes.h"

#if defined(__x86_64__)

INLINE __m512 low_pairs(__m512 a, __m512 b) {
  return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
}
INLINE __m512 high_pairs(__m512 a, __m512 b) {
  return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
}
// Of the four quarters of each, 0 and 2, or 1 and 3.
INLINE __m512 even_quarters(__m512 a, __m512 b) { return _mm512_shuffle_f32x4(a, b, 0x88); }
INLINE __m512 odd_quarters(__m512 a, __m512 b) { return _mm512_shuffle_f32x4(a, b, 0xDD); }

AVX512 void avx512_transpose(const float *source, intptr_t source_step, float *target,
                             intptr_t target_step) {
  // Within each quarter q: of rows 4·g ..< 4·g + 4 the column 4·q + c, in quads[4·g + c].
  __m512 quads[16];
#pragma unroll
  for (int g = 0; g < 16; g += 4) {
    __m512 row[4];
#pragma unroll
    for (int i = 0; i < 4; i++) row[i] = _mm512_loadu_ps(source + (g + i) * source_step);
    const __m512 low01 = _mm512_unpacklo_ps(row[0], row[1]), low23 = _mm512_unpacklo_ps(row[2], row[3]);
    const __m512 high01 = _mm512_unpackhi_ps(row[0], row[1]), high23 = _mm512_unpackhi_ps(row[2], row[3]);
    quads[g] = low_pairs(low01, low23);
    quads[g + 1] = high_pairs(low01, low23);
    quads[g + 2] = low_pairs(high01, high23);
    quads[g + 3] = high_pairs(high01, high23);
  }
  // The four quads of a column, together.
#pragma unroll
  for (int c = 0; c < 4; c++) {
    const __m512 even01 = even_quarters(quads[c], quads[4 + c]);
    const __m512 even23 = even_quarters(quads[8 + c], quads[12 + c]);
    const __m512 odd01 = odd_quarters(quads[c], quads[4 + c]);
    const __m512 odd23 = odd_quarters(quads[8 + c], quads[12 + c]);
    _mm512_storeu_ps(target + c * target_step, even_quarters(even01, even23));
    _mm512_storeu_ps(target + (4 + c) * target_step, even_quarters(odd01, odd23));
    _mm512_storeu_ps(target + (8 + c) * target_step, odd_quarters(even01, even23));
    _mm512_storeu_ps(target + (12 + c) * target_step, odd_quarters(odd01, odd23));
  }
}

#endif

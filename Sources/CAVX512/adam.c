#include "CAVX512.h"
#include "lanes.h"

#if defined(__x86_64__)

#include <math.h>

#pragma STDC FP_CONTRACT OFF

static const int32_t sign_bit = INT32_MIN, least_normal = 0x00800000;

INLINE __m512i repeat_bits(int32_t value) { return _mm512_set1_epi32(value); }
INLINE __m512 as_floats(__m512i values) { return _mm512_castsi512_ps(values); }
INLINE __m512i as_bits(__m512 values) { return _mm512_castps_si512(values); }

// The bits of factor · x, rounded once, for a subnormal x = k · 2⁻¹⁴⁹: k is x's bits, and
// factor · k + 2²³ is rounded to a whole number, ties to even.
INLINE __m512i subnormal_product(__m512i magnitude, __m512 factor) {
  const __m512 two_to_23 = _mm512_set1_ps(0x1p23f);
  const __m512 k =
      _mm512_sub_ps(as_floats(_mm512_or_si512(magnitude, as_bits(two_to_23))), two_to_23);
  return _mm512_sub_epi32(as_bits(_mm512_fmadd_ps(k, factor, two_to_23)), as_bits(two_to_23));
}

// Lanes without a gradient whose moment is so small that it moves no weight. The second moment must
// be a number: else it has to reach the weight.
INLINE __mmask16 idle_lanes(__m512 gradient, __m512 first, __m512 second, __m512 weights,
                            __m512 small_moment, __m512 large_weight) {
  const __m512i unsigned_bits = repeat_bits(~sign_bit);
  const __m512i magnitude = _mm512_and_si512(as_bits(first), unsigned_bits);
  __mmask16 idle = _mm512_testn_epi32_mask(as_bits(gradient), unsigned_bits);
  idle = _mm512_mask_cmple_epu32_mask(idle, magnitude, as_bits(small_moment));
  const __m512i weight = _mm512_and_si512(as_bits(weights), unsigned_bits);
  idle &= _mm512_testn_epi32_mask(magnitude, magnitude) |
          _mm512_cmpge_epu32_mask(weight, as_bits(large_weight));
  return _mm512_mask_cmplt_epu32_mask(idle, as_bits(second), as_bits(_mm512_set1_ps(INFINITY)));
}

AVX512 void avx512_adam(float *theta, const float *g, float *m, float *v, intptr_t count,
                        float beta1, float beta2, float rate, float root_correction, float epsilon,
                        float small_moment, float large_weight) {
  const __m512 beta1s = _mm512_set1_ps(beta1), beta2s = _mm512_set1_ps(beta2);
  const __m512 rates = _mm512_set1_ps(rate), epsilons = _mm512_set1_ps(epsilon);
  const __m512 corrections = _mm512_set1_ps(root_correction);
  const __m512 small = _mm512_set1_ps(small_moment), large = _mm512_set1_ps(large_weight);
  const __m512i unsigned_bits = repeat_bits(~sign_bit), normal = repeat_bits(least_normal);
  const bool may_idle = small_moment > 0;
  for (intptr_t i = 0; i < count; i += 16) {
    const __m512 weights = _mm512_loadu_ps(theta + i), gradient = _mm512_loadu_ps(g + i);
    __m512 old_first = _mm512_loadu_ps(m + i), old_second = _mm512_loadu_ps(v + i);
    const __mmask16 idle =
        may_idle ? idle_lanes(gradient, old_first, old_second, weights, small, large) : 0;
    // Of these, the subnormal moments are kept from the multiplications.
    __mmask16 small_first = 0, small_second = 0;
    __m512i next_first = repeat_bits(0), next_second = repeat_bits(0);
    if (idle) {
      const __m512i magnitude = _mm512_and_si512(as_bits(old_first), unsigned_bits);
      const __m512i sign = _mm512_andnot_si512(unsigned_bits, as_bits(old_first));
      small_first = _mm512_mask_cmplt_epu32_mask(idle, magnitude, normal) &
                    _mm512_test_epi32_mask(magnitude, magnitude);
      small_second = _mm512_mask_cmplt_epu32_mask(idle, as_bits(old_second), normal);
      next_first = _mm512_or_si512(subnormal_product(magnitude, beta1s), sign);
      next_second = subnormal_product(as_bits(old_second), beta2s);
      old_first = _mm512_maskz_mov_ps((__mmask16)~small_first, old_first);
      old_second = _mm512_maskz_mov_ps((__mmask16)~small_second, old_second);
    }
    const __m512 square = _mm512_mul_ps(gradient, gradient);
    const __m512 first = _mm512_fmadd_ps(beta1s, _mm512_sub_ps(old_first, gradient), gradient);
    const __m512 second = _mm512_fmadd_ps(beta2s, _mm512_sub_ps(old_second, square), square);
    __m512 step = _mm512_setzero_ps();
    if (idle != 0xFFFF) {
      const __mmask16 moves = (__mmask16)~idle;
      const __m512 denominator = _mm512_fmadd_ps(_mm512_sqrt_ps(second), corrections, epsilons);
      step = _mm512_maskz_div_ps(moves, _mm512_maskz_mul_ps(moves, rates, first), denominator);
    }
    _mm512_storeu_ps(m + i, _mm512_mask_mov_ps(first, small_first, as_floats(next_first)));
    _mm512_storeu_ps(v + i, _mm512_mask_mov_ps(second, small_second, as_floats(next_second)));
    _mm512_storeu_ps(theta + i, _mm512_sub_ps(weights, step));
  }
}

#endif

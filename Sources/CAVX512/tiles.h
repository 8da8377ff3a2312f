#ifndef CAVX512_TILES_H
#define CAVX512_TILES_H

#include "CAVX512.h"
#include "lanes.h"

#if defined(__x86_64__)

// Two chains run over whole eights of terms; the remaining terms go to the first chain.
enum { chain_period = 8 };

// The term k of the sums of `rows` rows, which stand in `sums`.
INLINE void add_term(const int rows, const int vectors, const avx512_product *p, intptr_t first_row,
                     intptr_t k, lanes16 (*sums)[3]) {
  const float *left = p->left + first_row * p->row_step + k * p->depth_step;
  const float *panel = p->panel + k * p->panel_step;
  lanes16 row[3];
#pragma unroll
  for (int j = 0; j < vectors; j++) row[j] = *(const lanes16 *)(panel + 16 * j);
#pragma unroll
  for (int i = 0; i < rows; i++) {
    const lanes16 element = repeat(left + i * p->row_step);
#pragma unroll
    for (int j = 0; j < vectors; j++)
      sums[i][j] = __builtin_elementwise_fma(element, row[j], sums[i][j]);
  }
}

INLINE int vectors_of(const avx512_product *p) { return (int)((p->columns + 15) / 16); }

// The lanes of vector j that are columns of the output.
INLINE __mmask16 lanes_of(const avx512_product *p, int j) {
  const intptr_t remaining = p->columns - 16 * j;
  return (__mmask16)(remaining >= 16 ? 0xFFFF : (1 << remaining) - 1);
}

// One tile in `rows` × `vectors` registers; all but `p` and `first_row` are constants where it is inlined.
// Of 32 registers 8 × 3 hold sums: per k three loads and eight broadcasts feed 24 multiply-adds.
//
// With two chains (of 4 rows, or of 6 and one vector) the even terms are summed apart from the odd ones.
// With `adding`, sums start from the output's values or, with `adds_output_last`, have them added after
// the last term, as OpenBLAS does.
INLINE void tile(const int rows, const int vectors, const int chains, const bool adds_output_last,
                 const avx512_product *p, intptr_t first_row) {
  float *output = p->output + first_row * p->stride;
  lanes16 sums[12][3] = {};
  if (!adds_output_last && p->adding) {
#pragma unroll
    for (int i = 0; i < rows; i++)
#pragma unroll
      for (int j = 0; j < vectors; j++)
        sums[i][j] = (lanes16)_mm512_maskz_loadu_ps(lanes_of(p, j), output + i * p->stride + 16 * j);
  }
  intptr_t k = 0;
  if (chains == 2)
    for (const intptr_t end = p->depth / chain_period * chain_period; k < end; k += 2) {
      add_term(rows, vectors, p, first_row, k, sums);
      add_term(rows, vectors, p, first_row, k + 1, sums + rows);
    }
  for (; k < p->depth; k++) add_term(rows, vectors, p, first_row, k, sums);
#pragma unroll
  for (int i = 0; i < rows; i++)
#pragma unroll
    for (int j = 0; j < vectors; j++) {
      float *target = output + i * p->stride + 16 * j;
      lanes16 sum = sums[i][j];
      if (chains == 2) sum += sums[rows + i][j];
      // Without `adding` too: OpenBLAS zeroes the output and adds to it, which makes +0 of −0.
      if (adds_output_last)
        sum += p->adding ? (lanes16)_mm512_maskz_loadu_ps(lanes_of(p, j), target) : (lanes16){};
      _mm512_mask_storeu_ps(target, lanes_of(p, j), (__m512)sum);
    }
}

#endif

#endif

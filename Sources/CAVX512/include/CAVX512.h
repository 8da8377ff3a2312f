#ifndef CAVX512_H
#define CAVX512_H

#include <stdbool.h>
#include <stdint.h>

// Products in registers of sixteen floats, for CPUs with AVX-512. Every element's sum runs over the
// same terms in the same order, one fused multiply-add each, as in Compute's kernels of eight floats, or
// where it is said so as in OpenBLAS's: the bits are the same, whichever ran. Swift has no target per function; C has.

/// Whether this CPU and its system can run the functions below. False where it is not x86-64.
bool avx512_is_available(void);

/// output[i, 0 ..< columns] = Σₖ left(i, k) · panel(k, 0 ..< columns) over k in 0 ..< depth, for i in
/// 0 ..< rows, added to what is there where `adding`. left(i, k) lies at left[i · row_step + k · depth_step],
/// the panel's and the output's rows `panel_step` and `stride` floats apart. `columns` is 1 to 48; of the
/// panel's rows whole sixteens are read, of the output's nothing else is touched.
typedef struct {
  const float *left;
  intptr_t row_step, depth_step;
  const float *panel;
  intptr_t panel_step, depth;
  float *output;
  intptr_t stride, rows, columns;
  bool adding;
} avx512_product;

/// Each sum in the order of k, begun with what is there.
void avx512_multiply_panel(const avx512_product *product);

/// Each sum in the order of OpenBLAS's Haswell kernel, added to what is there: the panel starts at
/// `column`, a multiple of 16, of the `columns` of one of its chunks. Up to eight floats beyond a row's last
/// sixteen are read and ignored. `takes_eights`: whether of the rows beyond whole twelves eight are taken
/// at once, as in every chunk but the first.
void avx512_multiply_panel_in_haswell_order(const avx512_product *product, intptr_t column,
                                            intptr_t columns, bool takes_eights);

/// Sixteen rows of sixteen, transposed; rows are `source_step` and `target_step` floats apart.
void avx512_transpose(const float *source, intptr_t source_step, float *target,
                      intptr_t target_step);

/// sums[·] = start[·] + Σₑ value[e] · matrix[index[e] · stride + ·] over e in 0 ..< count and
/// `columns` columns, 64 or 128; without `start` from zero.
void avx512_add_rows_16(const float *value, const uint16_t *index, intptr_t count,
                        const float *matrix, intptr_t stride, const float *start, float *sums,
                        intptr_t columns);

/// The same for indices of 32 bits.
void avx512_add_rows_32(const float *value, const int32_t *index, intptr_t count,
                        const float *matrix, intptr_t stride, const float *start, float *sums,
                        intptr_t columns);

/// One step of Adam over `count` parameters, a multiple of sixteen: m ← β₁m + (1 − β₁)g,
/// v ← β₂v + (1 − β₂)g², θ ← θ − rate · m / (√v · root_correction + ε).
///
/// Without a gradient, moments m up to `small_moment` change nothing of weights from `large_weight` on:
/// said by the caller, so that the arithmetic of subnormal numbers is left out, with the same bits.
/// A `small_moment` of 0 leaves none out.
void avx512_adam(float *theta, const float *g, float *m, float *v, intptr_t count, float beta1,
                 float beta2, float rate, float root_correction, float epsilon, float small_moment,
                 float large_weight);

/// Twelve independent chains of sixteen-lane multiply-adds, `rounds` long; the value depends on all.
float avx512_chains(intptr_t rounds);

#endif

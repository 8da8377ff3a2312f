#include "tiles.h"

#include <string.h>

#if defined(__x86_64__)

// The order in which OpenBLAS's Haswell kernel of single precision (0.3.21, sgemm_kernel_8x4_haswell_2.c)
// sums each element. OpenBLAS computes the transposed product, so that its columns are our rows: twelve at
// a time, then eight, then four; and our columns go in blocks of eight. Most elements are one chain of
// multiply-adds in the order of k; some are two, of the even and of the odd k, where the kernel hides the
// latency of a small tile:
// - of twelve rows, the first six in the first block, and in the last where the blocks are even in number;
//   the last six in the last block where they are odd; with two blocks or more;
// - four rows, in every block.
// What is left of the columns beyond whole blocks, and of the rows beyond whole fours, is one chain.

enum { block_columns = 8, twelve = 12, half = 6, most_exceptions = 2 };

// Elements of a tile that are summed otherwise: beside it, and put in their place after it.
typedef struct {
  intptr_t row, column, rows, columns;
  float sums[half * 16];
} exception;

INLINE void copy_rows(float *target, intptr_t target_step, const float *source,
                      intptr_t source_step, const exception *e) {
  for (intptr_t i = 0; i < e->rows; i++)
    memcpy(target + i * target_step, source + i * source_step, (size_t)e->columns * sizeof(float));
}

INLINE float *place_of(const exception *e, const avx512_product *p) {
  return p->output + e->row * p->stride + e->column;
}

// `rows` and `chains` are constants where it is inlined, `rows` those of the exception.
INLINE void sum_exception(const int rows, const int chains, const avx512_product *p, exception *e) {
  avx512_product part = *p;
  part.left += e->row * p->row_step;
  part.panel += e->column;
  part.output = e->sums;
  part.stride = 16;
  part.columns = e->columns;
  if (p->adding) copy_rows(e->sums, 16, place_of(e, p), p->stride, e);
  tile(rows, 1, chains, true, &part, 0);
}

INLINE void store_exception(const avx512_product *p, const exception *e) {
  copy_rows(place_of(e, p), p->stride, e->sums, 16, e);
}

// The panel holds columns `column` ..< column + 16 · vectors of a chunk.
INLINE bool is_in_panel(const int vectors, intptr_t column) {
  return column >= 0 && column < 16 * vectors;
}

// Twelve rows from `row` on.
INLINE void multiply_twelve_rows(const int vectors, const avx512_product *p, intptr_t row,
                                 intptr_t column, intptr_t columns) {
  const intptr_t blocks = columns / block_columns;
  const intptr_t rows[most_exceptions] = {row, blocks % 2 == 0 ? row : row + half};
  const intptr_t indices[most_exceptions] = {0, blocks - 1};
  exception exceptions[most_exceptions];
  int count = 0;
  for (int i = 0; i < most_exceptions && blocks >= 2; i++) {
    const intptr_t start = indices[i] * block_columns - column;
    if (!is_in_panel(vectors, start)) continue;
    exception *e = &exceptions[count++];
    e->row = rows[i];
    e->column = start;
    e->rows = half;
    e->columns = block_columns;
    sum_exception(half, 2, p, e);
  }
  tile(8, vectors, 1, true, p, row);
  tile(4, vectors, 1, true, p, row + 8);
  for (int i = 0; i < count; i++) store_exception(p, &exceptions[i]);
}

// Four rows from `row` on.
INLINE void multiply_four_rows(const int vectors, const avx512_product *p, intptr_t row,
                               intptr_t column, intptr_t columns) {
  exception rest;
  rest.row = row;
  rest.column = columns / block_columns * block_columns - column;
  rest.rows = 4;
  rest.columns = columns % block_columns;
  const bool has_rest = rest.columns > 0 && is_in_panel(vectors, rest.column);
  if (has_rest) sum_exception(4, 1, p, &rest);
  tile(4, vectors, 2, true, p, row);
  if (has_rest) store_exception(p, &rest);
}

INLINE void multiply_rows(const int vectors, const avx512_product *p, intptr_t column,
                          intptr_t columns, bool takes_eights) {
  intptr_t i = 0;
  for (; i + twelve <= p->rows; i += twelve) multiply_twelve_rows(vectors, p, i, column, columns);
  if (takes_eights && i + 8 <= p->rows) {
    tile(8, vectors, 1, true, p, i);
    i += 8;
  }
  for (; i + 4 <= p->rows; i += 4) multiply_four_rows(vectors, p, i, column, columns);
  for (; i < p->rows; i++) tile(1, vectors, 1, true, p, i);
}

AVX512 void avx512_multiply_panel_in_haswell_order(const avx512_product *p, intptr_t column,
                                                   intptr_t columns, bool takes_eights) {
  switch (vectors_of(p)) {
  case 1: multiply_rows(1, p, column, columns, takes_eights); break;
  case 2: multiply_rows(2, p, column, columns, takes_eights); break;
  default: multiply_rows(3, p, column, columns, takes_eights);
  }
}

#endif

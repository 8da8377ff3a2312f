#include "tiles.h"

#include <string.h>

#if defined(__x86_64__)

// The order in which OpenBLAS's Haswell kernel of single precision (0.3.21, sgemm_kernel_8x4_haswell_2.c)
// sums each element. Its columns are our rows; it takes them twelve at a time, then eight, then four, and
// the other dimension in blocks of eight. Most elements are one chain of multiply-adds in the order of k;
// some are two, of the even and of the odd k, where the kernel hides the latency of a small tile:
// - of twelve rows, the first six in the first block, and in the last where the blocks are even in number;
//   the last six in the last block where they are odd; with two blocks or more;
// - four rows, in every block.
// What is left of the columns beyond whole blocks, and of the rows beyond whole fours, is one chain.

enum { block = 8, tall = 12, half = 6, most_patches = 3 };

// A part of a tile whose order is another one: taken beside it, and put in its place after it.
typedef struct {
  intptr_t row, column, rows, columns;
  float sums[half * 16];
} patch;

INLINE void take_patch(const int rows, const int chains, const avx512_product *p, patch *patch) {
  avx512_product part = *p;
  part.left += patch->row * p->row_step;
  part.panel += patch->column;
  part.output = patch->sums;
  part.stride = 16;
  part.columns = patch->columns;
  patch->rows = rows;
  if (p->adding)
    for (int i = 0; i < rows; i++)
      memcpy(patch->sums + 16 * i, p->output + (patch->row + i) * p->stride + patch->column,
             (size_t)patch->columns * sizeof(float));
  tile(rows, 1, chains, true, &part, 0);
}

INLINE void put_patch(const avx512_product *p, const patch *patch) {
  for (int i = 0; i < patch->rows; i++)
    memcpy(p->output + (patch->row + i) * p->stride + patch->column, patch->sums + 16 * i,
           (size_t)patch->columns * sizeof(float));
}

// Twelve rows from `row` on.
INLINE void pass_tall(const int vectors, const avx512_product *p, intptr_t row, intptr_t column,
                      intptr_t columns) {
  const intptr_t blocks = columns / block, last = blocks - 1;
  const struct { intptr_t row, block; } places[most_patches] = {
      {row, 0}, {blocks % 2 == 0 ? row : row + half, last}};
  patch patches[most_patches];
  int count = 0;
  for (int i = 0; i < 2 && blocks >= 2; i++) {
    const intptr_t place = places[i].block * block - column;
    if (place < 0 || place >= 16 * vectors) continue;
    patches[count] = (patch){.row = places[i].row, .column = place, .columns = block};
    take_patch(half, 2, p, &patches[count++]);
  }
  tile(8, vectors, 1, true, p, row);
  tile(4, vectors, 1, true, p, row + 8);
  for (int i = 0; i < count; i++) put_patch(p, &patches[i]);
}

// Four rows from `row` on.
INLINE void pass_four(const int vectors, const avx512_product *p, intptr_t row, intptr_t column,
                      intptr_t columns) {
  const intptr_t whole = columns / block * block, place = whole - column;
  patch rest = {.row = row, .column = place, .columns = columns - whole};
  const bool has_rest = rest.columns > 0 && place >= 0 && place < 16 * vectors;
  if (has_rest) take_patch(4, 1, p, &rest);
  tile(4, vectors, 2, true, p, row);
  if (has_rest) put_patch(p, &rest);
}

INLINE void pass_rows(const int vectors, const avx512_product *p, intptr_t column, intptr_t columns,
                      bool takes_eights) {
  intptr_t i = 0;
  for (; i + tall <= p->rows; i += tall) pass_tall(vectors, p, i, column, columns);
  if (takes_eights && i + 8 <= p->rows) {
    tile(8, vectors, 1, true, p, i);
    i += 8;
  }
  for (; i + 4 <= p->rows; i += 4) pass_four(vectors, p, i, column, columns);
  for (; i < p->rows; i++) tile(1, vectors, 1, true, p, i);
}

AVX512 void avx512_multiply_panel_in_haswell_order(const avx512_product *p, intptr_t column,
                                                   intptr_t columns, bool takes_eights) {
  switch (vectors_of(p)) {
  case 1: pass_rows(1, p, column, columns, takes_eights); break;
  case 2: pass_rows(2, p, column, columns, takes_eights); break;
  default: pass_rows(3, p, column, columns, takes_eights);
  }
}

#endif

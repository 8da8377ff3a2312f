// The elementwise passes of a dense layer. Rows are padded to whole lanes, so none has a tail.

/// values[i,·] ← f(values[i,·] + bias): the second half of a layer's forward pass, in place.
@inlinable
package func addBiasAndActivate<F: LaneActivation>(
  _ values: Matrix, bias: UnsafePointer<Float>, _ activation: F.Type
) {
  for i in 0..<values.rows {
    let row = values.row(i)
    var j = 0
    while j < values.paddedColumns {
      row.store(F.value(row.lanes(at: j) + bias.lanes(at: j)), at: j)
      j += 8
    }
  }
}

/// values[i,·] ← values[i,·] + bias: a linear layer.
package func addBias(_ values: Matrix, bias: UnsafePointer<Float>) {
  for i in 0..<values.rows {
    let row = values.row(i)
    var j = 0
    while j < values.paddedColumns {
      row.store(row.lanes(at: j) + bias.lanes(at: j), at: j)
      j += 8
    }
  }
}

/// delta ← delta ⊙ f′, in place, from the layer's outputs; biasGradient ← column sums of delta.
///
/// Sums run over the rows in order, so they depend on nothing but the values.
@inlinable
package func backpropagateActivation<F: LaneActivation>(
  _ delta: Matrix, outputs: Matrix, biasGradient: UnsafeMutablePointer<Float>, _ activation: F.Type
) {
  biasGradient.update(repeating: 0, count: delta.paddedColumns)
  for i in 0..<delta.rows {
    let row = delta.row(i)
    let output = outputs.row(i)
    var j = 0
    while j < delta.paddedColumns {
      let value = row.lanes(at: j) * F.slope(atOutput: output.lanes(at: j))
      row.store(value, at: j)
      biasGradient.store(biasGradient.lanes(at: j) + value, at: j)
      j += 8
    }
  }
}

/// sums ← column sums of values: the bias gradient of a linear layer.
package func sumColumns(_ values: Matrix, into sums: UnsafeMutablePointer<Float>) {
  sums.update(repeating: 0, count: values.paddedColumns)
  for i in 0..<values.rows {
    let row = values.row(i)
    var j = 0
    while j < values.paddedColumns {
      sums.store(sums.lanes(at: j) + row.lanes(at: j), at: j)
      j += 8
    }
  }
}

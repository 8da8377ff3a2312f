import Compute

/// Where the gradients of each layer lie.
///
/// They are read once, by the update, and layers are done one after another. So layers of the same
/// width can take turns in one place, which the CPU's cache still holds: where all gradients have places of
/// their own, a step carries each of them to memory and back. Rows of one width have their padding in
/// the same columns, so that it stays zero. The two heads are done together, and rows shorter than a cache
/// line lie otherwise in every layer: these have places of their own.
struct GradientPlaces {
  /// Floats in all.
  let count: Int
  /// By where the layer's weights begin in the layout.
  private let starts: [Int: Int]

  init(_ layout: ParameterLayout, takingTurns: Bool) {
    func takesTurns(_ layer: ParameterLayout.Layer) -> Bool {
      takingTurns && layer.weights != layout.logVar?.weights
        && layer.outputs.rowStride.isMultiple(of: Arena.alignment)
    }
    let sizes = Dictionary(
      layout.layers.filter(takesTurns).map { ($0.outputs, $0.range.count) },
      uniquingKeysWith: max)
    var (end, starts, shared): (Int, [Int: Int], [Int: Int]) = (0, [:], [:])
    for layer in layout.layers {
      guard takesTurns(layer) else {
        starts[layer.weights] = end
        end += layer.range.count
        continue
      }
      let start = shared[layer.outputs] ?? end
      if start == end { end += sizes[layer.outputs] ?? 0 }
      shared[layer.outputs] = start
      starts[layer.weights] = start
    }
    count = end
    self.starts = starts
  }

  /// Where the gradients of the layer's weights begin; those of its bias follow as in the layout.
  func start(of layer: ParameterLayout.Layer) -> Int { starts[layer.weights, default: 0] }
}

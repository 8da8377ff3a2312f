package import Sweep

/// How much of the variance goes with each of several seeds, and with their interactions, in a
/// crossed design: every level of one with every level of the others.
///
/// Random effects without replication: a run is a function of its seeds, so that what is left
/// beyond the lower terms is the interaction of all of them, not noise. Components by expected mean
/// squares (Searle, Casella & McCulloch 1992, section 4.3; Scheffé 1959, chapter 7): for a set S of
/// seeds, Σ over T ⊇ S of (−1)^{|T|−|S|} MS_T, over the product of the levels outside S. They are
/// not truncated: one below zero is what chance gives where there is nothing.
package struct CrossedVariance: Hashable, Sendable {
  /// One seed, or the interaction of several.
  package struct Component: Hashable, Sendable {
    package let factors: [SeedFactor]
    /// In squared units of the metric; may be below zero.
    package let variance: Double
    /// Of the sum of all components.
    package let share: Double?
  }

  /// The seeds that vary, with the number of levels of each.
  package let levels: [(factor: SeedFactor, count: Int)]
  /// Main effects first.
  package let components: [Component]

  package static func == (left: Self, right: Self) -> Bool { left.components == right.components }
  package func hash(into hasher: inout Hasher) { hasher.combine(components) }

  /// - Parameters:
  ///   - counts: Levels of each factor; two or more of each.
  ///   - values: One for each combination of levels, the last factor varying fastest.
  ///
  /// Nil unless two or three factors vary and every combination has its value.
  package init?(_ factors: [SeedFactor], counts: [Int], values: [Double]) {
    guard (2...3).contains(factors.count), counts.count == factors.count,
      counts.allSatisfy({ $0 >= 2 }), values.count == counts.reduce(1, *),
      values.allSatisfy(\.isFinite)
    else { return nil }
    let subsets = (1..<(1 << factors.count)).map { mask in
      factors.indices.filter { mask >> $0 & 1 == 1 }
    }.sorted { left, right in
      left.count == right.count
        ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }
    let squares = MeanSquares(counts: counts, values: values)
    var components: [(places: [Int], variance: Double)] = []
    for own in subsets {
      var sum = 0.0
      for other in subsets where Set(own).isSubset(of: other) {
        sum += ((other.count - own.count) % 2 == 0 ? 1 : -1) * squares.meanSquare(other)
      }
      let outside = counts.indices.filter { !own.contains($0) }.reduce(1) { $0 * counts[$1] }
      components.append((own, sum / Double(outside)))
    }
    let total = components.reduce(0) { $0 + $1.variance }
    levels = zip(factors, counts).map { ($0, $1) }
    self.components = components.map { component in
      Component(
        factors: component.places.map { factors[$0] }, variance: component.variance,
        share: total > 0 ? component.variance / total : nil)
    }
  }
}

/// Sums of squares of a full factorial with one value per cell.
private struct MeanSquares {
  let counts: [Int]
  let values: [Double]

  /// Of the effect of the factors at `places`: the squares of the means over the others, less those
  /// of every smaller set (inclusion and exclusion), over the product of levels − 1.
  func meanSquare(_ places: [Int]) -> Double {
    var sum = 0.0
    for mask in 0..<(1 << places.count) {
      let subset = places.indices.filter { mask >> $0 & 1 == 1 }.map { places[$0] }
      sum += ((places.count - subset.count) % 2 == 0 ? 1 : -1) * squaresOfMeans(subset)
    }
    return sum / places.reduce(1) { $0 * Double(counts[$1] - 1) }
  }

  /// N / cells · Σ (mean of the cell − grand mean)² over the cells of the factors at `places`.
  private func squaresOfMeans(_ places: [Int]) -> Double {
    let grand = values.reduce(0, +) / Double(values.count)
    var sums: [Int: Double] = [:]
    for (index, value) in values.enumerated() {
      var (rest, cell, scale) = (index, 0, 1)
      for place in counts.indices.reversed() {
        let (left, level) = rest.quotientAndRemainder(dividingBy: counts[place])
        rest = left
        guard places.contains(place) else { continue }
        cell += level * scale
        scale *= counts[place]
      }
      sums[cell, default: 0] += value - grand
    }
    let size = Double(values.count) / Double(sums.count)
    return sums.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value / size }
  }
}

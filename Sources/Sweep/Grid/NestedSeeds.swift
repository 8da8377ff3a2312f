import VAE

/// A nested design in place of a seed axis: levels of one seed, and under each of them fresh redraws
/// of the others.
///
/// Level l has the seed l, and its r-th redraw sets the others to l · redraws + r, which no other
/// level has: a redraw that came back under another level would pass for noise of its own.
package struct NestedSeeds: Hashable, Sendable {
  package let factor: SeedFactor
  package let levels: Int
  package let redraws: Int

  /// Nil unless there are two levels or more, two redraws or more, and all fit 32 bits.
  package init?(factor: SeedFactor, levels: Int, redraws: Int) {
    let (count, overflow) = levels.multipliedReportingOverflow(by: redraws)
    guard levels >= 2, redraws >= 2, !overflow, count <= Int(UInt32.max) else { return nil }
    self.factor = factor
    self.levels = levels
    self.redraws = redraws
  }

  package var count: Int { levels * redraws }

  /// Redraws vary slowest: a sweep cut short has as many of every level.
  func seeds(at index: Int) -> Seeds {
    let (redraw, level) = index.quotientAndRemainder(dividingBy: levels)
    let other = UInt32(level * redraws + redraw)
    let own = UInt32(level)
    return Seeds(
      initialization: factor == .initialization ? own : other,
      order: factor == .order ? own : other, noise: factor == .noise ? own : other)
  }

  /// Where `seeds` stand, or nil.
  func index(of seeds: Seeds) -> Int? {
    let level = Int(factor.level(of: seeds))
    guard level < levels, let other = factor.others(of: seeds).first else { return nil }
    let redraw = Int(other) - level * redraws
    guard (0..<redraws).contains(redraw) else { return nil }
    let index = redraw * levels + level
    return self.seeds(at: index) == seeds ? index : nil
  }
}

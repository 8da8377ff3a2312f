import Sweep

/// The same seed gives the same sequence, on every machine, so that what failed can be found again.
package struct SeededGenerator: RandomNumberGenerator {
  private var words: SplitMix64

  package init(seed: UInt64) { words = SplitMix64(state: seed) }

  package mutating func next() -> UInt64 { words.next() }

  package mutating func chance(_ probability: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < probability
  }

  /// Milliseconds in a range, as a duration.
  package mutating func delay(_ range: ClosedRange<Int>) -> Duration {
    .milliseconds(Int.random(in: range, using: &self))
  }
}

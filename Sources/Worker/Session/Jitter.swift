import Sweep

/// Numbers in [0, 1) that follow from a seed: workers that start alike do not speak alike.
struct Jitter: Sendable {
  private var words: SplitMix64

  init(seed: UInt64) { words = SplitMix64(state: seed) }

  mutating func next() -> Double { Double(words.next() >> 11) * 0x1p-53 }
}

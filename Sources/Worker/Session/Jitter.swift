/// Numbers in [0, 1) that follow from a seed (SplitMix64): workers that start alike do not speak alike.
struct Jitter: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
  }
}

/// Numbers without any order among them, the same ones at every start (SplitMix64).
///
/// For choosing where to look, never for a result.
struct ScatteredNumbers {
  private var state: UInt64 = 0

  /// The next number from 0 to `bound` − 1, each as likely as any other to within `bound` / 2⁶⁴.
  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)).multipliedFullWidth(by: UInt64(max(bound, 1))).high)
  }
}

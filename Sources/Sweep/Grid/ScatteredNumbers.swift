/// Numbers without any order among them, the same ones at every start.
///
/// For choosing where to look, never for a result.
struct ScatteredNumbers {
  private var words = SplitMix64(state: 0)

  /// The next number from 0 to `bound` − 1, each as likely as any other to within `bound` / 2⁶⁴.
  mutating func next(below bound: Int) -> Int {
    Int(words.next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
  }
}

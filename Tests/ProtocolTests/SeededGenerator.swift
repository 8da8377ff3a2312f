import TestSupport

extension SeededGenerator {
  /// The number of a coordinator's start.
  mutating func start() -> UInt64 { next() >> 33 | 1 }
}

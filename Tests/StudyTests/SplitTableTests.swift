import Study
import Testing

@Suite("Splits that are drawn once for many tests")
struct SplitTableTests {
  @Test(
    "give each test the p value that it has alone, whatever was tested before",
    arguments: [(20, 20), (20, 35), (35, 20), (3, 4)])
  func same(first: Int, second: Int) throws {
    func sample(_ count: Int, _ step: Double) -> Sample {
      Sample((0..<count).map { (Double($0) * step).truncatingRemainder(dividingBy: 1) })
    }
    let (left, right) = (sample(first, 0.618), sample(second, 0.7548))
    // A resampling of its own, so that nobody has asked for its splits before.
    let resampling = Resampling(replicates: 4_999, seed: UInt64(100 * first + second))
    let values = try (0..<3).map { _ in
      try #require(SpreadComparison(left, right, resampling: resampling)).pValue
    }
    // The first draws by itself, the others take what was drawn.
    #expect(Set(values).count == 1)
    let counts = (0..<3).map { _ in
      CountComparison(
        (0..<first).map { $0 % 3 }, (0..<second).map { $0 % 4 }, resampling: resampling)?.pValue
    }
    #expect(Set(counts).count == 1)
  }
}

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
    // The first draws, the others take what was drawn.
    #expect(Set(values).count == 1)
    let counts = (0..<3).map { _ in
      CountComparison(
        (0..<first).map { $0 % 3 }, (0..<second).map { $0 % 4 }, resampling: resampling)?.pValue
    }
    #expect(Set(counts).count == 1)
  }

  @Test("give the p value of splits that are drawn one by one where there are too many to keep")
  func larger() throws {
    // Of 60,000 runs a split is no longer kept; the exact p of counts tells whether it is right.
    let resampling = Resampling(replicates: 199, seed: 5)
    let few = [Int](repeating: 1, count: 33_000)
    let comparison = try #require(
      CountComparison(few + [0], few + [0], resampling: resampling))
    #expect(comparison.pValue == 1)
  }

  @Test("are drawn once for all who ask, and forgotten when others are asked for")
  func counted() {
    let tables = LastTables<Int>(atMost: 2)
    var made: [Int] = []
    func ask(_ count: Int) -> Int {
      tables.table(LastTables.Key(resampling: .standard, count: count, drawn: 3)) {
        made.append(count)
        return 10 * count
      }
    }
    for count in [5, 5, 6, 5, 7, 5, 6] { #expect(ask(count) == 10 * count) }
    // 6 is asked for again after 7 has taken its place; 5, asked for between them, has stayed.
    #expect(made == [5, 6, 7, 6])
  }
}

@Suite("Percentiles of resamples")
struct PercentileTests {
  @Test("are the order statistics that sorting finds", arguments: [1, 2, 3, 40, 41, 1_000, 9_999])
  func selected(count: Int) throws {
    let wild = (0..<count).map { Double($0 * 7_919 % 10_007) }
    for figures in [wild, wild.map { $0.truncatingRemainder(dividingBy: 3) }, wild.sorted()] {
      let sorted = figures.sorted()
      let interval = try #require(Interval.percentiles(of: figures))
      #expect(interval.lower == sorted[Int((Double(count - 1) * 0.025).rounded())])
      #expect(interval.upper == sorted[Int((Double(count - 1) * 0.975).rounded())])
    }
  }
}

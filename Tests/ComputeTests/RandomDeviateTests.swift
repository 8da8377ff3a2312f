import Compute
import Testing

struct RandomDeviateTests {
  private static let count = 400_000

  private func normals() -> [Double] {
    let philox = Philox(key: (7, 11))
    return (0..<UInt32(Self.count / 8)).flatMap { i in
      let (low, high) = RandomDeviates.normal(
        philox.block(SIMD4(i, 0, 0, 0)), philox.block(SIMD4(i, 1, 0, 0)))
      return [low, high].flatMap { four in (0..<4).map { Double(four[$0]) } }
    }
  }

  /// The standard errors of the first four moments of a normal are √(1, 2, 15, 96) / √n.
  @Test("normal deviates have the moments 0, 1, 0, 3 within four standard errors")
  func moments() {
    let sample = normals()
    let n = Double(sample.count)
    let moment = { (power: Int) in
      sample.reduce(0) { sum, x in sum + (1...power).reduce(1) { product, _ in product * x } } / n
    }
    for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      let error = Scalar.sqrt(variance / n)
      #expect(abs(moment(power) - expected) < 4 * error, "moment \(power)")
    }
  }

  /// Kolmogorov–Smirnov: D·√n exceeds 1.95 once in a thousand times.
  @Test("the distribution of normal deviates passes Kolmogorov and Smirnov")
  func distribution() {
    let sample = normals().sorted()
    let n = Double(sample.count)
    var distance = 0.0
    for (rank, x) in sample.enumerated() {
      let expected = normalDistribution(x)
      distance = max(
        distance, expected - Double(rank) / n, Double(rank + 1) / n - expected)
    }
    #expect(distance * Scalar.sqrt(n) < 1.95)
  }

  @Test("uniform deviates lie inside (0, 1) at both ends of the words")
  func uniformEnds() {
    #expect(RandomDeviates.uniform(SIMD8(repeating: 0))[0] > 0)
    #expect(RandomDeviates.uniform(SIMD8(repeating: .max))[0] < 1)
  }

  /// Φ(x) by its power series (Abramowitz & Stegun 26.2.11), good to 10⁻¹² for |x| < 6.
  private func normalDistribution(_ x: Double) -> Double {
    var (term, sum, k) = (x, x, 1.0)
    while abs(term) > 1e-16 * max(abs(sum), 1e-300), k < 300 {
      term *= x * x / (2 * k + 1)
      sum += term
      k += 1
    }
    return 0.5 + sum * Scalar.exp(-x * x / 2) * 0.398_942_280_401_432_7
  }
}

import Figures
import Testing

@Suite("The axes of charts")
struct AxisTests {
  @Test(
    "hold every value, and their ticks are round",
    arguments: [
      ([150.2, 153.9], ["150", "151", "152", "153", "154"]),
      ([0.013, 0.047], ["0.01", "0.02", "0.03", "0.04", "0.05"]),
      ([-3.2, 3.9], ["−4", "−2", "0", "2", "4"]),
      ([0, -4e8], ["−4·10⁸", "−3·10⁸", "−2·10⁸", "−1·10⁸", "0"]),
      ([1e8, 1.0004e8], ["1.0000·10⁸", "1.0001·10⁸", "1.0002·10⁸", "1.0003·10⁸", "1.0004·10⁸"]),
    ] as [([Double], [String])])
  func linear(values: [Double], labels: [String]) {
    let axis = Axis.linear("x", over: values, ticks: 5)
    #expect(axis.ticks.map(\.label) == labels)
    for value in values { #expect((0...1).contains(axis.position(value))) }
  }

  @Test("give figures from ten million on three digits and a power of ten")
  func enormous() {
    let labels = [9.994e7, 9.996e7, -1.5e15, 9_999_999, 0].map { Axis.label($0, decimals: 1) }
    #expect(labels == ["9.99·10⁷", "1.00·10⁸", "−1.50·10¹⁵", "9999999.0", "0.0"])
  }

  @Test("take values that are equal, missing or not finite", arguments: [[], [7, 7], [.nan, 3]])
  func degenerate(values: [Double]) {
    let axis = Axis.linear("x", over: values)
    #expect(axis.domain.lowerBound < axis.domain.upperBound)
    #expect(axis.ticks.count >= 2)
    for value in values where value.isFinite { #expect((0...1).contains(axis.position(value))) }
  }

  @Test("are logarithmic between whole powers of ten")
  func logarithmic() {
    let axis = Axis.logarithmic("x", over: [0.00042, 0.9, 0, .nan])
    #expect(axis.domain == 0.0001...1)
    #expect(axis.ticks.map(\.label) == ["10⁻⁴", "10⁻³", "0.01", "0.1", "1"])
    #expect(abs(axis.position(0.01) - 0.5) < 1e-12)
    #expect(axis.position(0) < 0)
  }

  @Test("count epochs one by one where they are few")
  func epochs() {
    #expect(Axis.epochs(3).ticks.map(\.label) == ["1", "2", "3"])
    #expect(Axis.epochs(50).ticks.map(\.label) == ["1", "2", "5", "10", "20", "50"])
    #expect(Axis.epochs(1).position(1) == 0.5)
  }
}

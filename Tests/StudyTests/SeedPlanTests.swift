import Foundation
import Study
import Testing

@Suite("The number of seeds a study needs")
struct SeedPlanTests {
  @Test("rests on the power of the t test as SciPy has it", arguments: ComparisonGoldens.power)
  func power(freedom: Double, effect: Double, expected: Double) {
    let power = SeedPlan.power(effect: effect, degreesOfFreedom: freedom)
    #expect(abs(power - expected) < 1e-7)
  }

  @Test("is statsmodels' for two independent samples", arguments: ComparisonGoldens.seedsUnpaired)
  func unpaired(effect: Double, power: Double, expected: Int) {
    // Two equal deviations; the effect is in units of one.
    #expect(
      SeedPlan.toTellApart(difference: -effect * 3, deviations: (3, 3), power: power) == expected)
  }

  @Test("is statsmodels' for pairs", arguments: ComparisonGoldens.seedsPaired)
  func paired(effect: Double, power: Double, expected: Int) {
    #expect(
      SeedPlan.toTellApart(pairedDifference: effect * 2, deviation: 2, power: power) == expected)
  }

  @Test("is the first with which the mean's interval is narrow enough")
  func mean() throws {
    let n = try #require(SeedPlan.forMean(width: 0.5, deviation: 1))
    func width(_ n: Int) throws -> Double {
      let t = try #require(StudentT(degreesOfFreedom: Double(n - 1)))
      return 2 * t.quantile(0.975) / Double(n).squareRoot()
    }
    #expect(n == 64)
    #expect(try width(n) <= 0.5)
    #expect(try width(n - 1) > 0.5)
    #expect(SeedPlan.forMean(width: 1e9, deviation: 1) == 2)
    #expect(SeedPlan.forMean(width: 1e-6, deviation: 1) == nil)
  }

  @Test("for the spread uses the pilot's own tails, and needs ten")
  func deviation() throws {
    // Normal: half width on ln s is t / √(2n).
    let small = try #require(SeedPlan.forDeviation(relativeWidth: 0.5, pilot: Sample([1, 2])))
    #expect((33...35).contains(small))
    #expect(SeedPlan.forDeviation(relativeWidth: 100, pilot: Sample([])) == 10)
    let oneInTen = Sample([0, 1, 2, 3, 4, 5, 6, 7, 8, 40])
    #expect(
      try #require(SeedPlan.forDeviation(relativeWidth: 0.5, pilot: oneInTen)) > 2 * small)
  }

  @Test("is unknown where there is nothing to find")
  func nothing() {
    #expect(SeedPlan.toTellApart(difference: 0, deviations: (1, 1), power: 0.9) == nil)
    #expect(SeedPlan.toTellApart(difference: 1, deviations: (0, 0), power: 0.9) == nil)
    #expect(SeedPlan.toTellApart(difference: 1e-9, deviations: (1, 1), power: 0.9) == nil)
  }
}

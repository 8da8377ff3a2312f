import Study
import Sweep
import Testing
import VAE

@Suite("A metric")
struct MetricTests {
  @Test("stands for every measure of the study, under its name", arguments: StudyMeasure.allCases)
  func everyMeasure(measure: StudyMeasure) throws {
    let metric = try #require(Metric(rawValue: measure.rawValue))
    #expect(metric.study == measure)
    #expect(metric.withUnit == measure.rawValue)
    let configuration = try OutcomeFixture.configuration("784-256-2")
    let outcome = OutcomeFixture.ok(configuration, seed: 1, total: 150)
    #expect(metric.value(of: outcome) == (measure == .coverage ? 0.15 : nil))
    #expect(metric.value(of: OutcomeFixture.diverged(configuration, seed: 1)) == nil)
  }

  @Test("that is a loss is in nats")
  func losses() {
    #expect(Metric.testTotalLast5.withUnit == "test_total_last5 in nats per image")
    #expect(Metric.allCases.count { $0.unit != nil } == 6)
  }
}

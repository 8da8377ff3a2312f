import Foundation
import Study
import Sweep
import Testing
import VAE

@Suite("Comparing two configurations")
struct ConfigurationComparisonTests {
  private func runs(
    _ configuration: Configuration, totals: [Double], collapsed: (Int) -> Int = { _ in 0 },
    firstSeed: UInt32 = 0
  ) throws -> ConfigurationRuns {
    var collection = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    // Runs finish in any order.
    for (place, total) in totals.enumerated().shuffled() {
      let latents = configuration.architecture.latentDim
      let variances = (0..<latents).map { $0 < collapsed(place) ? 0.001 : 1.0 }
      collection.add(
        OutcomeFixture.ok(
          configuration, seed: firstSeed + UInt32(place), total: total, varMu: variances))
    }
    return try #require(collection.all.first)
  }

  private func losses(_ n: Int, _ scale: Double) -> [Double] {
    (0..<n).map { 100 + scale * sin(Double($0 * $0)) }
  }

  @Test("asks of location, spread and collapse, and adjusts for all it asked")
  func questions() throws {
    let deep = try OutcomeFixture.configuration("784-256-32-8-4")
    let flat = try OutcomeFixture.configuration("784-256-32-4")
    let comparison = try ConfigurationComparison(
      try runs(deep, totals: losses(50, 3), collapsed: { $0 % 3 == 0 ? 1 : 0 }),
      try runs(flat, totals: losses(50, 1)))
    #expect(comparison.paired == nil)
    #expect(abs((comparison.spread?.ratio ?? 0) - 3) < 1e-9)
    #expect((comparison.spread?.pValue ?? 1) < 0.001)
    #expect(comparison.anyCollapse?.difference == 0.34)
    #expect(abs((comparison.collapsed?.difference ?? 0) - 0.34) < 1e-12)
    #expect((comparison.anyCollapse?.pValue ?? 1) < 0.001)
    let questions = ConfigurationComparison.Question.allCases
    #expect(comparison.qValues.count == questions.count - 1)
    for question in questions {
      guard let p = comparison.pValue(question), let q = comparison.qValues[question] else {
        continue
      }
      #expect(q >= p && q <= 1)
    }
  }

  @Test("does not depend on the order in which runs finished")
  func order() throws {
    let deep = try OutcomeFixture.configuration("784-256-32-8-4")
    let slow = try OutcomeFixture.configuration("784-256-32-8-4", [.epochs: .int(60)])
    let all = try (0..<5).map { _ in
      let comparison = try ConfigurationComparison(
        try runs(deep, totals: losses(17, 3)), try runs(slow, totals: losses(18, 2)))
      return ConfigurationComparison.Question.allCases.map(comparison.pValue)
    }
    #expect(Set(all).count == 1)
  }

  @Test("pairs variants of one architecture by their seeds")
  func pairs() throws {
    let sampled = try OutcomeFixture.configuration("784-256-2")
    let plain = try OutcomeFixture.configuration("784-256-2", [.sampling: .bool(false)])
    let comparison = try ConfigurationComparison(
      try runs(sampled, totals: losses(20, 1)),
      try runs(plain, totals: losses(20, 1.1), firstSeed: 5), metric: .testReconstructionAtMean)
    #expect(comparison.paired?.pairs == 15)
    #expect(comparison.anyCollapse == nil)
    #expect(comparison.pValue(.collapsedCount) == nil)
  }

  @Test("refuses what is not comparable, and says why")
  func refusals() throws {
    let sampled = try OutcomeFixture.configuration("784-256-2")
    let plain = try OutcomeFixture.configuration("784-256-2", [.sampling: .bool(false)])
    let inNats = Metric.allCases.filter { $0.isLoss }
    for metric in inNats where metric != .testReconstructionAtMean {
      let error = #expect(throws: NotComparable.self) {
        try metric.requireComparable(sampled, plain)
      }
      #expect(error?.description.contains("--metric test_reconstruction_at_mean") == true)
    }
    try Metric.testReconstructionAtMean.requireComparable(sampled, plain)
    let squares = try OutcomeFixture.configuration("784-256-2", [.loss: .string("mse")])
    let light = try OutcomeFixture.configuration("784-256-2", [.klWeight: .double(0.5)])
    for metric in inNats {
      #expect(throws: NotComparable.self) { try metric.requireComparable(sampled, squares) }
    }
    for metric in Metric.allCases where !metric.isLoss {
      try metric.requireComparable(sampled, plain)
      try metric.requireComparable(sampled, squares)
    }
    #expect(throws: NotComparable.self) { try Metric.testTotal.requireComparable(sampled, light) }
    try Metric.testKL.requireComparable(sampled, light)
    let some = try runs(sampled, totals: losses(3, 1))
    #expect(throws: NotComparable.self) { try ConfigurationComparison(some, some) }
  }

  @Test("refuses a measure that a side can't have, and says which", arguments: Metric.allCases)
  func absent(metric: Metric) throws {
    let sampled = try OutcomeFixture.configuration("784-256-2")
    let plain = try OutcomeFixture.configuration("784-256-2", [.sampling: .bool(false)])
    let reasons: [Metric: String] = [
      .generationDensityFitted: "784-256-2,sampling=true: it is not measured with sampling",
      .generationCoverageFitted: "784-256-2,sampling=true: it is not measured with sampling",
      .radiusStart: "784-256-2,sampling=false: it is not measured without sampling",
      .radiusAfter5: "784-256-2,sampling=false: it is not measured without sampling",
      .radiusRatio: "784-256-2,sampling=false: it is not measured without sampling",
    ]
    guard let reason = reasons[metric] else {
      try metric.requireExisting(sampled, plain)
      return
    }
    let error = #expect(throws: NotComparable.self) {
      try ConfigurationComparison(
        try runs(sampled, totals: losses(3, 1)), try runs(plain, totals: losses(3, 1)),
        metric: metric)
    }
    #expect(error?.description == "\(metric.rawValue) does not exist for \(reason)")
    let short = try OutcomeFixture.configuration("784-256-2", [.epochs: .int(4)])
    guard metric == .radiusRatio else { return }
    #expect(throws: NotComparable.self) { try metric.requireExisting(sampled, short) }
  }

  @Test("looks at a spread more closely where few runs make most of it")
  func caution() throws {
    let deep = try OutcomeFixture.configuration("784-256-32-8-4")
    let flat = try OutcomeFixture.configuration("784-256-32-4")
    func compared(_ first: [Double], collapsed: Int = 0) throws -> ConfigurationComparison {
      try ConfigurationComparison(
        try runs(deep, totals: first, collapsed: { $0 < collapsed ? 1 : 0 }),
        try runs(flat, totals: losses(20, 1)), resampling: Resampling(replicates: 999, seed: 1))
    }
    // Every run of the first varies three times as much: nothing to warn of.
    #expect(try compared(losses(20, 3)).spreadCaution == nil)
    // One run in twenty carries all of the difference.
    let one = try compared([170] + losses(20, 1).dropFirst())
    let caution = try #require(one.spreadCaution)
    #expect((one.spread?.ratio ?? 0) > 10)
    #expect((one.spread?.meanCentred ?? 1) < 0.05)
    #expect(abs((caution.ratioWithoutOutermost ?? 0) - 1) < 0.2)
    #expect((one.spread?.medianCentred ?? 0) > 0.05)
    #expect(one.spread?.pValue == one.spread?.medianCentred)
    // A rare mode is looked into whatever the ratio.
    let apart = [190, 191] + losses(18, 3)
    #expect(try compared(apart, collapsed: 2).spreadCaution != nil)
    #expect(try compared(losses(20, 3), collapsed: 8).spreadCaution == nil)
  }
}

@Suite("A configuration is named")
struct ConfigurationSelectionTests {
  private func chosen(_ text: String, from names: [(String, [TrainKey: ParameterValue])])
    throws -> Configuration
  {
    let candidates = try names.map { try OutcomeFixture.configuration($0.0, $0.1) }
    return try ConfigurationSelection(parsing: text).choose(from: candidates)
  }

  @Test("by its architecture, and by keys that tell it from others")
  func choice() throws {
    let store: [(String, [TrainKey: ParameterValue])] = [
      ("784-256-2", [:]), ("784-256-2", [.sampling: .bool(false)]),
      ("784-256-4", [.epochs: .int(5), .learningRate: .double(0.01)]),
      ("784-256-4", [.epochs: .int(6)]),
    ]
    #expect(try chosen("784-256-2", from: store).sampling)
    #expect(try !chosen("784-256-2,sampling=false", from: store).sampling)
    #expect(try chosen("784-256-4,learning_rate=1e-2", from: store).epochs == 5)
    #expect(try chosen("784-256-4, epochs=6", from: store).epochs == 6)
    #expect(
      throws: InvalidValue(
        key: "configuration", value: "784-256-4",
        expected: "one configuration, and 2 have this name; add epochs=… or learning_rate=…: "
          + "784-256-4,epochs=5,learning_rate=0.01; 784-256-4,epochs=6,learning_rate=0.001")
    ) { try chosen("784-256-4", from: store) }
    #expect(throws: InvalidValue.self) { try chosen("784-256-8", from: store) }
    #expect(throws: InvalidValue.self) { try chosen("784-256-2,rho=0.9", from: store) }
    #expect(throws: InvalidValue.self) { try chosen("784-256-2", from: []) }
  }

  @Test("in any spelling of its values, and one that is none is called so")
  func spelling() throws {
    let store: [(String, [TrainKey: ParameterValue])] = [
      ("784-256-2", [.schedule: .string("0.5@1 0.1@2"), .freeBits: .double(0.5)]),
      ("784-256-2", [.epochs: .int(20)]),
    ]
    for text in [
      "784-256-2,schedule=0.50@1  1e-1@2", "784-256-2,free_bits=5e-1",
      "784-256-2, schedule=0.5@01 0.10@2,free_bits=.5",
    ] {
      #expect(try chosen(text, from: store).freeBits == 0.5, "\(text)")
    }
    #expect(try chosen("784-256-2,epochs=2e1", from: store).epochs == 20)
    #expect(try chosen("784-256-2,limit=none,epochs=20", from: store).epochs == 20)
    for (text, expected) in [
      ("784-256-2,schedule=foo", "one whose schedule is none or up to 64 factors above 0"),
      ("784-256-2,free_bits=abc", "one whose free_bits is a number, 0 or more"),
      ("784-256-2,sampling=maybe", "one whose sampling is true or false"),
    ] {
      let fault = #expect(throws: InvalidValue.self) { try chosen(text, from: store) }
      #expect(fault?.expected.hasPrefix(expected) == true, "\(fault?.expected ?? "")")
    }
  }

  @Test(
    "and refused where it can't be read",
    arguments: [
      "", "784", "784-256-2,", "784-256-2,sampling", "784-256-2,colour=red", "784-256-2,epochs=",
      "784-256-2,epochs=1,epochs=2", ",784-256-2",
    ])
  func wrong(text: String) {
    #expect(throws: InvalidValue.self) { try ConfigurationSelection(parsing: text) }
  }
}

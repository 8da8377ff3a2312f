import Study
import Sweep
import Testing
import VAE

@Suite("A summary")
struct SweepSummaryTests {
  @Test("is the documented JSON")
  func json() throws {
    let deep = try OutcomeFixture.configuration("784-256-32-8-4", [.epochs: .int(1)])
    let outcomes = [
      OutcomeFixture.ok(deep, seed: 0, total: 100, varMu: [1, 0.001, 0.5, 0.0099]),
      OutcomeFixture.ok(deep, seed: 1, total: 102, varMu: [1, 1, 1, 0.01]),
      OutcomeFixture.diverged(deep, seed: 2),
    ]
    let summaries = summarise(
      outcomes, planned: [try OutcomeFixture.planned(deep, 5)], failed: [deep: 1])
    #expect(summaries.count == 1)
    let half = 12.706204736174694
    func metric(_ name: String, _ low: Double, scale: Double = 1) -> String {
      let mean = low + 1
      func text(_ number: Double) -> String { JSONValue.number(scale * number).compact }
      return """
        "\(name)":{"n":2,"mean":\(text(mean)),"sd":\(text(2.0.squareRoot())),\
        "ci95":[\(text(mean - half)),\(text(mean + half))],"sd_ci95":null,\
        "min":\(text(low)),"median":\(text(mean)),"max":\(text(low + 2))}
        """
    }
    // Measures that no run has keep their place.
    let none = (StudyMeasure.allCases.dropFirst().map(\.rawValue) + ["radius_ratio"]).map {
      """
      "\($0)":{"n":0,"mean":null,"sd":null,"ci95":null,"sd_ci95":null,"min":null,\
      "median":null,"max":null}
      """
    }
    // The half width is t₁(0.975) · √2 / √2, whose last digits depend on the route to it.
    let rounded = summaries[0].json.rounded.compact
    #expect(
      rounded
        == """
        {"architecture":"784-256-32-8-4","hidden":[256,32,8],"latent_dim":4,"sampling":true,\
        "epochs":1,"batch_size":128,"optimizer":"adam","learning_rate":0.001,"beta1":0.9,\
        "beta2":0.999,"epsilon":1e-8,"initializer":"glorot_uniform","activation":"relu",\
        "loss":"bce","kl_weight":1,"limit":null,"binarize":"none",\
        "kl_warmup":0,"kl_cycles":0,"free_bits":0,"schedule":null,"perturb":null,\
        "planned":5,"ok":2,"diverged":1,"failed":1,"missing":1,\
        \(metric("test_total_last5", 100)),\(metric("test_total", 100)),\
        \(metric("test_reconstruction", 95)),\
        "test_kl":{"n":2,"mean":5,"sd":0,"ci95":[5,5],"sd_ci95":null,"min":5,"median":5,"max":5},\
        \(metric("test_reconstruction_at_mean", 94)),\(metric("train_total", 99)),\
        \(metric("coverage", 100, scale: 0.001)),\(none.joined(separator: ",")),\
        "code_mean_largest":{"n":2,"mean":0,"sd":0,"ci95":[0,0],"sd_ci95":null,"min":0,"median":0,"max":0},\
        "code_variance_smallest":{"n":2,"mean":0.5055,"sd":\(0.0045 * 2.0.squareRoot()),\
        "ci95":[\(0.5055 - 0.0045 * half),\(0.5055 + 0.0045 * half)],"sd_ci95":null,\
        "min":0.501,"median":0.5055,"max":0.51},\
        "code_variance_largest":{"n":2,"mean":1.5,"sd":0,"ci95":[1.5,1.5],"sd_ci95":null,"min":1.5,"median":1.5,"max":1.5},\
        "collapsed":{"mean":1,"histogram":{"0":1,"2":1},\
        "any":{"share":0.5,"ci95":[0.094531205734231,0.905468794265769]}}}
        """.rounded)
  }

  @Test("knows no collapse without sampling, and keeps its shape without outcomes")
  func withoutSampling() throws {
    let plain = try OutcomeFixture.configuration("784-256-2", [.sampling: .bool(false)])
    let outcome = OutcomeFixture.ok(plain, seed: 0, total: 100, varMu: [0, 0])
    let summary = summarise([outcome], planned: [try OutcomeFixture.planned(plain, 1)])[0]
    #expect(summary.collapsed == nil)
    #expect(summary.json["collapsed"] == .null)
    let sampled = try OutcomeFixture.configuration("784-256-2")
    let empty = summarise([], planned: [try OutcomeFixture.planned(sampled, 3)])[0]
    #expect(empty.counts == PointCounts(planned: 3))
    #expect(empty.counts.missing == 3)
    #expect(
      empty.json["collapsed"]?.compact
        == #"{"mean":null,"histogram":{},"any":{"share":null,"ci95":null}}"#)
    #expect(empty.json["test_total"]?["mean"] == .null)
  }

  @Test("lists configurations as the sweep file does, others after them by their keys")
  func order() throws {
    let names = ["784-256-16", "784-256-2", "784-32-8", "784-256-4"]
    let all = try names.map { try OutcomeFixture.configuration($0) }
    let outcomes = all.reversed().map { OutcomeFixture.ok($0, seed: 0, total: 100) }
    let summaries = summarise(
      outcomes,
      planned: [try OutcomeFixture.planned(all[0], 1), try OutcomeFixture.planned(all[1], 1)])
    let listed = summaries.map { $0.members[0].value }
    #expect(
      listed == ["784-256-16", "784-256-2", "784-32-8", "784-256-4"].map(JSONValue.string))
    #expect(summaries.map(\.counts.missing) == [0, 0, 0, 0])
  }

  @Test("pools over what it is not grouped by, and says so")
  func groups() throws {
    var outcomes: [Outcome] = []
    var planned: [Grid.PlannedConfiguration] = []
    for (architecture, total) in [("784-256-2", 150.0), ("784-256-4", 120)] {
      for epochs in [1, 5] {
        let configuration = try OutcomeFixture.configuration(
          architecture, [.epochs: .int(epochs)])
        planned.append(try OutcomeFixture.planned(configuration, 2))
        outcomes.append(
          OutcomeFixture.ok(configuration, seed: 0, total: total - Double(epochs)))
      }
    }
    let byArchitecture = summarise(
      outcomes, planned: planned, by: try ConfigurationKey.list(parsing: "architecture"))
    #expect(byArchitecture.map(\.counts.ok) == [2, 2])
    #expect(byArchitecture.map(\.counts.planned) == [4, 4])
    #expect(byArchitecture.map { $0.metrics[.testTotal]?.mean } == [147, 117])
    #expect(
      byArchitecture[0].json.compact.hasPrefix(
        #"{"architecture":"784-256-2","pooled_over":{"epochs":[1,5]},"planned":4,"ok":2,"#))
    let byEpochs = summarise(
      outcomes, planned: planned, by: try ConfigurationKey.list(parsing: "epochs, loss"))
    #expect(
      byEpochs[1].json.compact.hasPrefix(
        #"{"epochs":5,"loss":"bce","pooled_over":{"architecture":["784-256-2","784-256-4"]},"#))
    let byHidden = summarise(
      outcomes, planned: planned, by: try ConfigurationKey.list(parsing: "hidden,epochs"))
    #expect(byHidden[0].pooledOver == [JSONValue.Member("latent_dim", [.int(2), .int(4)])])
  }

  @Test("has no interval over architectures of which one's runs are all of one draw")
  func pooledSingleDraw() throws {
    var outcomes: [Outcome] = []
    var planned: [Grid.PlannedConfiguration] = []
    for architecture in ["784-256-2", "784-256-4"] {
      for epochs in [1, 5] {
        let configuration = try OutcomeFixture.configuration(
          architecture, [.epochs: .int(epochs)])
        planned.append(try OutcomeFixture.planned(configuration, 2))
        outcomes.append(OutcomeFixture.ok(configuration, seed: 0, total: 100 + Double(epochs)))
        guard architecture == "784-256-4" else { continue }
        outcomes.append(OutcomeFixture.ok(configuration, seed: 1, total: 110 + Double(epochs)))
      }
    }
    let keys = try ConfigurationKey.list(parsing: "loss")
    let one = summarise(outcomes, planned: planned, by: keys)[0]
    #expect(one.metrics[.testTotal]?.n == 6)
    #expect(one.metrics[.testTotal]?.ci95 == nil)
    // Seeds 0 and 1 of an architecture by itself are two draws, whatever was trained of them.
    let two = summarise(
      outcomes, planned: planned, by: try ConfigurationKey.list(parsing: "architecture"))[1]
    #expect(two.metrics[.testTotal]?.n == 2)
    #expect(two.metrics[.testTotal]?.mean == 108)
    #expect(two.metrics[.testTotal]?.ci95 != nil)
  }

  @Test("counts collapse by the threshold that is asked for")
  func threshold() throws {
    let configuration = try OutcomeFixture.configuration("784-256-2")
    let outcome = OutcomeFixture.ok(configuration, seed: 0, total: 1, varMu: [0.02, 0.2])
    for (threshold, expected) in [(0.01, 0), (0.03, 1), (0.3, 2)] {
      let summary = summarise(
        [outcome], planned: [try OutcomeFixture.planned(configuration, 1)],
        collapseThreshold: threshold)[0]
      #expect(summary.collapsed?.histogram == [expected: 1])
    }
  }

  @Test(
    "refuses to group by what is no key of a configuration",
    arguments: ["seed", "", "a,b", "loss,loss"])
  func unknownKeys(text: String) {
    #expect(throws: InvalidValue.self) { try ConfigurationKey.list(parsing: text) }
  }
}

extension JSONValue {
  /// Numbers to ten digits.
  fileprivate var rounded: JSONValue {
    switch self {
    case .number(let number) where abs(number) > 1e-6:
      .number((number * 1e10).rounded() / 1e10)
    case .array(let elements): .array(elements.map(\.rounded))
    case .object(let members):
      .object(members.map { Member($0.name, $0.value.rounded) })
    default: self
    }
  }
}

extension String {
  /// The same for the numbers with more than ten decimals within a text.
  fileprivate var rounded: String {
    replacing(/-?\d+\.\d{11,}/) { match in
      JSONValue.number(((Double(match.output) ?? 0) * 1e10).rounded() / 1e10).compact
    }
  }
}

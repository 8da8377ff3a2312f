import Dataset
import Testing
import VAE

@Suite("A perturbation")
struct PerturbationTests {
  @Test("of a pixel that no image has changes one parameter by one unit, and nothing else")
  func unused() throws {
    let dark = try #require(
      (0..<784).first { pixel in
        let set = SyntheticImages.dataset(train: 200, test: 60)
        return (0..<200).allSatisfy { set.train.pixels[$0 * 784 + pixel] == 0 }
          && (0..<60).allSatisfy { set.test.pixels[$0 * 784 + pixel] == 0 }
      })
    let weight = dark * 24 + 5
    let plain = try RemedyTests.trainer([:])
    let perturbed = try RemedyTests.trainer([.perturb: .string("\(weight)@2")])
    let (first, second) = (plain.run { _ in true }, perturbed.run { _ in true })
    #expect(first?.history == second?.history)
    let (before, after) = (plain.state.tensors, perturbed.state.tensors)
    let changed = before.indices.filter { before[$0] != after[$0] }
    #expect(changed == [weight])
    #expect(after[weight] == before[weight].nextUp)
  }

  @Test("out of a run's reach is refused before it is trained", arguments: ["18816@0", "0@4"])
  func beyond(text: String) throws {
    let error = #expect(throws: InvalidValue.self) {
      try RemedyTests.trainer([.perturb: .string(text)])
    }
    #expect(
      error?.description == "perturb: \(text) is not accepted: it must be WEIGHT@EPOCH with a "
        + "weight below 18816 and an epoch below 4")
    _ = try RemedyTests.trainer([.perturb: .string("18815@3")])
  }

  @Test(
    "is read in one form",
    arguments: ["1", "@1", "1@", "-1@2", "+1@2", "1@2@3", "1@10000", "a@1", ""])
  func forms(text: String) throws {
    #expect(Perturbation(parsing: text) == nil)
    #expect(throws: InvalidValue.self) { try TrainKey.perturb.checked(.string(text)) }
    #expect(try TrainKey.perturb.checked(.string("007@03")) == .string("7@3"))
    #expect(try TrainKey.perturb.checked(.string("none")) == .null)
  }
}

@Suite("A schedule of the learning rate")
struct LearningRateScheduleTests {
  @Test("holds each factor from the start of its epoch on")
  func factors() throws {
    let schedule = try #require(LearningRateSchedule(parsing: "0.5@10  1e-1@20"))
    #expect(schedule.description == "0.5@10 0.1@20")
    #expect([0, 9, 10, 19, 20, 999].map(schedule.factor) == [1, 1, 0.5, 0.5, 0.1, 0.1])
  }

  @Test(
    "is refused in any other form",
    arguments: [
      "", "0.5", "0@1", "-1@1", "nan@1", "inf@1", "1@2 1@2", "1@3 1@2", "1@-1", "x@1", "0x1p-1@1",
      "1_0@1",
    ])
  func refused(text: String) {
    #expect(LearningRateSchedule(parsing: text) == nil)
    #expect(throws: InvalidValue.self) { try TrainKey.schedule.checked(.string(text)) }
  }

  @Test(
    "comes to no more than has a consequence in a run",
    arguments: [
      ("0.5@7", 2, nil), ("0.5@7", 7, nil), ("0.5@7", 8, "0.5@7"), ("1@0", 50, nil),
      ("1@0 1@4 0.5@9", 50, "0.5@9"), ("0.5@1 0.5@4 0.1@9", 50, "0.5@1 0.1@9"),
      ("0.5@1 1@4", 50, "0.5@1 1.0@4"), ("0.5@1 1@4", 4, "0.5@1"),
      ("0.3@10 0.1@15", 20, "0.3@10 0.1@15"),
    ] as [(String, Int, String?)])
  func effective(text: String, epochs: Int, expected: String?) throws {
    let schedule = try #require(LearningRateSchedule(parsing: text))
    let effective = schedule.effective(epochs: epochs)
    #expect(effective?.description == expected)
    for epoch in 0..<epochs {
      #expect(effective?.factor(epoch: epoch) ?? 1 == schedule.factor(epoch: epoch))
    }
    let value = try TrainKey.schedule.checked(.string(text))
    #expect(
      TrainKey.schedule.effective(value, epochs: epochs) == expected.map(ParameterValue.string)
        ?? .null)
  }

  @Test("leaves the learning rate in single precision, or is refused")
  func single() throws {
    func check(_ schedule: String, rate: Double = 0.001) throws {
      try Configuration(
        architecture: Architecture(parsing: "784-3-2"),
        [.schedule: .string(schedule), .learningRate: .double(rate)]
      ).requireInReach()
    }
    try check("0.5@10 1e-30@20")
    try check("1e30@0")
    for (wrong, rate) in [("0.5@10 1e-60@20", 0.001), ("1e300@0", 0.001), ("1e-30@0", 1e-30)] {
      #expect(throws: InvalidValue.self, "\(wrong)") { try check(wrong, rate: rate) }
    }
  }

  @Test("has one form, which makes one key")
  func canonical() throws {
    #expect(try TrainKey.schedule.checked(.string(" 0.50@1 2@3 ")) == .string("0.5@1 2.0@3"))
  }
}

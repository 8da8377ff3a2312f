import Dataset
import Testing
import VAE

@Suite("The state of a training run")
struct TrainerStateTests {
  struct Case: CustomStringConvertible, Sendable {
    let architecture: String
    let values: [TrainKey: ParameterValue]
    var description: String {
      architecture
        + values.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { " \($0.key.rawValue)=\($0.value)" }.joined()
    }
  }

  static let cases: [Case] =
    [("adam", true), ("adam", false), ("rmsprop", true), ("sgd", true)]
    .map { optimizer, sampling in
      Case(
        architecture: "784-24-8-2",
        values: [
          .optimizer: .string(optimizer), .sampling: .bool(sampling), .epochs: .int(4),
          .batchSize: .int(32), .learningRate: .double(0.001),
        ])
    } + [
      Case(
        architecture: "784-24-8-2",
        values: [
          .epochs: .int(4), .batchSize: .int(32), .klWarmup: .int(3), .klCycles: .int(2),
          .freeBits: .double(0.1), .schedule: .string("0.5@1 0.2@3"), .perturb: .string("9744@1"),
        ])
    ]

  private func trainer(_ `case`: Case, pictures: Bool = true) throws -> Trainer {
    let dataset = SyntheticImages.dataset(train: 200, test: 60)
    return try Trainer(
      configuration: Configuration(
        architecture: Architecture(parsing: `case`.architecture), `case`.values),
      seeds: Seeds(7), dataset: dataset,
      keeping: pictures ? ArtifactKind.allPictures : [])
  }

  /// Runs until `observe` was called `calls` times, and gives the state then; nil at the end.
  private func state(of trainer: Trainer, after calls: Int) -> TrainerState? {
    var count = 0
    var state: TrainerState?
    _ = trainer.run { _ in
      count += 1
      guard count == calls else { return true }
      state = trainer.state
      return false
    }
    return state
  }

  @Test("gone on from at any batch ends in the same bits, pictures and all", arguments: cases)
  func resumed(which: Case) throws {
    let whole = try trainer(which)
    var calls = 0
    let expected = whole.run { _ in
      calls += 1
      return true
    }
    let result = try #require(expected)
    #expect(calls > 12)
    // In the first epoch, within and between epochs, and in the last evaluation.
    for call in Set([1, 3, calls / 3, calls / 2, calls - 1, calls]).sorted() {
      guard let state = state(of: try trainer(which), after: call), state.step > 0 else {
        continue
      }
      let read = try #require(TrainerState(data: state.data))
      #expect(read == state)
      let second = try trainer(which)
      try second.restore(read)
      let resumed = second.run { _ in true }
      #expect(resumed == result, "after call \(call) of \(calls), step \(state.step)")
      #expect(second.artifacts == whole.artifacts)
      #expect(second.imagesTrained == whole.imagesTrained)
    }
  }

  @Test("gone on from again and again ends in the same bits")
  func often() throws {
    let which = Self.cases[0]
    let expected = try trainer(which).run { _ in true }
    var state: TrainerState?
    var result: TrainingResult?
    var rounds = 0
    while result == nil, rounds < 200 {
      rounds += 1
      let trainer = try trainer(which)
      if let state { try trainer.restore(state) }
      let before = state?.step ?? 0
      #expect(trainer.resumedAt == before)
      var isEvaluating = 0
      result = trainer.run { progress in
        // Far enough to get anywhere: past one step, or through one evaluation.
        isEvaluating += 1
        return progress.step == before || isEvaluating < 3
      }
      if result == nil { state = trainer.state }
    }
    #expect(rounds > 3)
    #expect(result == expected)
  }

  @Test("of another run is refused, and changes nothing")
  func refused() throws {
    let which = Self.cases[0]
    let state = try #require(state(of: try trainer(which), after: 9))
    var wrong: [TrainerState] = []
    var other = state
    other.tensors.removeLast()
    wrong.append(other)
    other = state
    other.step += 1
    wrong.append(other)
    other = state
    other.image += 1
    wrong.append(other)
    other = state
    other.epoch = 100
    wrong.append(other)
    other = state
    other.history = []
    other.epoch = max(1, state.epoch)
    wrong.append(other)
    other = state
    other.captured.digits.mu.append(0)
    wrong.append(other)
    let trainer = try trainer(which)
    for state in wrong {
      #expect(throws: InvalidValue.self) { try trainer.restore(state) }
    }
    #expect(trainer.resumedAt == 0)
    #expect(trainer.run { _ in true } == (try self.trainer(which).run { _ in true }))
  }
}

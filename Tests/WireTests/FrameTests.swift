import Sweep
import TestSupport
import Testing
import VAE
import Wire

@Suite("Frames")
struct FrameTests {
  @Test("bring every message of every channel back as it was sent, in its envelope")
  func roundTrips() throws {
    func check<Message: Channel>(_ envelopes: [Envelope<Message>]) throws {
      for envelope in envelopes {
        let frame = try Frame.encode(envelope)
        #expect(try Frame.decode(frame) == [envelope])
        let again = try frame.withUnsafeBytes { try Frame.decode($0, as: Message.self) }
        #expect(again == [envelope])
      }
    }
    try check(Samples.toCoordinator())
    try check(Samples.toWorker())
    try check(Samples.toOperator())
    try check(Samples.toTrainer())
    try check(Samples.fromTrainer())
  }

  @Test("that tell where a trainer went on from end no training, whatever they tell")
  func resumedBeyond() throws {
    for (told, meant) in [(9, 4), (4, 4), (0, 0), (nil, nil)] as [(Int?, Int?)] {
      let progress = AttemptProgress(step: 4, steps: 5, epoch: 1, resumedAt: told)
      let frame = try Frame.encode(FromTrainer.progress(TrainerProgress(progress: progress)))
      let read = try Frame.decode(frame, as: FromTrainer.self)
      guard case .progress(let found)? = read.first?.message else {
        Issue.record("no progress")
        continue
      }
      #expect(found.progress.resumedAt == meant)
    }
  }

  @Test("of one channel are no messages of another, but for a refusal, which all can read")
  func channels() throws {
    func check<Message: Channel, Other: Channel>(
      _ envelopes: [Envelope<Message>], as other: Other.Type
    ) throws {
      for envelope in envelopes {
        let frame = try Frame.encode(envelope)
        #expect(throws: WireError.unknownMessage) { try Frame.decode(frame, as: other) }
      }
    }
    try check(Samples.toCoordinator(), as: ToWorker.self)
    try check(Samples.toWorker(), as: ToCoordinator.self)
    try check(Samples.fromTrainer(), as: ToCoordinator.self)
    try check(Samples.toTrainer(), as: FromTrainer.self)
    try check(Samples.fromTrainer(), as: ToTrainer.self)
    try check(Samples.toOperator(), as: ToCoordinator.self)
    let refusal = Refusal(reason: "another version")
    let frame = try Frame.encode(ToWorker.refusal(refusal))
    #expect(try Frame.decode(frame) == [Envelope(ToOperator.refusal(refusal))])
  }

  @Test("bring many messages back in their order, in few frames of bounded size")
  func bundles() throws {
    let messages = try Samples.toCoordinator()
    let many = Array(repeatElement(messages, count: 20).joined())
    let frames = try Frame.encode(all: many)
    #expect(frames.count < many.count / 2)
    #expect(frames.allSatisfy { $0.count <= Frame.largest })
    #expect(try frames.flatMap { try Frame.decode($0) } == many)
    #expect(try Frame.encode(all: [Envelope<ToWorker>]()).isEmpty)
  }

  @Test("start with the version, two bytes big-endian")
  func header() throws {
    let frame = try Frame.encode(ToCoordinator.worker(.goodbye))
    #expect(Array(frame.prefix(2)) == [0, 2])
  }

  @Test("keep every bit of a diverged history: NaN payloads, infinities, minus zero")
  func nonFinite() throws {
    let outcome = Samples.diverged(try Samples.point())
    let frame = try Frame.encode(
      FromTrainer.outcome(TrainerOutcome(outcome: outcome, receipt: Samples.receipt)))
    guard case .outcome(let read)? = try Frame.decode(frame, as: FromTrainer.self).first?.message
    else {
      Issue.record("another message came back")
      return
    }
    func bits(_ outcome: Outcome) -> [UInt64] {
      outcome.result.history.flatMap {
        [
          $0.trainRunningTotal, $0.test.reconstruction, $0.test.kl, $0.test.total,
          $0.testReconstructionAtMean,
        ].map(\.bitPattern)
      }
    }
    #expect(bits(read.outcome) == bits(outcome))
    #expect(read.outcome.resultDigest == outcome.resultDigest)
    #expect(read.outcome.divergedEpoch == 1)

    let completed = Samples.completed(try Samples.point())
    let again = try Frame.decode(
      Frame.encode(
        FromTrainer.outcome(TrainerOutcome(outcome: completed, receipt: Samples.receipt))),
      as: FromTrainer.self)
    guard case .outcome(let ok)? = again.first?.message else {
      Issue.record("another message came back")
      return
    }
    #expect(ok.outcome.measurements?.latents.first?.gain.sign == .minus)
  }

  @Test("of another version are told apart before anything else is read")
  func version() throws {
    let expected = WireError.version(theirs: 0x0203, ours: 2)
    #expect(throws: expected) { try Frame.decode([2, 3, 0xff, 0xff], as: ToWorker.self) }
    #expect(
      expected.description
        == "the other side speaks protocol version 515 and this one 2: "
        + "run the same vaesweep on every host")
  }

  @Test("hold the largest outcome that a point may have")
  func largest() throws {
    let point = try Samples.point(
      "784-1-\(Architecture.maxLatentDim)", [.epochs: .int(Configuration.maxEpochs)])
    let outcome = Samples.completed(point)
    let record = try #require(outcome.result.history.first)
    var result = outcome.result
    result.history = (1...Configuration.maxEpochs).map { epoch in
      var next = record
      next.epoch = epoch
      return next
    }
    let long = Outcome(key: outcome.key, point: point, result: result)
    let message = FromTrainer.outcome(TrainerOutcome(outcome: long, receipt: Samples.receipt))
    #expect(try Frame.decode(try Frame.encode(message)) == [Envelope(message)])
  }

  @Test("above a mebibyte are refused both ways")
  func oversize() throws {
    let bytes = [UInt8](repeating: 0, count: Frame.largest + 1)
    #expect(throws: WireError.oversize(bytes: Frame.largest + 1)) {
      try Frame.decode(bytes, as: ToWorker.self)
    }

    let point = try Samples.point("784-256-2", [.epochs: .int(Configuration.maxEpochs)])
    let outcome = Samples.completed(point)
    let record = try #require(outcome.result.history.first)
    var result = outcome.result
    result.history = (1...40_000).map { epoch in
      var next = record
      next.epoch = epoch
      return next
    }
    let long = Outcome(key: outcome.key, point: outcome.point, result: result)
    let error = #expect(throws: WireError.self) {
      try Frame.encode(
        FromTrainer.outcome(TrainerOutcome(outcome: long, receipt: Samples.receipt)))
    }
    guard case .oversize(let bytes) = error else {
      Issue.record("refused for another reason")
      return
    }
    #expect(bytes > Frame.largest)
  }

  @Test("never trap a reader, whatever their bytes: 20,000 random or mutated ones")
  func noise() throws {
    var random = SeededGenerator(seed: 20_251_123)
    let frames = try Samples.toCoordinator().map { try Frame.encode($0) }
      .filter { $0.count < 10_000 }
    var accepted = 0
    var refused = 0
    for round in 0..<20_000 {
      var bytes: [UInt8]
      if round % 4 == 0 {
        bytes =
          [0, 2]
          + (0..<Int.random(in: 0...200, using: &random)).map { _ in
            UInt8.random(in: .min ... .max, using: &random)
          }
      } else {
        bytes = try #require(frames.randomElement(using: &random))
        mutate(&bytes, &random)
      }
      do {
        let messages = try Frame.decode(bytes, as: ToCoordinator.self)
        accepted += 1
        // What was accepted can be sent on.
        _ = try Frame.encode(all: messages)
      } catch {
        refused += 1
        #expect(!error.description.contains("\n"))
        #expect(error.description.utf8.count < 2000)
      }
    }
    #expect(accepted > 500)
    #expect(refused > 5_000)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = .random(in: .min ... .max, using: &random)
      case 2: bytes.insert(.random(in: .min ... .max, using: &random), at: place)
      case 3: bytes.remove(at: place)
      default: bytes.removeLast(bytes.count - place)
      }
    }
  }
}

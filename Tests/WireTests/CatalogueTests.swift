import Sweep
import TestSupport
import Testing
import VAE
import Wire

@Suite("Train keys and measures travel by their names")
struct CatalogueTests {
  private func frame(_ outcome: Outcome) throws -> [UInt8] {
    try Frame.encode(
      FromTrainer.outcome(TrainerOutcome(outcome: outcome, receipt: Samples.receipt)))
  }

  private func outcome(in frame: [UInt8]) throws -> Outcome? {
    guard case .outcome(let message)? = try Frame.decode(frame, as: FromTrainer.self).first?.message
    else { return nil }
    return message.outcome
  }

  @Test("so that one added later needs no field of its own")
  func later() throws {
    try Later.inForce {
      let point = try Samples.point("784-256-2", [Later.decay: .double(0.5), .epochs: .int(3)])
      var sample = Samples.completed(point)
      #expect(sample.measurements?.study[Later.measure] != nil)
      #expect(sample.measurements?.study[Later.optional] != nil)
      let read = try outcome(in: frame(sample))
      #expect(read == sample)
      #expect(read?.resultVersion == 2)
      // One that lacks the key is of the time before: the key is at its default.
      sample = Samples.completed(try Samples.point())
      let old = try Later.before { try frame(Samples.completed(Samples.point())) }
      let taken = try #require(try outcome(in: old))
      #expect(taken.point == sample.point)
      #expect(taken.key == sample.key)
      #expect(taken.resultVersion == 1)
    }
  }

  @Test("and what this version does not know is refused, not dropped")
  func unknown() throws {
    let (measured, trained) = try Later.inForce {
      (
        try frame(Samples.completed(Samples.point())),
        try Frame.encode(
          ToWorker.grant(
            Grant(
              attempt: Samples.attempt,
              key: PointKey(Digest(of: "a key")),
              point: Samples.point("784-256-2", [Later.decay: .double(0.5)]))))
      )
    }
    let measure = #expect(throws: WireError.self) {
      try Frame.decode(measured, as: FromTrainer.self)
    }
    #expect(
      measure?.description.contains("unknown train key 'later_decay'") == true
        || measure?.description.contains("'later_measure'") == true)
    let key = #expect(throws: WireError.self) {
      try Frame.decode(trained, as: ToWorker.self)
    }
    #expect(key?.description == "a frame's point has an unknown train key 'later_decay'")
  }
}

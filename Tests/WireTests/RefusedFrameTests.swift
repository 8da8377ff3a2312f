import Sweep
import Testing
import VAE
import Wire

/// Frames written by hand, field by field, since our own encoder would not write them.
@Suite("A frame is refused")
struct RefusedFrameTests {
  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var channel: any Channel.Type = ToCoordinator.self
    var bytes: [UInt8]
    var line: String
  }

  static let cases: [Case] = [
    Case(description: "when empty", bytes: [], line: "not a vaesweep frame: it has 0 bytes"),
    Case(description: "of one byte", bytes: [0], line: "not a vaesweep frame: it has 1 bytes"),
    Case(
      description: "without a message", bytes: [0, 2],
      line: "not a vaesweep frame: it holds no message that this version knows"),
    Case(
      description: "with an unknown message", bytes: frame(900, []),
      line: "not a vaesweep frame: it holds no message that this version knows"),
    Case(
      description: "that is not protobuf", bytes: [0, 2, 0xff, 0xff, 0xff],
      line: "not a vaesweep frame: its protobuf part cannot be read"),
    Case(
      description: "with text that is not UTF-8", channel: ToWorker.self,
      bytes: frame(60, bytes(1, [0xff, 0xfe])),
      line: "not a vaesweep frame: its protobuf part cannot be read"),
    Case(
      description: "with a terminal escape in a line", channel: ToWorker.self,
      bytes: frame(60, text(1, "a\u{1b}[2J")),
      line: "a frame's reason contains control characters"),
    Case(
      description: "with an endless line", channel: ToWorker.self,
      bytes: frame(60, text(1, String(repeating: "a", count: 5000))),
      line: "a frame's reason is longer than 4096 bytes"),
    Case(
      description: "with an attempt of epoch 0", channel: ToWorker.self,
      bytes: frame(64, bytes(1, varint(2, 5))),
      line: "a frame's attempt is 0.5, out of range"),
    Case(
      description: "with an attempt beyond a signed number", channel: ToWorker.self,
      bytes: frame(64, bytes(1, varint(1, 1) + varint(2, .max))),
      line: "a frame's attempt is 1.18446744073709551615, out of range"),
    Case(
      description: "with a step beyond its steps", channel: FromTrainer.self,
      bytes: frame(121, bytes(1, varint(1, 6) + varint(2, 5))),
      line: "a frame's step is 6, out of range"),
    // NaN, as eight bytes from the lowest.
    Case(
      description: "with a loss that is no number", channel: FromTrainer.self,
      bytes: frame(
        121,
        bytes(
          1,
          varint(2, 5)
            + bytes(5, varint(1, 1) + number(2 << 3 | 1) + [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]))),
      line: "a frame's test total is not a finite number"),
    Case(
      description: "with the loss of an epoch 0", channel: FromTrainer.self,
      bytes: frame(121, bytes(1, varint(2, 5) + bytes(5, varint(1, 0)))),
      line: "a frame's epoch is 0, out of range"),
    Case(
      description: "with a digest that is not one", bytes: frame(17, text(1, "../../etc/passwd")),
      line: "a frame's blob digest is not a SHA-256 in lower-case hexadecimal"),
    Case(
      description: "with a chunk beyond its blob",
      bytes: frame(18, text(1, hex) + varint(2, 8) + varint(3, 9) + bytes(4, [1, 2])),
      line: "a frame's blob chunk has 2 bytes, more than it may"),
    Case(
      description: "with a chunk at an offset beyond its blob",
      bytes: frame(18, text(1, hex) + varint(2, .max) + varint(3, 9)),
      line: "a frame's offset is 18446744073709551615, out of range"),
    Case(
      description: "with an unknown kind of artifact", channel: FromTrainer.self,
      bytes: frame(122, text(1, "film") + piece),
      line: "a frame's artifact is not a kind of artifact: 'film'"),
    Case(
      description: "with an artifact above the limit of a point",
      bytes: frame(12, bytes(3, artifact(size: (1 << 20) + 1))),
      line: "a frame's artifact size is 1048577, out of range"),
    Case(
      description: "with an artifact of no bytes",
      bytes: frame(12, bytes(3, artifact(size: 0))),
      line: "a frame's artifact size is 0, out of range"),
    Case(
      description: "with more artifacts than are named at once",
      bytes: frame(12, (0...1000).flatMap { _ in bytes(3, artifact(size: 9)) }),
      line: "a frame's list of artifacts has 1001 entries, more than 1000"),
    Case(
      description: "with a piece beyond its artifact", channel: FromTrainer.self,
      bytes: frame(122, text(1, "codes") + varint(2, 8) + varint(3, 9) + bytes(4, [1, 2])),
      line: "a frame's artifact piece has 2 bytes, which it may not"),
    Case(
      description: "with an empty piece", channel: FromTrainer.self,
      bytes: frame(122, text(1, "codes") + varint(3, 9)),
      line: "a frame's artifact piece has 0 bytes, which it may not"),
    Case(
      description: "with no slots",
      bytes: frame(10, text(1, "1") + text(3, "h") + varint(7, 1)),
      line: "a frame's number of slots is 0, out of range"),
    Case(
      description: "with a key of 31 bytes",
      bytes: frame(20, bytes(1, [UInt8](repeating: 7, count: 31)) + text(2, "h")),
      line: "a frame's key has 31 bytes, not 32"),
    Case(
      description: "with a guest from nowhere",
      bytes: frame(20, bytes(1, [UInt8](repeating: 7, count: 32))),
      line: "a frame's host is empty"),
    Case(
      description: "with an answer to an invitation that says nothing", channel: ToWorker.self,
      bytes: frame(71, []),
      line: "not a vaesweep frame: it holds no message that this version knows"),
    Case(
      description: "with a failure without a reason",
      bytes: frame(14, bytes(1, varint(1, 1)) + text(2, hex)),
      line: "a frame's failure has no reason"),
    Case(
      description: "with a point of no layers", channel: ToWorker.self,
      bytes: grant(varint(2, 2)),
      line: "a frame's point has hidden: [] is not accepted: it must be "
        + "1 to 16 layer widths, each from 1 to 16384"),
    Case(
      description: "with an unknown train key", channel: ToWorker.self,
      bytes: grant(shape + bytes(3, text(1, "speed") + varint(3, 2))),
      line: "a frame's point has an unknown train key 'speed'"),
    Case(
      description: "with a train key named twice", channel: ToWorker.self,
      bytes: grant(
        shape + bytes(3, text(1, "epochs") + varint(3, 2))
          + bytes(3, text(1, "epochs") + varint(3, 2))),
      line: "a frame's point names 'epochs' twice"),
    Case(
      description: "with a train key without a value", channel: ToWorker.self,
      bytes: grant(shape + bytes(3, text(1, "epochs"))),
      line: "a frame's point has no value for 'epochs'"),
    Case(
      description: "with a value out of range", channel: ToWorker.self,
      bytes: grant(shape + bytes(3, text(1, "epochs") + varint(3, 1))),
      line: "a frame's point has epochs: -1 is not accepted: it must be "
        + "a whole number from 1 to 10000"),
    Case(
      description: "with train keys left to their defaults", channel: ToWorker.self,
      bytes: grant(shape + bytes(3, text(1, "epochs") + varint(3, 4))),
      line: "a frame's point does not name exactly the train keys that apply"),
  ]

  @Test("with one clear line", arguments: cases)
  func refused(case: Case) {
    let error = #expect(throws: WireError.self) { try Self.read(`case`.channel, `case`.bytes) }
    #expect(error?.description == `case`.line)
  }

  @Test("when its outcome contradicts itself or its point")
  func outcomes() throws {
    let point = try Samples.point("784-256-2", [.epochs: .int(3)])
    let good = Samples.completed(point)
    let measurements = try #require(good.measurements)
    func refusal(_ change: (inout TrainingResult) -> Void) throws -> String? {
      var result = good.result
      change(&result)
      let outcome = Outcome(key: good.key, point: point, result: result)
      let frame = try Frame.encode(
        FromTrainer.outcome(TrainerOutcome(outcome: outcome, receipt: Samples.receipt)))
      return #expect(throws: WireError.self) {
        try Frame.decode(frame, as: FromTrainer.self)
      }?.description
    }
    func completed(_ change: (inout FinalMeasurements) -> Void) throws -> String? {
      try refusal { result in
        var changed = measurements
        change(&changed)
        result.ending = .completed(changed)
      }
    }
    let order = "a frame's history is not one record per epoch, in order"
    #expect(try refusal { $0.history.swapAt(0, 1) } == order)
    #expect(try refusal { $0.history.removeFirst() } == order)
    #expect(
      try refusal { $0.history.append($0.history[0]) }
        == "a frame's history has 4 entries, more than 3")
    #expect(
      try refusal { $0.ending = .diverged(epoch: 4) }
        == "a frame's diverged epoch is 4, out of range")
    #expect(
      try refusal { $0.ending = .diverged(epoch: 0) }
        == "a frame's outcome is neither completed nor diverged, or claims to be both")
    #expect(
      try completed { $0.latents.removeLast() }
        == "a frame's latents are 1 where the point has 2")
    #expect(
      try completed { $0.latents[0].meanSigma2 = nil }
        == "a frame's latents have a negative variance, or σ² where nothing is sampled")
    #expect(
      try completed { $0.latents[0].varMu = -1 }
        == "a frame's latents have a negative variance, or σ² where nothing is sampled")
    #expect(
      try completed { $0.study[.radiusAfter5] = 0.5 }
        == "a frame's radius_after_5 is 0.5 where the point can have no such value")
    #expect(
      try completed { $0.study[.generationDensityFitted] = 1 }
        == "a frame's generation_density_fitted is 1.0 where the point can have no such value")
    #expect(
      try completed { $0.deadUnits[1].layer = "encoder_1" }
        == "a frame's dead units name a layer twice")
    #expect(
      try completed { $0.digest = "none" }
        == "a frame's digest is not a SHA-256 in lower-case hexadecimal")
  }

  @Test("when it asks for a picture twice")
  func doubledArtifact() throws {
    let point = try Samples.point()
    let key = point.key(dataset: Samples.dataset, trainerVersion: 1)
    let grant = Grant(attempt: Samples.attempt, key: key, point: point, artifacts: [.codes])
    // A body that comes in two parts is one body.
    let body =
      try ToWorker.write(Envelope(.grant(grant))) + Self.bytes(62, Self.text(4, "codes"))
    let error = #expect(throws: WireError.self) { try ToWorker.read(body) }
    #expect(error?.description == "a frame's list of artifacts names codes twice")
  }

  @Test("but a line of our own is cleaned before it is sent")
  func cleaned() throws {
    func cleaned(_ text: String) throws -> String? {
      let frame = try Frame.encode(ToOperator.refusal(Refusal(reason: text)))
      guard
        case .refusal(let refusal)? = try Frame.decode(frame, as: ToOperator.self).first?.message
      else { return nil }
      return refusal.reason
    }
    #expect(try cleaned("one\ntwo\u{1b}") == "one two ")
    #expect(
      try cleaned(String(repeating: "é", count: 4000)) == String(repeating: "é", count: 2048))
  }

  private static func read<Message: Channel>(
    _ channel: Message.Type, _ bytes: [UInt8]
  ) throws(WireError) {
    _ = try Frame.decode(bytes, as: channel)
  }

  // MARK: Protobuf by hand

  private static let hex = String(repeating: "ab", count: 32)
  private static let piece = varint(3, 9) + bytes(4, [1])
  private static func artifact(size: UInt64) -> [UInt8] {
    bytes(1, varint(1, 1)) + text(2, hex) + text(3, "codes") + text(4, hex) + varint(5, size)
  }
  private static let shape = varint(1, 256) + varint(2, 2)

  private static func frame(_ field: UInt64, _ body: [UInt8]) -> [UInt8] {
    [0, 2] + bytes(1, bytes(field, body))
  }

  private static func grant(_ point: [UInt8]) -> [UInt8] {
    frame(62, bytes(1, varint(1, 1)) + text(2, hex) + bytes(3, point))
  }

  private static func varint(_ field: UInt64, _ value: UInt64) -> [UInt8] {
    number(field << 3) + number(value)
  }

  private static func bytes(_ field: UInt64, _ body: [UInt8]) -> [UInt8] {
    number(field << 3 | 2) + number(UInt64(body.count)) + body
  }

  private static func text(_ field: UInt64, _ text: String) -> [UInt8] {
    bytes(field, Array(text.utf8))
  }

  private static func number(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

import Sweep
import Testing
import VAE

@Suite("A checkpoint's bytes")
struct CheckpointCodingTests {
  private static let key = PointKey(Digest(of: "a point"))

  private static func checkpoint() -> Checkpoint {
    let loss = LossTerms(reconstruction: 100.5, kl: .nan, total: -.infinity)
    let record = EpochRecord(
      epoch: 1, trainRunningTotal: 3, test: loss, testReconstructionAtMean: 0)
    var state = TrainerState(
      epoch: 1, image: 64, step: 9, loss: 12.25, history: [record], captured: CapturedState(),
      tensors: (0..<500).map { Float($0) / 3 }, imagesTrained: 999, trainingSeconds: 1.5)
    state.captured.radiusStart = 0.75
    return Checkpoint(
      key: key, attempt: AttemptID(epoch: 3, counter: 4), fingerprint: "fingerprint",
      trainerVersion: 1, state: state)
  }

  @Test("bring it back as it was")
  func roundTrip() throws {
    let data = Self.checkpoint().data
    let read = try Checkpoint(decoding: data)
    #expect(read.data == data)
    #expect(read.attempt == AttemptID(epoch: 3, counter: 4))
    #expect(read.state.tensors == Self.checkpoint().state.tensors)
    try read.require(key: Self.key, fingerprint: "fingerprint", trainerVersion: 1)
  }

  @Test("are refused with one bit changed, wherever it is, and cut short at any length")
  func damaged() throws {
    let data = Self.checkpoint().data
    for place in data.indices {
      var bytes = data
      bytes[place] ^= 1 << UInt8(place % 8)
      #expect(throws: CheckpointError.self) { try Checkpoint(decoding: bytes) }
    }
    for length in data.indices {
      #expect(throws: CheckpointError.self) { try Checkpoint(decoding: Array(data[..<length])) }
    }
    #expect(throws: CheckpointError.self) { try Checkpoint(decoding: data + [0]) }
  }

  @Test("are refused though their sum is right, where their contents are not")
  func forged() throws {
    let data = Self.checkpoint().data
    let body = Array(data.dropLast(64))
    func sealed(_ bytes: [UInt8]) -> [UInt8] { bytes + Array(Digest(of: bytes).hex.utf8) }
    #expect(throws: Never.self) { try Checkpoint(decoding: sealed(body)) }
    var state: UInt64 = 20_261_125
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    // Any bytes at all: read or refused, never a trap, and never other bytes than were read.
    for _ in 0..<5_000 {
      var bytes = body
      for _ in 0...random(3) { bytes[random(bytes.count)] = UInt8(random(256)) }
      if random(2) == 0 { bytes.removeLast(random(100)) }
      if let read = try? Checkpoint(decoding: sealed(bytes)) {
        #expect(read.data == sealed(bytes))
      }
    }
  }

  @Test(
    "serve one point, one fingerprint and one trainer version",
    arguments: ["key", "fingerprint", "version"])
  func requirements(what: String) {
    let checkpoint = Self.checkpoint()
    #expect(throws: CheckpointError.self) {
      try checkpoint.require(
        key: what == "key" ? PointKey(Digest(of: "another")) : Self.key,
        fingerprint: what == "fingerprint" ? "another" : "fingerprint",
        trainerVersion: what == "version" ? 2 : 1)
    }
  }
}

import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("Blobs that a coordinator pulls")
struct BlobIntakeTests {
  private let first = SessionID(1)
  private let second = SessionID(2)

  private func artifact(_ name: String, size: Int = 20_000) -> HeldArtifact {
    HeldArtifact(
      attempt: AttemptID(epoch: 1, counter: 1), key: PointKey(Digest(of: name)), kind: .codes,
      digest: Digest(of: name), size: size)
  }

  private func checkpoint(_ name: String, size: Int) -> OfferedCheckpoint {
    OfferedCheckpoint(
      attempt: AttemptID(epoch: 1, counter: 1), key: PointKey(Digest(of: name)),
      reference: CheckpointReference(
        digest: Digest(of: name), size: size, step: 1, fingerprint: "f"))
  }

  @Test("come one at a time from each worker, two requests under way, whatever they are for")
  func one() {
    var intake = BlobIntake()
    let artifact = artifact("a")
    let checkpoint = checkpoint("b", size: 9000)
    intake.want(.artifact(artifact), from: first)
    intake.want(.artifact(artifact), from: first)
    intake.want(.checkpoint(checkpoint), from: first)
    intake.want(.checkpoint(checkpoint), from: second)
    var (requests, givenUp) = intake.attend(at: .zero)
    #expect(givenUp.isEmpty)
    #expect(
      requests.filter { $0.session == first }.map(\.request.digest) == [
        artifact.digest, artifact.digest,
      ])
    #expect(
      requests.filter { $0.session == second }.map(\.request.digest).allSatisfy {
        $0 == checkpoint.reference.digest
      })
    let data = [UInt8](repeating: 7, count: artifact.size)
    var waiting = requests.filter { $0.session == first }.map(\.request)
    var whole: (BlobIntake.Purpose, [UInt8])?
    while let request = waiting.first {
      waiting.removeFirst()
      guard let chunk = BlobChunk(of: data, for: request) else { break }
      switch intake.receive(chunk, from: first, at: .zero) {
      case .more(let more): waiting += more
      case .whole(let purpose, let bytes): whole = (purpose, bytes)
      case .stray, .contradicts: Issue.record("a piece was not taken")
      }
    }
    #expect(whole?.0 == .artifact(artifact))
    #expect(whole?.1 == data)
    (requests, givenUp) = intake.attend(at: .zero)
    #expect(requests.allSatisfy { $0.request.digest == checkpoint.reference.digest })
    #expect(requests.first?.session == first)
    #expect(givenUp.isEmpty)
  }

  @Test("are asked for again fifteen times and then given up")
  func givenUp() {
    var intake = BlobIntake()
    let artifact = artifact("a")
    intake.want(.artifact(artifact), from: first)
    _ = intake.attend(at: .zero)
    var now = Duration.zero
    for _ in 0..<BlobPull.maxWaits {
      now += BlobPull.patience
      let (requests, givenUp) = intake.attend(at: now)
      #expect(requests.count == 2)
      #expect(givenUp.isEmpty)
    }
    let (requests, givenUp) = intake.attend(at: now + BlobPull.patience)
    #expect(requests.isEmpty)
    #expect(givenUp.map(\.purpose) == [.artifact(artifact)])
    #expect(intake.isIdle)
  }

  @Test(
    "of another size than was said are told apart from strays, and what is not wanted is dropped")
  func contradictions() {
    var intake = BlobIntake()
    let artifact = artifact("a")
    intake.want(.artifact(artifact), from: first)
    _ = intake.attend(at: .zero)
    let stray = BlobChunk(digest: Digest(of: "other"), offset: 0, size: 3, data: [1])
    guard case .stray = intake.receive(stray, from: first, at: .zero) else {
      Issue.record("a stray piece was taken")
      return
    }
    let wrong = BlobChunk(digest: artifact.digest, offset: 0, size: 3, data: [1])
    guard case .contradicts(.artifact(artifact)) = intake.receive(wrong, from: first, at: .zero)
    else {
      Issue.record("a piece of another size was taken")
      return
    }
    intake.want(.artifact(artifact), from: first)
    intake.want(.artifact(self.artifact("b")), from: first)
    intake.drop(of: first) { $0 == .artifact(artifact) }
    #expect(intake.attend(at: .zero).requests.first?.request.digest == Digest(of: "b"))
  }

  @Test("are bounded: bytes under way and names that wait")
  func bounded() {
    var intake = BlobIntake()
    for session in 1...3 as ClosedRange<UInt64> {
      let big = checkpoint("\(session)", size: BlobIntake.maxBytes / 2)
      intake.want(.checkpoint(big), from: SessionID(session))
    }
    let sessions = Set(intake.attend(at: .zero).requests.map(\.session))
    #expect(sessions.count == 2)
    var taken = 0
    for number in 0..<1000
    where intake.want(.artifact(artifact("\(number)")), from: first) {
      taken += 1
    }
    #expect(taken == 64)
  }
}

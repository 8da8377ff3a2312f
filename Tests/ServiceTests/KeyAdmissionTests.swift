import Coordinator
import Keyring
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@Suite("The door of a coordinator with keys")
struct KeyAdmissionTests {
  /// A clock that a test sets.
  private final class Clock: Sendable {
    private let start = ContinuousClock.now
    private let elapsed = Mutex(Duration.zero)
    var now: ContinuousClock.Instant { start + elapsed.withLock { $0 } }
    func pass(_ time: Duration) { elapsed.withLock { $0 += time } }
  }

  private let folder: TemporaryFolder
  private let keys: KeyFolder
  private let clock = Clock()
  private let lines = LoggedLines()
  private let admission: KeyAdmission

  init() throws {
    folder = try TemporaryFolder()
    keys = KeyFolder(explicit: folder["keys"], environment: [:])
    let clock = clock
    admission = KeyAdmission(
      try LiveKeys(keys), logger: lines.logger, now: { clock.now },
      approval: { "approve \($0) \($1)" })
  }

  private func key(_ number: Int) throws -> CurvePublicKey {
    let bytes = (0..<32).map { UInt8(truncatingIfNeeded: number >> (8 * ($0 % 8))) }
    return try #require(CurvePublicKey(bytes))
  }

  private func invite(for seconds: Int = 60) throws -> Invitation {
    try keys.invite(to: .anyLoopbackPort, uses: 2, expires: 1000 + seconds, at: 1000).invitation
  }

  private func isAdmitted(_ key: CurvePublicKey, from address: String = "10.0.0.1") -> Bool {
    if case .admit = admission.admission(of: key, from: address) { true } else { false }
  }

  @Test("lets the holder of an invitation in under its hash, also to be told that it is closed")
  func invited() throws {
    let invitation = try invite()
    let admitted = Admission.admit(UserID(invitation.hash))
    let key = invitation.pair.publicKey
    #expect(admission.admission(of: key, from: "10.0.0.1") == admitted)
    _ = try keys.revokeInvitations(.all, at: 1000)
    #expect(admission.admission(of: key, from: "10.0.0.1") == admitted)
    #expect(admission.refusals == 0)
    #expect(lines.all.isEmpty)
    try folder.write([], to: "keys/invitations")
    #expect(!isAdmitted(key))
    #expect(admission.refusals == 1)
  }

  @Test("looks at 64 strange keys of an address in a minute, and refuses the rest unseen")
  func guesses() throws {
    let known = try key(1_000_000)
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(known, role: .worker)
    }
    let invitation = try invite()
    for number in 1...100_000 { #expect(!isAdmitted(try key(number))) }
    #expect(admission.refusals == 64)
    #expect(admission.guesses == 100_000 - 64)
    let told = lines.all.filter { $0.contains("refused unseen") }
    #expect(told.count == 1 && told[0].hasPrefix("10.0.0.1 has tried 64 keys"), "\(told)")
    // Not even an invitation is looked at from there; approved keys are, and other addresses.
    #expect(!isAdmitted(invitation.pair.publicKey))
    #expect(isAdmitted(known))
    #expect(isAdmitted(invitation.pair.publicKey, from: "10.0.0.2"))
    // A minute later it may try again.
    clock.pass(.seconds(60))
    #expect(isAdmitted(invitation.pair.publicKey))
    for number in 1...1000 { #expect(!isAdmitted(try key(number))) }
    #expect(admission.refusals == 64 + 63)
    #expect(lines.all.filter { $0.contains("refused unseen") }.count == 2)
    // What others provoke is a line a second at most.
    #expect(lines.all.filter { $0.contains("knocks") }.count == 2)
  }

  @Test("does not count a key twice that waits to be approved, nor forget it")
  func waiting() throws {
    let patient = try key(7)
    for _ in 1...1000 {
      #expect(!isAdmitted(patient))
      clock.pass(.milliseconds(1400))
    }
    #expect(admission.guesses == 0)
    #expect(admission.refusals == 1000)
    #expect((20...25).contains(lines.all.count), "\(lines.all.count)")
    for number in 100...300 { _ = isAdmitted(try key(number)) }
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(patient, role: .worker)
    }
    // As the coordinator does twice a second.
    admission.refresh()
    #expect(isAdmitted(patient))
  }

  @Test("takes the addresses of one IPv6 network for one, and remembers a bounded number")
  func addresses() throws {
    var limit = GuessLimit()
    let now = clock.now
    for number in 0..<GuessLimit.mostKeys {
      #expect(limit.judge(try key(number), from: "2001:db8::\(number)", at: now) == .look)
    }
    #expect(limit.judge(try key(99), from: "2001:db8:0:0:1::", at: now) == .refuse(isNews: true))
    #expect(limit.judge(try key(99), from: "2001:db8::9", at: now) == .refuse(isNews: false))
    #expect(limit.judge(try key(99), from: "2001:db8:0:1::9", at: now) == .look)
    #expect(limit.size == 2)
    for number in 0..<100_000 {
      let address = "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)"
      _ = limit.judge(try key(1), from: address, at: now)
    }
    #expect(limit.size <= 1024)
  }
}

import Foundation
import Keyring
import TestSupport
import Testing
import ZeroMQ

@Suite("An invitation")
struct InvitationTests {
  private static let now = 1_800_000_000
  private let folder: TemporaryFolder
  private let keys: KeyFolder

  init() throws {
    folder = try TemporaryFolder()
    keys = KeyFolder(explicit: folder["keys"], environment: [:])
  }

  private func invite(uses: Int = 2, seconds: Int = 60) throws -> Invitation {
    try keys.invite(
      to: "tcp://10.0.0.5:5757", uses: uses, expires: Self.now + seconds, name: "cluster",
      at: Self.now)
  }

  private func join(
    _ key: UInt8, _ invitation: Invitation, after seconds: Int = 0, name: String? = nil
  ) throws -> Joining {
    try keys.join(
      Sample.key(key), name: name, by: invitation.pair.publicKey, at: Self.now + seconds)
  }

  @Test("is one text that a shell takes as it is, and reads back as it was")
  func text() throws {
    let invitation = try invite()
    let text = invitation.text
    #expect(text.utf8.allSatisfy { $0 == 45 || $0 == 46 || $0 == 95 || isAlphanumeric($0) })
    let read = try Invitation(parsing: text)
    #expect(read == invitation)
    #expect(read.server == (try keys.pair(of: .coordinator)?.publicKey))
  }

  private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  @Test("that was cut, mistyped or made up is refused, and the error does not repeat it")
  func damaged() throws {
    let text = try invite().text
    var swapped = Array(text)
    swapped[30] = swapped[30] == "A" ? "B" : "A"
    let wrong = [
      "", "vsi1.", String(text.dropLast()), String(text.dropLast(40)), text + "A", String(swapped),
      "vsi1." + String(repeating: "é", count: 90), String(repeating: "a", count: 4000),
    ]
    for text in wrong {
      let error = #expect(throws: KeyringError.self) { try Invitation(parsing: text) }
      #expect(error?.kind == .malformed)
      #expect(text.count < 20 || error?.description.contains(text) == false)
    }
  }

  @Test("admits so many keys, each as a worker under its name, and no more")
  func uses() throws {
    let invitation = try invite(uses: 2)
    #expect(try join(1, invitation, name: "host-1") == .admitted)
    #expect(try join(2, invitation) == .admitted)
    #expect(try join(3, invitation) == .closed)
    let approved = try keys.approved()
    #expect(approved.role(of: Sample.key(1)) == .worker)
    #expect(approved[Sample.key(1)]?.name == "host-1")
    #expect(approved[Sample.key(2)]?.name == "cluster")
    #expect(approved.role(of: Sample.key(3)) == nil)
  }

  @Test("costs a key that asks again nothing")
  func again() throws {
    let invitation = try invite(uses: 1)
    for _ in 0..<3 { #expect(try join(1, invitation) == .admitted) }
    // Also long after it has expired: the key is approved.
    #expect(try join(1, invitation, after: 3600) == .admitted)
    #expect(try keys.invitations().entries.map(\.usesLeft) == [0])
  }

  @Test("admits nobody once it has expired, was revoked, or was never made")
  func closed() throws {
    let (brief, revoked) = (try invite(seconds: 10), try invite())
    #expect(try join(1, brief, after: 9) == .admitted)
    #expect(try join(2, brief, after: 10) == .closed)
    let hash = InvitationList.hash(of: revoked.pair.publicKey)
    #expect(try keys.revokeInvitations(matching: String(hash.prefix(12)), at: Self.now) == 1)
    #expect(try keys.revokeInvitations(matching: String(hash.prefix(12)), at: Self.now) == 0)
    #expect(try join(3, revoked) == .closed)
    let other = KeyFolder(explicit: folder["other"], environment: [:])
    let foreign = try other.invite(
      to: "tcp://h:1", uses: 9, expires: Self.now + 60, name: "x", at: Self.now)
    #expect(try join(4, foreign) == .closed)
  }

  @Test("brings back neither a revoked key nor makes a worker of an operator")
  func otherKeys() throws {
    let invitation = try invite()
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(Sample.key(1), role: .worker)
      try approved.revoke(Sample.key(1))
      try approved.approve(Sample.key(2), role: .operator)
    }
    #expect(try join(1, invitation) == .revoked)
    #expect(try join(2, invitation) == .revoked)
    #expect(try keys.approved().role(of: Sample.key(2)) == .operator)
    #expect(try keys.invitations().entries.map(\.usesLeft) == [2])
  }

  @Test("leaves neither its secret nor its public half in any file")
  func stored() throws {
    let invitation = try invite()
    _ = try join(1, invitation)
    let secrets = [
      invitation.text, invitation.pair.secretKey.hexadecimal,
      invitation.pair.publicKey.description, invitation.pair.publicKey.z85,
    ]
    for name in folder.names(in: "keys") {
      let text = try String(contentsOfFile: "\(keys.path)/\(name)", encoding: .utf8)
      for secret in secrets { #expect(!text.contains(secret), "\(name)") }
    }
  }

  @Test("admits no more keys than it says, however many hosts come at once")
  func race() async throws {
    let invitation = try invite(uses: 5)
    let keys = keys
    let admitted = try await withThrowingTaskGroup(of: Joining.self) { group in
      for key in 1...20 as ClosedRange<UInt8> {
        group.addTask {
          try keys.join(
            Sample.key(key), name: nil, by: invitation.pair.publicKey, at: Self.now)
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 == .admitted ? 1 : 0 }
    }
    #expect(admitted == 5)
    #expect(try keys.approved().entries.count == 5)
  }

  @Test("is forgotten a day after it has expired")
  func prunes() throws {
    _ = try invite(seconds: 10)
    _ = try keys.invite(
      to: "tcp://h:1", uses: 1, expires: Self.now + 200_000, name: "later", at: Self.now + 100_000)
    #expect(try keys.invitations().entries.map(\.name) == ["later"])
  }

  @Test("is not read from a damaged list, which is told with its line")
  func malformed() throws {
    _ = try invite()
    let text = try String(contentsOfFile: keys.invitationsFile, encoding: .utf8)
    for line in ["abc 1 2 name", "\(String(repeating: "a", count: 64)) x 2 name", "one"] {
      try (text + line + "\n").write(
        toFile: keys.invitationsFile, atomically: false, encoding: .utf8)
      let error = #expect(throws: KeyringError.self) { try keys.invitations() }
      #expect(error?.description.hasPrefix("\(keys.invitationsFile):4: ") == true)
    }
  }
}

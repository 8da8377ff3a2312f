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

  private func invite(
    uses: Int = 2, seconds: Int = 60, name: String? = "cluster", at now: Int = now
  ) throws -> Invitation {
    try keys.invite(
      to: try Endpoint(parsing: "tcp://10.0.0.5:5757"), uses: uses, expires: now + seconds,
      name: name, at: now
    ).invitation
  }

  private func guest(_ key: UInt8, _ invitation: Invitation, name: String? = nil) -> Guest {
    Guest(key: Sample.key(key), name: name, invitation: invitation.hash)
  }

  private func join(
    _ key: UInt8, _ invitation: Invitation, after seconds: Int = 0, name: String? = nil
  ) throws -> Joining? {
    try keys.admit([guest(key, invitation, name: name)], at: Self.now + seconds).first
  }

  @Test("is one text that a shell takes as it is, and reads back as it was")
  func text() throws {
    let invitation = try invite()
    let text = invitation.text
    #expect(text.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil)
    #expect(try Invitation(parsing: text) == invitation)
    // As a file or a pasted line gives it.
    #expect(try Invitation(parsing: "  \(text)\n") == invitation)
    #expect(invitation.server == (try keys.pair(of: .coordinator)?.publicKey))
    #expect(invitation.endpoint.description == "tcp://10.0.0.5:5757")
  }

  @Test("that was cut, mistyped or made up is refused, and the error does not repeat it")
  func damaged() throws {
    let text = try invite().text
    var swapped = Array(text)
    swapped[30] = swapped[30] == "A" ? "B" : "A"
    let wrong = [
      "", "vsi1.", String(text.dropLast()), String(text.dropLast(40)), text + "A", String(swapped),
      "vsi1." + String(repeating: "é", count: 90), String(repeating: "a", count: 4000),
      text.replacing("vsi1.", with: "vsi2."),
    ]
    for text in wrong {
      let error = #expect(throws: KeyringError.self) { try Invitation(parsing: text) }
      #expect(error?.kind == .malformed)
      #expect(text.count < 20 || error?.description.contains(text) == false)
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test("is shown by its hash, whoever prints it, and is cut out of lines that repeat it")
  func hidden() throws {
    let invitation = try invite()
    var dumped = "\(invitation)" + String(reflecting: invitation)
    dump(invitation, to: &dumped)
    let secrets = [invitation.pair.secretKey.hexadecimal, invitation.pair.publicKey.description]
    for secret in secrets + [invitation.text] { #expect(!dumped.contains(secret)) }
    #expect(dumped.contains(invitation.hash.short))
    let line = "unknown argument '\(invitation.text)' and \(invitation.text)"
    #expect(Invitation.hidden(in: line) == "unknown argument 'vsi1.…' and vsi1.…")
    #expect(Invitation.hidden(in: "nothing") == "nothing")
  }

  @Test("admits so many keys, each as a worker under its name, and no more")
  func uses() throws {
    let invitation = try invite(uses: 2)
    #expect(try join(1, invitation, name: "host-1") == .admitted(isNew: true))
    #expect(try join(2, invitation) == .admitted(isNew: true))
    #expect(try join(3, invitation) == .closed(.usedUp))
    let approved = try keys.approved()
    #expect(approved.role(of: Sample.key(1)) == .worker)
    #expect(approved[Sample.key(1)]?.name == "host-1")
    #expect(approved[Sample.key(2)]?.name == "cluster")
    #expect(approved.role(of: Sample.key(3)) == nil)
    #expect(approved.admissions == [invitation.hash: 2])
  }

  @Test("costs a key that asks again nothing, also when it is closed")
  func again() throws {
    let invitation = try invite(uses: 1)
    #expect(try join(1, invitation) == .admitted(isNew: true))
    for _ in 0..<3 { #expect(try join(1, invitation) == .admitted(isNew: false)) }
    #expect(try join(1, invitation, after: 3600) == .admitted(isNew: false))
    _ = try keys.revokeInvitations(.all, at: Self.now)
    #expect(try join(1, invitation) == .admitted(isNew: false))
    unlink(keys.invitationsFile)
    #expect(try join(1, invitation) == .admitted(isNew: false))
    #expect(try keys.approved().admissions == [invitation.hash: 1])
  }

  @Test("counts those that come together, of which some have come before or bring the same key")
  func together() throws {
    let invitation = try invite(uses: 3)
    #expect(try join(1, invitation) == .admitted(isNew: true))
    let guests = [1, 2, 2, 3, 4].map { guest($0, invitation) }
    #expect(
      try keys.admit(guests, at: Self.now) == [
        .admitted(isNew: false), .admitted(isNew: true), .admitted(isNew: false),
        .admitted(isNew: true), .closed(.usedUp),
      ])
    #expect(try keys.admit([], at: Self.now).isEmpty)
  }

  @Test("keeps its uses spent when a key that it admitted is revoked")
  func revokedGuest() throws {
    let invitation = try invite(uses: 1)
    #expect(try join(1, invitation) == .admitted(isNew: true))
    try keys.change { (approved) throws(KeyringError) in try approved.revoke(Sample.key(1)) }
    #expect(try join(1, invitation) == .keyRevoked)
    #expect(try join(2, invitation) == .closed(.usedUp))
  }

  @Test("admits nobody once it has expired, was revoked, or was never made, and says which")
  func closed() throws {
    let (brief, revoked) = (try invite(seconds: 10), try invite(name: "other"))
    #expect(try join(1, brief, after: 9) == .admitted(isNew: true))
    #expect(try join(2, brief, after: 10) == .closed(.expired))
    #expect(try keys.revokeInvitations(.matching("other"), at: Self.now).map(\.name) == ["other"])
    #expect(try keys.revokeInvitations(.matching("other"), at: Self.now).isEmpty)
    #expect(try join(3, revoked) == .closed(.revoked))
    let elsewhere = KeyFolder(explicit: folder["other"], environment: [:])
    let foreign = try elsewhere.invite(
      to: .anyLoopbackPort, uses: 9, expires: Self.now + 60, at: Self.now)
    #expect(try join(4, foreign.invitation) == .closed(.unknown))
  }

  @Test("is revoked by its name or the first digits of its hash, not by a few of them")
  func choice() throws {
    let invitations = [try invite(name: nil), try invite(name: nil), try invite(name: "a")]
    let hash = invitations[0].hash.description
    for text in ["", "a".appending(hash), String(hash.prefix(7)), "b"] {
      #expect(try keys.revokeInvitations(.matching(text), at: Self.now).isEmpty, "\(text)")
    }
    let closed = try keys.revokeInvitations(.matching(String(hash.prefix(8))), at: Self.now)
    #expect(closed.map(\.hash) == [invitations[0].hash])
    #expect(try keys.revokeInvitations(.matching("a"), at: Self.now).map(\.name) == ["a"])
    #expect(try keys.revokeInvitations(.all, at: Self.now).map(\.hash) == [invitations[1].hash])
    // What has expired needs no revoking.
    _ = try invite(seconds: 10)
    #expect(try keys.revokeInvitations(.all, at: Self.now + 10).isEmpty)
  }

  @Test("brings back no revoked key, and makes no worker of an operator")
  func otherKeys() throws {
    let invitation = try invite()
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(Sample.key(1), role: .worker)
      try approved.revoke(Sample.key(1))
      try approved.approve(Sample.key(2), role: .operator)
    }
    #expect(try join(1, invitation) == .keyRevoked)
    #expect(try join(2, invitation) == .keyOfOperator)
    #expect(try keys.approved().role(of: Sample.key(2)) == .operator)
    #expect(try keys.approved().admissions.isEmpty)
  }

  @Test("leaves neither its secret nor its public half in any file")
  func stored() throws {
    let invitation = try invite()
    _ = try join(1, invitation)
    let secrets = [
      invitation.text, invitation.pair.secretKey.hexadecimal,
      invitation.pair.publicKey.description, invitation.pair.publicKey.z85,
    ]
    let names = folder.names(in: "keys")
    #expect(names == [".lock", "approved-keys", "coordinator.key", "invitations"])
    for name in names {
      let text = try String(contentsOfFile: "\(keys.path)/\(name)", encoding: .utf8)
      for secret in secrets { #expect(!text.contains(secret), "\(name)") }
    }
    #expect(try String(contentsOfFile: keys.approvedFile, encoding: .utf8).contains("cluster"))
  }

  @Test("admits no more keys than it says, however many processes change the lists at once")
  func race() async throws {
    let invitation = try invite(uses: 5)
    let (keys, hash) = (keys, invitation.hash)
    let admitted = try await withThrowingTaskGroup(of: [Joining].self) { group in
      for key in 1...20 as ClosedRange<UInt8> {
        group.addTask {
          let guest = Guest(key: Sample.key(key), name: nil, invitation: hash)
          return try keys.admit([guest], at: Self.now)
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 == [.admitted(isNew: true)] ? 1 : 0 }
    }
    #expect(admitted == 5)
    #expect(try keys.approved().entries.count == 5)
  }

  @Test("counts nobody where the list cannot be written, and admits the same keys afterwards")
  func unwritable() throws {
    let invitation = try invite(uses: 1)
    // In its place stands what no file can be renamed to.
    mkdir(keys.approvedFile, 0o700)
    #expect(throws: KeyringError.self) { try join(1, invitation) }
    rmdir(keys.approvedFile)
    #expect(try join(1, invitation) == .admitted(isNew: true))
  }

  @Test("is forgotten a week after its end")
  func prunes() throws {
    _ = try invite(seconds: 10, name: "first")
    _ = try invite(seconds: 20, name: "second")
    _ = try invite(name: "later", at: Self.now + 10 + 7 * 86_400)
    #expect(try keys.invitations().entries.map(\.name) == ["second", "later"])
  }

  @Test("is not read from a damaged list, which is told with its line")
  func malformed() throws {
    _ = try invite()
    let text = try String(contentsOfFile: keys.invitationsFile, encoding: .utf8)
    let line = text.split(separator: "\n").count + 1
    let known = try #require(text.split(separator: "\n").last)
    let hash = String(repeating: "a", count: 64)
    for wrong in [
      "abc 1 2 name", "\(hash) x 2 name", "\(hash) 1 -2 name", "\(hash) 1 2 a;b", "one",
      "\(hash) 1 2", String(known),
    ] {
      try folder.write(Array((text + wrong + "\n").utf8), to: "keys/invitations")
      let error = #expect(throws: KeyringError.self) { try keys.invitations() }
      #expect(
        error?.description.hasPrefix("\(keys.invitationsFile):\(line): ") == true,
        "\(String(describing: error))")
    }
    let closed = "\(hash) 1 revoked name # closed by hand"
    try folder.write(Array((text + closed + "\n").utf8), to: "keys/invitations")
    #expect(try keys.invitations().entries.map(\.isRevoked) == [false, true])
  }

  @Test("is known to a running coordinator as soon as it is made, and gone once its file is")
  func live() throws {
    let live = try LiveKeys(keys)
    let invitation = try invite()
    #expect(live.invitations[invitation.hash] == nil)
    #expect(live.refresh() == nil)
    #expect(live.invitations[invitation.hash]?.name == "cluster")
    // Approved keys have not changed.
    #expect(live.generation == 0)
    try folder.write(Array("nonsense".utf8), to: "keys/invitations")
    #expect(live.refresh()?.contains("the invitations made before stand") == true)
    #expect(live.invitations[invitation.hash] != nil)
    unlink(keys.invitationsFile)
    #expect(live.refresh() == nil)
    #expect(live.invitations.entries.isEmpty)
  }
}

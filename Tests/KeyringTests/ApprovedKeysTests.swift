import Foundation
import Keyring
import TestSupport
import Testing
import ZeroMQ

@Suite("Approved keys")
struct ApprovedKeysTests {
  @Test("have one role each, and can change it, be revoked and come back")
  func roles() throws {
    var keys = ApprovedKeys()
    #expect(keys.role(of: Sample.key(1)) == nil)
    try keys.approve(Sample.key(1), role: .worker, name: "alpha")
    try keys.approve(Sample.key(2), role: .operator)
    #expect(keys.role(of: Sample.key(1)) == .worker)
    #expect(keys[Sample.key(2)]?.name == "operator-02020202")
    try keys.approve(Sample.key(1), role: .operator)
    #expect(keys[Sample.key(1)]?.name == "alpha")
    #expect(keys.role(of: Sample.key(1)) == .operator)
    try keys.revoke(Sample.key(1))
    #expect(keys.role(of: Sample.key(1)) == nil)
    #expect(keys[Sample.key(1)]?.standing == .revoked)
    try keys.approve(Sample.key(1), role: .worker)
    #expect(keys.entries.map(\.name) == ["alpha", "operator-02020202"])
    let error = #expect(throws: KeyringError.self) { try keys.revoke(Sample.key(9)) }
    #expect(error?.description.contains("never approved") == true)
  }

  @Test(
    "take no name that a shell, a terminal or a path would read something into",
    arguments: [
      "", "-rf", "a b", "a/b", "a\u{1b}[2J", "a\nb", "$(reboot)", "ä", "'",
      String(repeating: "a", count: 65),
    ])
  func names(name: String) {
    #expect(throws: KeyringError.self) {
      var keys = ApprovedKeys()
      try keys.approve(Sample.key(1), role: .worker, name: name)
    }
    if let made = ApprovedKeys.name(from: name) {
      #expect(throws: Never.self) { try ApprovedKeys.requireName(made) }
    }
  }

  @Test("come back from their file as they were written, and by hand with comments and Z85")
  func file() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(explicit: folder["keys"], environment: [:])
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(Sample.key(1), role: .worker, name: "alpha")
      try approved.approve(Sample.key(2), role: .operator, name: "me")
      try approved.approve(Sample.key(3), role: .worker, name: "old")
      try approved.revoke(Sample.key(3))
    }
    let written = try keys.approved()
    #expect(written.entries.map(\.name) == ["alpha", "me", "old"])
    #expect(written.entries.map(\.role) == [.worker, .operator, nil])
    let text = try String(contentsOfFile: keys.approvedFile, encoding: .utf8)
    let edited = text + "\n\(Sample.key(4).z85) worker # the new one\n"
    try Data(edited.utf8).write(to: URL(filePath: keys.approvedFile))
    #expect(try keys.approved().role(of: Sample.key(4)) == .worker)
    // What an invitation has admitted keeps its mark, whatever becomes of it.
    let hash = InvitationHash(of: Sample.key(9))
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(Sample.key(5), role: .worker, name: "guest", invitation: hash)
      try approved.approve(Sample.key(5), role: .worker, name: "renamed")
      try approved.revoke(Sample.key(5))
    }
    #expect(try keys.approved()[Sample.key(5)]?.invitation == hash)
    #expect(try keys.approved()[Sample.key(5)]?.role == nil)
    #expect(try keys.approved()[Sample.key(1)]?.invitation == nil)
  }

  @Test(
    "refuse a line that means nothing, with its number",
    arguments: [
      ("x worker a", "cannot read key 'x'"), ("\(Sample.key(1))", "a key, a role and a name"),
      ("\(Sample.key(1)) king a", "the role must be"),
      ("\(Sample.key(1)) worker a b", "a key, a role and a name"),
      ("\(Sample.key(1)) worker a;b", "a key's name is"),
      ("\(Sample.key(1)) worker a\n\(Sample.key(1)) operator b", "a second time"),
    ])
  func malformed(text: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(explicit: folder["keys"], environment: [:])
    _ = try keys.pairOrNew(of: .worker)
    try folder.write(Array("# a comment\n\(text)\n".utf8), to: "keys/approved-keys")
    chmod(keys.approvedFile, 0o600)
    let error = #expect(throws: KeyringError.self) { try keys.approved() }
    let line = text.contains("\n") ? 3 : 2
    #expect(
      error?.description.hasPrefix("\(keys.approvedFile):\(line): ") == true,
      "\(String(describing: error))")
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }
}

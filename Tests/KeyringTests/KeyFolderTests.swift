import Foundation
import Keyring
import TestSupport
import Testing
import ZeroMQ

@Suite("A folder of keys")
struct KeyFolderTests {
  private let folder: TemporaryFolder
  private let keys: KeyFolder

  init() throws {
    folder = try TemporaryFolder()
    keys = KeyFolder(explicit: folder["keys"], environment: [:])
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test("is the user's own, wherever the environment says")
  func place() {
    #expect(KeyFolder(explicit: "k", environment: ["XDG_CONFIG_HOME": "/x"]).path == "k")
    #expect(KeyFolder(environment: ["XDG_CONFIG_HOME": "/x", "HOME": "/h"]).path == "/x/vaesweep")
    #expect(KeyFolder(environment: ["HOME": "/h"]).path == "/h/.config/vaesweep")
    let relative = KeyFolder(environment: ["XDG_CONFIG_HOME": "x", "HOME": "/h"])
    #expect(relative.path == "/h/.config/vaesweep")
  }

  @Test("makes a key once, in files that nobody else can read")
  func makes() throws {
    #expect(try keys.pair(of: .worker) == nil)
    let first = try keys.pairOrNew(of: .worker)
    #expect(first.isNew)
    let second = try keys.pairOrNew(of: .worker)
    #expect(!second.isNew)
    #expect(second.pair == first.pair)
    #expect(try keys.pair(of: .worker) == first.pair)
    #expect(try keys.pairOrNew(of: .operator).pair != first.pair)
    #expect(try mode(keys.path) == 0o700)
    #expect(try mode(keys.file(of: .worker)) == 0o600)
    #expect(folder.names(in: "keys") == ["operator.key", "worker.key"])
  }

  @Test("has one key, however many processes make it at once")
  func race() async throws {
    let keys = keys
    let made = try await withThrowingTaskGroup(of: CurvePublicKey.self) { group in
      for _ in 0..<8 { group.addTask { try keys.pairOrNew(of: .worker).pair.publicKey } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(made.count == 1)
    #expect(folder.names(in: "keys") == ["worker.key"])
  }

  @Test(
    "is refused in one line once others can read a file of it", arguments: [0o640, 0o604, 0o666])
  func exposedFile(mode: Int) throws {
    _ = try keys.pairOrNew(of: .worker)
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(Sample.key(1), role: .worker)
    }
    chmod(keys.file(of: .worker), mode_t(mode))
    chmod(keys.approvedFile, mode_t(mode))
    let octal = String(mode, radix: 8)
    for path in [keys.file(of: .worker), keys.approvedFile] {
      let error = #expect(throws: KeyringError.self) {
        if path == keys.approvedFile {
          _ = try keys.approved()
        } else {
          _ = try keys.pair(of: .worker)
        }
      }
      #expect(error?.kind == .exposed)
      #expect(
        error?.description
          == "\(path) is open to other users (mode \(octal)): chmod 600 '\(path)'")
    }
  }

  @Test("is refused in one line once others can enter it")
  func exposedFolder() throws {
    _ = try keys.pairOrNew(of: .worker)
    chmod(keys.path, 0o755)
    let line = "\(keys.path) is open to other users (mode 755): chmod 700 '\(keys.path)'"
    for attempt in 0..<3 {
      let error = #expect(throws: KeyringError.self) {
        switch attempt {
        case 0: _ = try keys.pair(of: .worker)
        case 1: _ = try keys.pairOrNew(of: .operator)
        default: _ = try keys.approved()
        }
      }
      #expect(error?.description == line)
    }
  }

  @Test(
    "refuses what is no key file",
    arguments: [
      "", "public", "secret ab\n", "public x\nsecret y\n", "public x\nsecret y\nmore z\n",
      "public \(Sample.key(1))\nsecret \(Sample.key(2))\n", String(repeating: "#", count: 5000),
      "public \(Sample.key(1))\npublic \(Sample.key(1))\n",
    ])
  func malformed(text: String) throws {
    _ = try keys.pairOrNew(of: .operator)
    try folder.write(Array(text.utf8), to: "keys/worker.key")
    chmod(keys.file(of: .worker), 0o600)
    let error = #expect(throws: KeyringError.self) { try keys.pairOrNew(of: .worker) }
    #expect(error?.kind == .malformed)
    #expect(error?.description.hasPrefix(keys.file(of: .worker)) == true)
    // The text might be a secret that only its owner should see.
    #expect(error.map { !$0.description.contains("\(Sample.key(2))") } == true)
  }

  @Test("refuses a pipe and a folder where a key should be, without waiting")
  func notAFile() throws {
    _ = try keys.pairOrNew(of: .operator)
    mkfifo(keys.file(of: .worker), 0o600)
    mkdir(keys.file(of: .coordinator), 0o700)
    for owner in [KeyOwner.worker, .coordinator] {
      let error = #expect(throws: KeyringError.self) { try keys.pair(of: owner) }
      #expect(error?.description.contains("is not a file") == true)
    }
  }

  @Test("loses no approval of commands that run at once")
  func concurrentChanges() async throws {
    let keys = keys
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...20 {
        group.addTask {
          try keys.change { (approved) throws(KeyringError) in
            try approved.approve(Sample.key(UInt8(number)), role: .worker)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try keys.approved().entries.count == 20)
    #expect(try mode(keys.approvedFile) == 0o600)
    #expect(folder.names(in: "keys") == [".lock", "approved-keys"])
  }

  @Test("is read again by a running coordinator when it changes, and not otherwise")
  func live() throws {
    let live = try LiveKeys(keys)
    #expect(live.keys.entries.isEmpty)
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(Sample.key(1), role: .worker)
    }
    #expect(live.generation == 0)
    #expect(live.refresh() == nil)
    #expect(live.generation == 1)
    #expect(live.keys.role(of: Sample.key(1)) == .worker)
    #expect(live.refresh() == nil)
    #expect(live.generation == 1)
    try keys.change { (approved) throws(KeyringError) in try approved.revoke(Sample.key(1)) }
    #expect(live.refresh() == nil)
    #expect(live.keys.role(of: Sample.key(1)) == nil)
    unlink(keys.approvedFile)
    #expect(live.refresh() == nil)
    #expect(live.keys.entries.isEmpty)
  }

  @Test("keeps the keys it had while its list is damaged or exposed, and says so once")
  func liveDamage() throws {
    try keys.change { (approved) throws(KeyringError) in
      try approved.approve(Sample.key(1), role: .worker)
    }
    let live = try LiveKeys(keys)
    try folder.write(Array("nonsense".utf8), to: "keys/approved-keys")
    #expect(live.refresh()?.contains("approved-keys:1: ") == true)
    #expect(live.refresh() == nil)
    #expect(live.keys.role(of: Sample.key(1)) == .worker)
    unlink(keys.approvedFile)
    try folder.write(Array("\(Sample.key(2)) worker".utf8), to: "keys/approved-keys")
    chmod(keys.approvedFile, 0o644)
    #expect(live.refresh()?.contains("chmod 600") == true)
    #expect(live.keys.role(of: Sample.key(2)) == nil)
    chmod(keys.approvedFile, 0o600)
    #expect(live.refresh() == nil)
    #expect(live.keys.role(of: Sample.key(2)) == .worker)
  }
}

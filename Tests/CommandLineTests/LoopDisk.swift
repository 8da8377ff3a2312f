import Foundation
import TestSupport

/// A file system in a file, whose state at any moment can be kept as a power cut would leave it.
final class LoopDisk {
  let mount: String
  private let folder: TemporaryFolder
  private let filesystem: String
  private var cuts = 0

  init(_ filesystem: String) throws {
    self.filesystem = filesystem
    folder = try TemporaryFolder()
    mount = folder["mount"]
    // The smallest that mkfs.xfs makes; what is not written takes no room.
    try Self.run("truncate", "-s", "320M", folder["image"])
    try Self.run("mkfs.\(filesystem)", "-q", folder["image"])
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: false)
    try Self.run("mount", "-o", "loop", folder["image"], mount)
  }

  /// Copies the disk as it is.
  func cut() throws -> String {
    cuts += 1
    let copy = folder["cut-\(cuts)"]
    try Self.run("cp", "--sparse=always", folder["image"], copy)
    return copy
  }

  /// Mounts a copy, which lets the file system mend itself, and reads from it.
  func reading<Value>(_ image: String, _ body: (String) throws -> Value) throws -> Value {
    let place = folder["after"]
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    // The copy bears the mark of the disk that is mounted still, which XFS minds.
    try Self.run("mount", "-o", filesystem == "xfs" ? "loop,nouuid" : "loop", image, place)
    defer { Machine.run("umount", place) }
    return try body(place)
  }

  func remove() { Machine.run("umount", "-l", mount) }

  private static func run(_ arguments: String...) throws {
    let program = try RunningProgram(
      "/usr/bin/env", arguments, in: TemporaryFolder(), environment: [:])
    let status = try program.waitForEnd()
    guard status == 0 else {
      throw CommandFailure("\(arguments.joined(separator: " ")): \(status): \(program.errors)")
    }
  }
}

import Foundation
import Platform
import TestSupport
import Testing

@Suite("A failed call says what to do")
struct SystemErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func words(_ number: Int32, _ name: String = "x") -> String {
    SystemError("write", folder[name], Errno(number)).description
  }

  @Test("with the file, the reason and a way out, never with the C library's words alone")
  func lines() {
    let start = "cannot write \(folder["x"]): "
    #expect(words(ENOSPC) == start + "the disk is full; make room ('df -h' shows how much is free)")
    #expect(words(EROFS) == start + "its file system is mounted read-only; choose another place")
    #expect(words(EDQUOT).contains("quota"))
    #expect(words(EACCES).contains("permission"))
    #expect(words(EIO).contains("check the disk"))
    #expect(words(EMFILE).contains("files open ('ulimit -n')"))
    // One that is not known here has at least its own words.
    #expect(words(ENOTCONN) == start + "transport endpoint is not connected")
  }

  @Test("naming the folder that is missing, or the name that is too long")
  func paths() {
    #expect(
      words(ENOENT, "no/such/file")
        == "cannot write \(folder["no/such/file"]): the folder \(folder["no"]) does not exist; make it "
        + "first, or check its name")
    #expect(words(ENOENT).contains("there is no such file"))
    let long = String(repeating: "n", count: 300)
    #expect(words(ENAMETOOLONG, long).contains("has 300 bytes, and 255 are allowed"))
    let deep = Array(repeating: "folder", count: 700).joined(separator: "/")
    #expect(words(ENAMETOOLONG, deep).contains("its path is too long"))
  }

  @Test("telling a disk without inodes from one without room", Requirement.root)
  func inodes() throws {
    let mount = folder["small"]
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: false)
    func run(_ arguments: String...) throws {
      let program = try RunningProgram("/usr/bin/env", arguments, in: folder, environment: [:])
      #expect(try program.waitForEnd() == 0, "\(program.errors)")
    }
    try run("mount", "-t", "tmpfs", "-o", "nr_inodes=3,size=1m", "none", mount)
    defer { try? run("umount", mount) }
    var error: SystemError?
    do throws(SystemError) {
      for name in 0..<5 { try DurableFile.replace("\(mount)/\(name)", with: [1]) }
    } catch let caught {
      error = caught
    }
    #expect(error?.description.contains("no inodes are left") == true, "\(error as Any)")
    error = nil
    do throws(SystemError) {
      try DurableFile.replace("\(mount)/0", with: [UInt8](repeating: 1, count: 2 << 20))
    } catch let caught {
      error = caught
    }
    #expect(error != nil)
  }
}

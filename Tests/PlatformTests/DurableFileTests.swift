import Foundation
import Platform
import TestSupport
import Testing

@Suite("Files that are written durably")
struct DurableFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func content(_ name: String) throws -> [UInt8]? {
    try readFile(folder[name], atMost: 1 << 20)
  }

  @Test("are replaced as a whole, with the mode that was asked for, and leave nothing beside them")
  func replace() throws {
    try DurableFile.replace(folder["a"], with: Array("one".utf8), mode: 0o600)
    try DurableFile.replace(folder["a"], with: Array("two".utf8), mode: 0o600)
    #expect(try content("a") == Array("two".utf8))
    #expect(FileStatus(folder["a"])?.mode == 0o600)
    #expect(folder.names() == ["a"])
  }

  @Test("are made once")
  func create() throws {
    #expect(try DurableFile.create(folder["a"], with: [1]))
    #expect(try !DurableFile.create(folder["a"], with: [2]))
    #expect(try content("a") == [1])
    #expect(folder.names() == ["a"])
  }

  @Test("are removed where they never got their name")
  func abandoned() throws {
    do {
      let file = try PendingFile(in: folder.path)
      try file.write([1, 2, 3])
      #expect(folder.names().count == 1)
    }
    #expect(folder.names().isEmpty)
  }

  @Test("grow, and are cut short")
  func growing() throws {
    let file = try GrowingFile(replacing: folder["log"], with: [1])
    try file.append([2, 3], syncing: true)
    try file.append([4], syncing: false)
    #expect(try content("log") == [1, 2, 3, 4])
    try file.truncate(to: 1)
    try file.append([9], syncing: true)
    #expect(try content("log") == [1, 9])
    #expect(file.size == 2)
  }

  @Test("lie in folders that are made with all above them")
  func folders() throws {
    try Folder.make(folder["a/b/c"], mode: 0o700)
    try Folder.make(folder["a/b/c"], mode: 0o700)
    #expect(FileStatus(folder["a/b"])?.mode == 0o700)
    try folder.write([1], to: "file")
    let error = #expect(throws: SystemError.self) { try Folder.make(folder["file/inner"]) }
    #expect(
      error?.description.hasSuffix("\(folder["file"]) is not a folder; choose another place")
        == true)
  }

  @Test("are read up to a limit, pipes too")
  func reading() throws {
    try folder.write(Array("12345".utf8), to: "five")
    #expect(try readFile(folder["five"], atMost: 5)?.count == 5)
    #expect(try readFile(folder["five"], atMost: 4) == nil)
    let pipe = Foundation.Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("abc".utf8))
    try pipe.fileHandleForWriting.close()
    let path = "/proc/self/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(try readFile(path, atMost: 100) == Array("abc".utf8))
  }
}

import Glibc
import Platform
import TestSupport
import Testing

@Suite("Sealed memory")
struct SealedMemoryTests {
  private let folder: TemporaryFolder
  private let path: String
  private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.write(content, to: "file")
  }

  @Test("keeps what it copied, whatever becomes of the file")
  func copy() throws {
    let memory = try SealedMemory(copying: path)
    try folder.write([1, 2, 3], to: "file")
    #expect(Array(memory.bytes) == content)
    unlink(path)
    #expect(Array(memory.bytes) == content)
  }

  @Test("can be changed by nobody who holds it")
  func sealed() throws {
    let memory = try SealedMemory(copying: path)
    var byte: UInt8 = 7
    #expect(pwrite(memory.descriptor, &byte, 1, 0) == -1)
    #expect(ftruncate(memory.descriptor, 10) == -1)
    #expect(ftruncate(memory.descriptor, 1 << 20) == -1)
    let writable = open("/proc/self/fd/\(memory.descriptor)", O_RDWR)
    if writable >= 0 {
      #expect(pwrite(writable, &byte, 1, 0) == -1)
      close(writable)
    }
    #expect(
      mmap(nil, 10, PROT_READ | PROT_WRITE, MAP_SHARED, memory.descriptor, 0) == MAP_FAILED)
  }

  @Test("is taken over by its descriptor, and nothing that could still change")
  func inherited() throws {
    let memory = try SealedMemory(copying: path)
    let again = try SealedMemory(inherited: dup(memory.descriptor))
    #expect(Array(again.bytes) == content)
    let file = open(path, O_RDONLY)
    defer { close(file) }
    #expect(throws: SystemError.self) { try SealedMemory(inherited: file) }
  }

  @Test("is made from no file that is missing or empty")
  func nothing() throws {
    let empty = try folder.write([], to: "empty")
    for path in ["\(folder.path)/missing", empty] {
      #expect(throws: SystemError.self) { try SealedMemory(copying: path) }
    }
  }
}

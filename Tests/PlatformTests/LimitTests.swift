import Platform
import Testing

@Suite("Limits of this process")
struct LimitTests {
  @Test("an address space in which nothing can work is named with what is needed")
  func addressSpace() {
    #expect(AddressSpace.complaint(250_000 << 10)?.contains("250000 kB") == true)
    #expect(AddressSpace.complaint(AddressSpace.least - 1) != nil)
    #expect(AddressSpace.complaint(AddressSpace.least) == nil)
  }

  @Test("what the machine has free is read in kB")
  func available() {
    let text = "MemTotal:       24731708 kB\nMemFree: 100 kB\nMemAvailable:   23680780 kB\n"
    #expect(AvailableMemory.available(text) == 23_680_780 << 10)
    #expect(AvailableMemory.available("MemTotal: 1 kB\n") == nil)
  }

  @Test("control groups of both versions are found, the process's own and the root")
  func groups() {
    let both = AvailableMemory.controlGroups(
      "9:name=systemd:/\n5:cpu,memory:/job/7\n0::/user.slice\nnonsense\n")
    #expect(
      both.map { "\($0.folder)/\($0.limit)" } == [
        "/sys/fs/cgroup/memory//memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/job/7/memory.limit_in_bytes", "/sys/fs/cgroup//memory.max",
        "/sys/fs/cgroup/user.slice/memory.max",
      ])
  }

  @Test("there is some memory on the machine that runs this")
  func here() throws {
    #expect(try #require(AvailableMemory.bytes) > 1 << 20)
  }
}

import Launch
import TestSupport
import Testing

@Suite("A hosts file")
struct HostsFileTests {
  @Test("names a host and its slots per line; comments and empty lines do not matter")
  func plain() throws {
    let file = try HostsFile(
      """
      # the cluster
      me@node-1 8      # the large one

      node-2\tauto\r
      ssh://me@10.0.0.3:2222 1
      node-4
      """, path: "hosts.txt")
    #expect(
      file.hosts == [
        HostEntry(target: "me@node-1", slots: 8), HostEntry(target: "node-2", slots: nil),
        HostEntry(target: "ssh://me@10.0.0.3:2222", slots: 1),
        HostEntry(target: "node-4", slots: nil),
      ])
  }

  @Test(
    "is refused with file and line",
    arguments: [
      ("node 0", "hosts.txt:1: '0' must be the host's slots"),
      ("node many", "hosts.txt:1: 'many' must be the host's slots"),
      ("node 4097", "whole number from 1 to 4096, or auto"),
      ("\n\nnode 2 3", "hosts.txt:3: '3' is one word too many"),
      ("a 1\nb 2\na auto", "hosts.txt:3: a stands in line 1 already"),
      ("-oProxyCommand=evil 1", "hosts.txt:1: '-oProxyCommand=evil' is no name of a host"),
      ("kn\u{f6}ten 1", "is no name of a host"),
      ("no\u{1b}de 1", "is no name of a host"),
      ("# nobody\n", "hosts.txt names no host"), ("", "hosts.txt names no host"),
    ])
  func refused(text: String, expected: String) {
    let error = #expect(throws: HostsFileError.self) { try HostsFile(text, path: "hosts.txt") }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test("that is missing or no text is refused")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    #expect(throws: HostsFileError.self) { try HostsFile(path: folder["nowhere"]) }
    let path = try folder.write([0xff, 0xfe, 0x00], to: "binary")
    let error = #expect(throws: HostsFileError.self) { try HostsFile(path: path) }
    #expect(error?.description.contains("this is no list of hosts") == true)
  }
}

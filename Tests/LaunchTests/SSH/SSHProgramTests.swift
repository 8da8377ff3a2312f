import Launch
import Testing

@Suite("How ssh is called")
struct SSHProgramTests {
  @Test("The user's options come first, ours after them, then the host and one command")
  func words() throws {
    let program = try #require(
      SSHProgram(command: "ssh -p 2222 -o 'ProxyCommand=nc %h %p' -i \"my key\""))
    let words = program.call("node", "exec sh", forwards: false)
    #expect(
      words.prefix(7) == ["ssh", "-p", "2222", "-o", "ProxyCommand=nc %h %p", "-i", "my key"])
    #expect(words.suffix(2) == ["node", "exec sh"])
    #expect(words.contains("BatchMode=yes") && words.contains("-T"))
    #expect(!words.contains("-R") && !words.contains("ControlPath=none"))
  }

  @Test("A tunnel is opened on loopback of the host, by a connection of its own")
  func tunnel() throws {
    let program = try #require(SSHProgram(command: "ssh", tunnel: "10.0.0.5:5757"))
    let words = program.call("node", "x", forwards: true)
    let place = try #require(words.firstIndex(of: "-R"))
    #expect(words[place + 1] == "127.0.0.1:0:10.0.0.5:5757")
    #expect(words.contains("ExitOnForwardFailure=yes") && words.contains("ControlPath=none"))
    #expect(!program.call("node", "x", forwards: false).contains("-R"))
  }

  @Test("What is no command is refused", arguments: ["", "  ", "ssh 'x", "ssh \"x"])
  func refused(text: String) { #expect(SSHProgram(command: text) == nil) }
}

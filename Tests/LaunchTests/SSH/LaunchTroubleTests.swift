import Launch
import Testing

@Suite("What went wrong on a host")
struct LaunchTroubleTests {
  private func read(_ status: Int32?, _ lines: String..., hasStarted: Bool = false) -> LaunchTrouble
  {
    LaunchTrouble(target: "me@node", status: status, hasStarted: hasStarted, said: lines)
  }

  @Test(
    "that somebody must mend first is told with what to do",
    arguments: [
      ("me@node: Permission denied (publickey).", "'ssh-copy-id me@node' puts your key there"),
      ("Host key verification failed.", "'ssh me@node' by hand tells"),
      (
        "/h/bin/vaesweep: error while loading shared libraries: libswiftCore.so: cannot open shared",
        "libswiftCore.so is missing there: give --binary"
      ),
      (
        "/h/bin/vaesweep: /lib/libc.so.6: version `GLIBC_2.36' not found (required by /h/bin/v)",
        "needs GLIBC_2.36"
      ),
      ("sh: 1: exec: /h/bin/vaesweep: Exec format error", "for another machine"),
      ("tar: bin/vaesweep: Cannot write: No space left on device", "make room"),
      ("sh: 1: exec: /h/bin/vaesweep: Permission denied", "noexec"),
      ("sh: 1: tar: not found", "install it there"),
      ("env: 'ssh': No such file or directory", "install openssh-client"),
      ("Error: remote port forwarding failed for listen port 0", "AllowTcpForwarding"),
    ])
  func lasting(line: String, expected: String) {
    let trouble = read(255, "Welcome", line, "bye")
    #expect(trouble.kind == .lasting)
    #expect(trouble.reason.contains(expected), "\(trouble.reason)")
  }

  @Test("may pass where the host is not reached or its connection is lost")
  func unreachable() {
    let refused = read(255, "ssh: connect to host node port 22: Connection refused")
    #expect(refused.kind == .unreachable)
    #expect(refused.reason == "ssh: connect to host node port 22: Connection refused")
    let lost = read(
      255, "2026 joining sweep x", "Connection to node closed by remote host.", hasStarted: true)
    #expect(lost.kind == .unreachable)
    #expect(lost.reason.hasPrefix("the connection was lost: "))
    #expect(read(nil).kind == .unreachable)
    // What was wrong hours before is over.
    let old = read(
      255, "2026 No space left on device", "Timeout, server node not responding.", hasStarted: true)
    #expect(old.kind == .unreachable)
  }

  @Test("is the worker's own last line where it had one")
  func worker() {
    let killed = read(255, "2026 joining sweep x", hasStarted: true)
    #expect(killed.kind == .passing)
    #expect(killed.reason.hasPrefix("its worker was killed by a signal"))
    #expect(read(1, "vaesweep: no disk", hasStarted: true) == LaunchTrouble(.passing, "no disk"))
    #expect(
      read(2, "vaesweep: --slots: no", hasStarted: true) == LaunchTrouble(.lasting, "--slots: no"))
    let alone = read(1, "vaesweep: no coordinator answered within 10m", hasStarted: true)
    #expect(alone == LaunchTrouble(.lasting, "no coordinator answered within 10m"))
    #expect(read(0, hasStarted: true).reason == "its worker was told to end by somebody else")
    #expect(read(7, "odd", hasStarted: true).reason == "odd (exit status 7)")
    #expect(read(7).reason == "exit status 7")
  }
}

import Foundation
import TestSupport
import Testing

@Suite(
  "deploy/chaos", .serialized, Requirement.root, Requirement.program("unshare"),
  Requirement.program("ip"), Requirement.program("tc"), Requirement.program("iptables"),
  Requirement.program("python3"))
struct ChaosTests {
  @Test("kills, stops, starves and cuts off real processes, and the table is the undisturbed run's")
  func short() throws { try chaos("--points", "24", "--faults", "10") }

  @Test("does so to workers that came by one invitation, and of which two share a home")
  func invitation() throws {
    try chaos("--points", "8", "--faults", "4", "--coordinator-kills", "1", "--invitation")
  }

  @Test("needs one open port of the coordinator's host, and none of the workers'")
  func firewall() throws {
    try chaos("--points", "6", "--faults", "0", "--invitation", "--firewall")
  }

  private func chaos(_ options: String...) throws {
    let folder = try TemporaryFolder()
    let chaos = try RunningProgram(
      "\(MNIST.repositoryRoot)/deploy/chaos", options + ["--vaesweep", Program.path], in: folder,
      environment: ["TMPDIR": folder.path], patience: 1_200)
    let status = try chaos.waitForEnd()
    #expect(status == 0, "\(chaos.errors)")
    #expect(chaos.output.contains("bit for bit"))
    #expect(folder.names().isEmpty)
    print(chaos.output)
  }
}

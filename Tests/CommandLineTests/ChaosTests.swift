import Foundation
import TestSupport
import Testing

@Suite("deploy/chaos")
struct ChaosTests {
  @Test(
    "kills, stops, starves and cuts off real processes, and the table is the undisturbed run's",
    Requirement.root, Requirement.program("unshare"), Requirement.program("ip"),
    Requirement.program("tc"), Requirement.program("iptables"), Requirement.program("python3"))
  func short() throws {
    let folder = try TemporaryFolder()
    let chaos = try RunningProgram(
      "\(MNIST.repositoryRoot)/deploy/chaos",
      ["--points", "24", "--faults", "10", "--vaesweep", Program.path], in: folder,
      environment: ["TMPDIR": folder.path], patience: 1_200)
    let status = try chaos.waitForEnd()
    #expect(status == 0, "\(chaos.errors)")
    #expect(chaos.output.contains("bit for bit"))
    #expect(folder.names().isEmpty)
    print(chaos.output)
  }
}

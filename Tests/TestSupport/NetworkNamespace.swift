import Glibc

/// A host of its own on this machine: a network namespace that ends with the last reference to it.
///
/// Its loopback is down until a test raises it.
package final class NetworkNamespace {
  private let holder: RunningProgram

  /// The process that holds it, for `nsenter --target`.
  package var process: Int32 { holder.process }

  /// What a test of namespaces needs of the machine.
  package static let requirement = Requirement.requirement(
    "needs to run as root, with the program ip on the PATH and the right to make a network namespace"
  ) {
    Machine.isRoot && Machine.hasProgram("ip") && Machine.run("unshare", "--net", "true") == 0
  }

  /// - Parameter commands: Run in it one after the other by a shell that stops at the first failure.
  package init(in folder: TemporaryFolder, _ commands: [String]) throws {
    let script = (["set -e"] + commands + ["echo ready >&2", "exec sleep infinity"])
      .joined(separator: "\n")
    holder = try RunningProgram("/usr/bin/unshare", ["--net", "sh", "-c", script], in: folder)
    try holder.waitForError(containing: "ready")
  }

  /// Starts a program in it.
  package func start(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder,
    environment: [String: String]
  ) throws -> RunningProgram {
    try RunningProgram(
      "/usr/bin/nsenter", ["--target", "\(holder.process)", "--net", "--", program] + arguments,
      in: folder, environment: environment)
  }
}

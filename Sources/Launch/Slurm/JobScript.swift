internal import Platform

/// What a job runs: one worker, in the place of its shell, so that the scheduler's signals reach it.
package struct JobScript: Sendable {
  /// The program on the nodes.
  package var binary: String
  /// Of `vaesweep worker`.
  package var arguments: [String]
  /// What lets the worker in; it stands in the script alone, which sbatch reads from a pipe.
  package var invitation: String?

  package init(binary: String, arguments: [String], invitation: String? = nil) {
    self.binary = binary
    self.arguments = arguments
    self.invitation = invitation
  }

  package var text: String {
    let program = ShellWord.quoted(binary)
    var lines = [
      "#!/bin/sh",
      "# Made by 'vaesweep launch slurm'.",
      "if [ ! -x \(program) ]; then",
      "  echo \"there is no program \"\(program)\" on $(hostname): put it where every node finds it, "
        + "and name it with --binary\" >&2",
      "  exit 127",
      "fi",
    ]
    if let invitation {
      lines.append("VAESWEEP_JOIN=\(ShellWord.quoted(invitation))")
      lines.append("export VAESWEEP_JOIN")
    }
    let words = ([binary, "worker"] + arguments).map(ShellWord.quoted)
    lines.append("exec \(words.joined(separator: " ")) </dev/null")
    return lines.joined(separator: "\n") + "\n"
  }
}

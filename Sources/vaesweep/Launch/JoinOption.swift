import Foundation
import Keyring
import Logging
import Platform

/// Reads the invitation that a worker was given.
///
/// It is a secret: no error repeats it, and neither other users nor this worker's trainers see it for
/// longer than need be.
enum JoinOption {
  static let variable = "VAESWEEP_JOIN"
  private static let longest = 4096

  /// - Parameters:
  ///   - option: As given with `--join`: the invitation, `@` and the file that holds it, or `@-` for
  ///     the first line of standard input.
  ///   - isAddressed: Whether an endpoint was given: then the variable is not asked.
  /// - Returns: nil where there is none.
  static func read(_ option: String?, isAddressed: Bool, _ logger: Logger) throws(CommandError)
    -> Invitation?
  {
    let variable = ProcessInfo.processInfo.environment[Self.variable]
    // Trainers inherit the environment.
    unsetenv(Self.variable)
    if let option {
      guard option.hasPrefix("@") else {
        defer { ProcessArguments.hide(option) }
        return try parse(option, "--join")
      }
      let path = String(option.dropFirst())
      if path == "-" { return try parse(lineOfInput(), "--join \(option)") }
      let file = try SecretFile(path, option: "--join", holding: "invitation")
      let invitation = try parse(file.text, "--join \(option)")
      file.warnIfOpen(logger)
      return invitation
    }
    guard !isAddressed, let variable, !variable.isEmpty else { return nil }
    return try parse(variable, "$\(Self.variable)")
  }

  /// The first line of standard input; what follows it stays unread.
  private static func lineOfInput() -> String {
    var line: [UInt8] = []
    while line.count < longest, let byte = nextByteOfInput(), byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  private static func parse(_ text: String, _ source: String) throws(CommandError) -> Invitation {
    do throws(KeyringError) {
      return try Invitation(parsing: text)
    } catch {
      throw .badInput("\(source): \(error)")
    }
  }
}

/// nil at the end.
private func nextByteOfInput() -> UInt8? {
  var byte: UInt8 = 0
  return (try? systemCall { read(STDIN_FILENO, &byte, 1) }) == 1 ? byte : nil
}

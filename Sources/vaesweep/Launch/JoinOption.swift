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
      let invitation = try parse(try content(of: path), "--join \(option)")
      if let status = FileStatus(path), status.kind == .file, status.mode & 0o077 != 0,
        !isCredential(path)
      {
        let mend = "chmod 600 \(ShellWord.quoted(path))"
        logger.warning("other users can read the invitation in \(path): \(mend)")
      }
      return invitation
    }
    guard !isAddressed, let variable, !variable.isEmpty else { return nil }
    return try parse(variable, "$\(Self.variable)")
  }

  /// Whether systemd has put it there for this service alone (`LoadCredential=`): the access list by
  /// which it does so shows as a right of the file's group.
  private static func isCredential(_ path: String) -> Bool {
    guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"],
      !folder.isEmpty
    else { return false }
    return path.hasPrefix("\(folder)/")
  }

  private static func content(of path: String) throws(CommandError) -> String {
    let found: [UInt8]?
    do throws(SystemError) {
      found = try readFile(path, atMost: longest)
    } catch {
      throw .badInput("--join: \(error)")
    }
    guard let bytes = found else {
      throw .badInput("--join: \(path) is larger than an invitation can be")
    }
    return String(decoding: bytes, as: UTF8.self)
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

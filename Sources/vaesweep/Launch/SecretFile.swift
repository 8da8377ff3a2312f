import Foundation
import Logging
import Platform

/// A file that holds a secret in place of an option's value, as `@FILE` names it.
struct SecretFile {
  private static let longest = 4096

  let text: String
  private let path: String
  private let secret: String

  /// - Parameters:
  ///   - option: Which names it, for errors.
  ///   - secret: What it holds, such as `invitation`.
  init(_ path: String, option: String, holding secret: String) throws(CommandError) {
    let found: [UInt8]?
    do throws(SystemError) {
      found = try readFile(path, atMost: Self.longest)
    } catch {
      throw .badInput("\(option): \(error)")
    }
    guard let found else {
      throw .badInput("\(option): \(path) is larger than a file with the \(secret) can be")
    }
    text = String(decoding: found, as: UTF8.self)
    self.path = path
    self.secret = secret
  }

  /// Says so where others may read it too.
  func warnIfOpen(_ logger: Logger) {
    guard let status = FileStatus(path), status.kind == .file, status.mode & 0o077 != 0,
      !isCredential
    else { return }
    let mend = "chmod 600 \(ShellWord.quoted(path))"
    logger.warning("other users can read the \(secret) in \(path): \(mend)")
  }

  /// Whether systemd has put it there for this service alone (`LoadCredential=`): the access list by
  /// which it does so shows as a right of the file's group.
  private var isCredential: Bool {
    guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"],
      !folder.isEmpty
    else { return false }
    return path.hasPrefix("\(folder)/")
  }
}

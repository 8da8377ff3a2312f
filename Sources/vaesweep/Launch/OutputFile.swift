import Foundation
import Platform

/// A file that a command writes at its end: what stands in the way is said before the work.
struct OutputFile {
  /// Where a symbolic link leads: the link stays.
  let path: String
  private let option: String

  /// - Parameter option: The option that names it, for the errors.
  /// - Throws: Bad input where no file can be written there, or a store would be lost.
  init(_ path: String, option: String) throws(CommandError) {
    self.option = option
    self.path = Path.destination(of: path)
    try requireFree(path)
    do throws(SystemError) {
      // Removed again at once: that it can be made is the question.
      let trial = try PendingFile(in: Path.folder(of: self.path))
      _ = trial.path
    } catch {
      throw .badInput("\(option) \(path): \(error)")
    }
  }

  private func requireFree(_ shown: String) throws(CommandError) {
    let folder = Path.folder(of: path)
    guard FileStatus(folder)?.kind == .folder else {
      throw .badInput("\(option) \(shown): the folder \(folder) does not exist; make it first")
    }
    guard !Path.name(of: path).isEmpty else {
      throw .badInput("\(option) \(shown): it is a folder; name a file in it")
    }
    switch FileStatus(path)?.kind {
    case nil: break
    case .folder: throw .badInput("\(option) \(shown): it is a folder; name a file in it")
    case .symbolicLink, .other:
      throw .badInput("\(option) \(shown): it is a device or a pipe; name a file")
    case .file:
      if isSQLite {
        throw .badInput(
          "\(option) \(shown): it is an SQLite file, which may be a store; name another")
      }
    }
  }

  /// The first bytes of every SQLite file.
  private var isSQLite: Bool {
    let mark = Data("SQLite format 3".utf8)
    return FileHandle(forReadingAtPath: path)?.readData(ofLength: mark.count) == mark
  }

  func write(_ bytes: [UInt8]) throws(CommandError) {
    do throws(SystemError) {
      try DurableFile.replace(path, with: bytes)
    } catch {
      throw .failure("\(option): \(error)")
    }
  }
}
